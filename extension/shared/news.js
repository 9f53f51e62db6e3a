// SPDX-License-Identifier: Apache-2.0

// How it stands with the list, in words: for the options and the popup.

import { ask } from './api.js';

/** @typedef {import('./messages.js').ReleaseStatus} ReleaseStatus */
/** @typedef {import('./messages.js').ListStatus} ListStatus */
/** @typedef {import('./words.js').Say} Say */

const DAY = 86400e3;

/** @param {number} from milliseconds */
function ago(from) {
  const ms = from - Date.now(), format = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: 'auto' });
  if (Math.abs(ms) >= DAY) return format.format(Math.round(ms / DAY), 'day');
  if (Math.abs(ms) >= 3600e3) return format.format(Math.round(ms / 3600e3), 'hour');
  return format.format(Math.round(ms / 60e3), 'minute');
}

/** Name, version and age of the list that marks. @param {Say} say @param {ListStatus} l */
export function listLine(say, l) {
  const { lang } = document.documentElement, created = Date.parse(l.created); // a day: midnight in UTC
  const days = Math.min(0, Math.round((created - Date.now()) / DAY));
  const age = new Intl.RelativeTimeFormat(lang, { numeric: 'auto' }).format(days, 'day');
  // Written out: digits and hyphens would be turned round among words from right to left.
  const day = new Intl.DateTimeFormat(lang, { dateStyle: 'medium', timeZone: 'UTC' }).format(created);
  return `${say('list_line', l.name, l.version, `${day} (${age})`)}${l.old ? ` ${say('list_old')}` : ''}`;
}

/** What came of the last look. @param {Say} say @param {ReleaseStatus} s */
export function outcome(say, s) {
  if (s.off === 'keys') return say('news_off_keys');
  if (s.off === 'server') return say('news_off_server');
  if (s.off === 'consent') return say('news_off_consent');
  if (s.off === 'permission') return say('news_off_permission', new URL(s.server).host);
  if (s.outcome === 'updated') return say('news_updated');
  if (s.outcome === 'up to date') return say('news_current');
  return s.outcome ? say('news_kept', s.refusal) : '';
}

/** What a person should know besides. @param {Say} say @param {ReleaseStatus} s @returns {string[]} */
export function warnings(say, s) {
  const r = s.release;
  if (!r || s.off) return [];
  return [
    r.recovering && say('news_recovering'), r.clockSlow && say('news_clock'), r.staleList && say('news_stale_list'), r.staleRoot && say('news_stale_root'),
    r.staleHead && !r.clockSlow && s.lookedAt && say('news_stale_head'),
  ].filter((x) => typeof x === 'string' && x !== '').map(String);
}

/** When it was looked, and will be. @param {Say} say @param {ReleaseStatus} s */
export function times(say, s) {
  if (s.off) return '';
  return [s.lookedAt ? say('news_last', ago(s.lookedAt)) : '', s.nextAt ? say('news_next', ago(s.nextAt)) : ''].filter(Boolean).join(' ');
}

/**
 * A button that looks now, and an element that says what came of it.
 * more: where times go; null leaves them out, and says nothing of a build that never asks.
 * @param {{ button: HTMLButtonElement, told: HTMLElement, more: HTMLElement | null, say: Say, then: () => unknown }} where
 * @returns {{ draw: () => Promise<ReleaseStatus> }}
 */
export function news({ button, told, more, say, then }) {
  /** @param {ReleaseStatus} s */
  const show = (s) => {
    told.textContent = more || s.off !== 'keys' ? [outcome(say, s), ...warnings(say, s)].filter(Boolean).join(' ') : '';
    if (more) more.textContent = times(say, s);
    button.hidden = s.off !== '';
    return s;
  };
  button.addEventListener('click', async () => {
    button.disabled = true;
    told.textContent = say('news_looking');
    try {
      show(await ask('update', {}));
      await then();
    } finally {
      button.disabled = false;
    }
  });
  return { draw: async () => show(await ask('release', {})) };
}
