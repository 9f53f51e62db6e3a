// SPDX-License-Identifier: Apache-2.0

// What there is of reports on this device: begun, waiting, given up, counted,
// and the codes that the reporter wanted kept.

import { ask } from '../shared/api.js';
import { grouped } from './sending.js';

/** @param {string} id @returns {HTMLElement} */
const $ = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @param {string} label @param {() => unknown} act */
function smallButton(label, act) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'small';
  button.textContent = label;
  button.addEventListener('click', () => act());
  return button;
}

/**
 * @param {import('../shared/words.js').Say} say
 * @param {(code: string) => Promise<void>} takeBack
 */
export async function drawOverview(say, takeBack) {
  const { outbox, drafts } = await ask('reports', {});
  const others = drafts.filter((d) => $('form').hidden || d.key !== location.hash.slice(1));
  const lost = outbox.late + outbox.refused;
  $('counts').textContent = [
    outbox.count ? say('report_count', outbox.count) : '', outbox.waiting ? say('report_waiting', outbox.waiting) : '',
    outbox.late ? say('report_late', outbox.late) : '', outbox.refused ? say('report_was_refused', outbox.refused) : '',
  ].filter((t) => t).join(' ');
  $('overview').hidden = !($('counts').textContent || others.length || outbox.kept.length);
  $('seen').hidden = !lost;
  $('seen').onclick = async () => {
    await ask('seenReports', {});
    await drawOverview(say, takeBack);
  };
  $('drafts').replaceChildren(...others.map((d) => {
    const link = document.createElement('a');
    link.href = `#${d.key}`;
    link.textContent = d.title || say('report_title');
    const item = document.createElement('li'), discard = smallButton(say('report_discard'), async () => {
      await ask('discardDraft', { key: d.key });
      await drawOverview(say, takeBack);
    });
    discard.dataset.discard = d.key;
    item.append(say('report_unfinished'), ' ', link, ' ', discard);
    return item;
  }));
  $('codes-title').hidden = !outbox.kept.length;
  $('codes').replaceChildren(...outbox.kept.map(({ day, code }) => {
    const item = document.createElement('li'), text = document.createElement('span');
    text.className = 'code';
    text.dir = 'ltr';
    text.textContent = grouped(code);
    item.append(`${day} `, text, ' ', smallButton(say('report_withdraw'), () => takeBack(code)));
    return item;
  }));
}
