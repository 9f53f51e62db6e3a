// SPDX-License-Identifier: Apache-2.0

// What the extension keeps, and where. The worker may die at any time: settings
// are read back from the browser's short-lived store, then the lasting one, then
// the defaults, and an organisation's policy goes over all of them.
//
//   local    settings, muted, salt, history (if switched on): trusted, ours
//   session  a copy of the settings, counts per tab and frame: gone with the browser
//   managed  policy: trusted, read only
//
// No text of a listing is ever in any of them.

import { api } from '../shared/api.js';
import { DEFAULTS, MANAGED, sound } from '../shared/settings.js';

/** @typedef {import('../shared/messages.js').Settings} Settings */
/** @typedef {import('../shared/messages.js').Count} Count */
/** @typedef {import('../shared/messages.js').HistoryEntry} HistoryEntry */

const MOST_HISTORY = 1000;

/** Which settings policy has fixed. @type {string[]} */
let managed = [];

/** @type {Settings} Only ever swapped, by load() and change(). */
let current = DEFAULTS;

export const settings = () => current;
export const managedKeys = () => managed;

/** Reads what was kept; the worker's `ready` waits for it. */
export async function load() {
  const [{ settings: short }, policy] = await Promise.all([
    api.storage.session.get('settings'),
    fromPolicy(),
  ]);
  const kept = short ?? (await api.storage.local.get('settings')).settings;
  managed = Object.keys(policy);
  current = { ...DEFAULTS, ...sound(kept), ...policy };
  if (!short) await api.storage.session.set({ settings: current });
}

/** @returns {Promise<Partial<Settings>>} */
async function fromPolicy() {
  try {
    const policy = sound(await api.storage.managed.get([...MANAGED]));
    return Object.fromEntries(Object.entries(policy).filter(([key]) => MANAGED.includes(/** @type {keyof Settings} */ (key))));
  } catch {
    return {}; // no policy, which Firefox calls an error
  }
}

/** @param {Partial<Settings>} changes */
export async function change(changes) {
  const allowed = Object.fromEntries(Object.entries(sound(changes)).filter(([key]) => !managed.includes(key)));
  current = { ...current, ...allowed };
  await Promise.all([api.storage.local.set({ settings: current }), api.storage.session.set({ settings: current })]);
}

/** Forgets everything; the settings are the defaults again. */
export async function erase() {
  await Promise.all([api.storage.local.clear(), api.storage.session.clear()]);
  salt = null;
  await load();
}

/** @type {string | null} */
let salt = null;

/** Makes hashes of this profile differ from everybody else's. */
async function readSalt() {
  if (salt) return salt;
  const kept = (await api.storage.local.get('salt')).salt;
  salt = typeof kept === 'string' ? kept : hex(crypto.getRandomValues(new Uint8Array(16)));
  if (salt !== kept) await api.storage.local.set({ salt });
  return salt;
}

/** @param {Uint8Array} bytes */
const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');

/**
 * How a muted listing is remembered.
 * @param {import('../shared/messages.js').Listing} listing
 */
export async function listingKey(listing) {
  const what = listing.url || `${listing.title}\n${listing.body}`;
  const bytes = new TextEncoder().encode(`${await readSalt()}\n${what}`);
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes), 0, 12));
}

/** Where a tab's counts stand. @param {number} tab */
const tabKey = (tab) => `tab/${tab}`;

/** @param {number} tab @returns {Promise<Record<string, Count>>} by frame */
export async function counts(tab) {
  const key = tabKey(tab);
  return /** @type {Record<string, Count>} */ ((await api.storage.session.get(key))[key] ?? {});
}

/** Writes of counts come one after the other: frames report at the same time. */
let writing = Promise.resolve();

/** @param {number} tab @param {number} frame @param {Count} count */
export function setCount(tab, frame, count) {
  const next = writing.then(async () => {
    const all = frame === 0 && count.scanned === 0 ? {} : await counts(tab);
    all[frame] = count;
    await api.storage.session.set({ [tabKey(tab)]: all });
    return all;
  });
  writing = next.then(() => undefined, () => undefined);
  return next;
}

/** @param {number} tab */
export const forgetTab = (tab) => api.storage.session.remove(tabKey(tab));

/** @returns {Promise<HistoryEntry[]>} newest first */
export async function history() {
  return /** @type {HistoryEntry[]} */ ((await api.storage.local.get('history')).history ?? []);
}

/** Only where the volunteer switched it on. @param {HistoryEntry[]} entries */
export async function remember(entries) {
  if (!current.history || !entries.length) return;
  const old = await history();
  const known = new Set(entries.map((e) => e.url));
  const all = [...entries, ...old.filter((e) => !known.has(e.url))].slice(0, MOST_HISTORY);
  await api.storage.local.set({ history: all });
}

export const forgetHistory = () => api.storage.local.remove('history');
