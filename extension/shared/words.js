// SPDX-License-Identifier: Apache-2.0

// The words of the interface. The browser has them in its own language; another
// one that the volunteer chose is read from the package.

import { api } from './api.js';

/** @typedef {(key: string, ...values: (string | number)[]) => string} Say */

const RTL = new Set(['ar', 'he', 'fa', 'ur']);

/** @param {string} lang @returns {'ltr' | 'rtl'} */
export const direction = (lang) => (RTL.has(lang.split(/[-_]/)[0]) ? 'rtl' : 'ltr');

/** @param {string} language '' for the browser's */
export const languageOf = (language) => language || api.i18n.getMessage('language') || 'en';

/** @param {string} language @returns {Promise<Record<string, string> | null>} */
export async function wordsOf(language) {
  if (!language || language === api.i18n.getMessage('language')) return null;
  const answer = await fetch(api.runtime.getURL(`_locales/${language}/messages.json`));
  /** @type {Record<string, {message: string}>} */
  const messages = await answer.json();
  return Object.fromEntries(Object.entries(messages).map(([key, { message }]) => [key, message]));
}

/** @param {Record<string, string> | null} words @returns {Say} */
export function speaker(words) {
  return (key, ...values) => {
    const text = words?.[key] ?? api.i18n.getMessage(key);
    return values.reduce((/** @type {string} */ s, v, i) => s.replaceAll(`{${i + 1}}`, String(v)), text || key);
  };
}

/**
 * Puts words where the markup of a page names them: data-say is an element's
 * text, data-say-label its accessible name.
 * @param {ParentNode} scope @param {Say} say
 */
export function fill(scope, say) {
  for (const el of scope.querySelectorAll('[data-say]')) el.textContent = say(/** @type {HTMLElement} */ (el).dataset.say ?? '');
  for (const el of scope.querySelectorAll('[data-say-label]')) el.setAttribute('aria-label', say(/** @type {HTMLElement} */ (el).dataset.sayLabel ?? ''));
}

/**
 * The words for a page of ours, which is then in that language.
 * @param {string} language of the settings
 * @returns {Promise<Say>}
 */
export async function speakOn(language) {
  const say = speaker(await wordsOf(language));
  const lang = languageOf(language);
  document.documentElement.lang = lang;
  document.documentElement.dir = direction(lang);
  fill(document, say);
  document.title = say(document.documentElement.dataset.title ?? 'name');
  return say;
}
