// SPDX-License-Identifier: Apache-2.0

/**
 * Reports that somebody has begun: what was read of the page, the verdict on it,
 * and what was chosen so far. They stay on this device until they are sent or
 * discarded; one from a private window stays in memory, and no longer than the
 * browser.
 */

import { api } from '../shared/api.js';
import * as list from './list.js';

/** @typedef {import('../shared/messages.js').Draft} Draft */
/** @typedef {import('../shared/messages.js').Listing} Listing */
/** @typedef {import('../shared/messages.js').Verdict} Verdict */

const PREFIX = 'draft/';
const KEY = /^[0-9a-f]{32}$/;

/** More than that nobody finishes; the oldest go. */
const MOST = 20;

/**
 * Begins a report and opens its page.
 * @param {Listing} listing
 * @param {Draft['sort']} sort
 * @param {chrome.tabs.Tab | undefined} tab where it was read
 */
export async function begin(listing, sort, tab) {
  const key = Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, '0')).join('');
  const [verdict, name] = await list.withScorer((s) => /** @type {[Verdict, string]} */ ([s.score([listing])[0], s.list]));
  /** @type {Draft} */
  const draft = {
    key, begun: Date.now(), private: tab?.incognito === true, sort, listing, address: addressOf(listing.url) || addressOf(tab?.url ?? ''),
    verdict, list: name, degree: 'path', region: '', note: '', out: [], shown: [], cut: {}, now: false, trace: false,
  };
  await keep(draft);
  await api.tabs.create({ url: `${api.runtime.getURL('report/report.html')}#${key}`, ...(tab?.id === undefined || draft.private ? {} : { openerTabId: tab.id }) });
}

/** An address without name and password; '' for one that is none. @param {string} url */
function addressOf(url) {
  try {
    const u = new URL(url);
    u.username = u.password = '';
    return /^https?:$/.test(u.protocol) ? u.href : '';
  } catch {
    return '';
  }
}

/** Where a draft is kept. @param {{ private: boolean }} draft */
const area = (draft) => (draft.private ? api.storage.session : api.storage.local);

/** @param {Draft} draft */
export async function keep(draft) {
  if (!KEY.test(draft.key)) throw new Error('refused');
  await area(draft).set({ [PREFIX + draft.key]: draft });
  const all = await kept();
  await Promise.all(all.slice(MOST).map((d) => discard(d.key)));
}

/** @param {string} key @returns {Promise<Draft | null>} */
export async function read(key) {
  if (!KEY.test(key)) return null;
  const name = PREFIX + key;
  return /** @type {Draft} */ ((await api.storage.session.get(name))[name] ?? (await api.storage.local.get(name))[name]) ?? null;
}

/** @param {string} key */
export async function discard(key) {
  await Promise.all([api.storage.session.remove(PREFIX + key), api.storage.local.remove(PREFIX + key)]);
}

/** Those that are kept, newest first. @returns {Promise<Draft[]>} */
export async function kept() {
  const all = await api.storage.local.get(null);
  return Object.entries(all).filter(([name]) => name.startsWith(PREFIX)).map(([, d]) => /** @type {Draft} */ (d)).sort((a, b) => b.begun - a.begun);
}
