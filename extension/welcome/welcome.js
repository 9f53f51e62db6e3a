// SPDX-License-Identifier: Apache-2.0

// Asks for consent: before the answer is yes, nothing is read anywhere.

import { ask } from '../shared/api.js';
import { speakOn } from '../shared/words.js';

/** @param {string} id @returns {HTMLElement} */
const $ = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

const { settings } = await ask('state', {});
const say = await speakOn(settings.language);
const lowProfile = /** @type {HTMLInputElement} */ ($('low-profile'));
lowProfile.checked = settings.lowProfile;

/** @param {boolean} consent */
async function answer(consent) {
  const state = await ask('set', { consent, lowProfile: lowProfile.checked });
  $('result').textContent = say(state.settings.consent ? 'welcome_is_on' : 'welcome_is_off');
  $('next').hidden = !state.settings.consent;
}

$('on').addEventListener('click', () => answer(true));
$('off').addEventListener('click', () => answer(false));
