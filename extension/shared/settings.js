// SPDX-License-Identifier: Apache-2.0

// What a volunteer can set, and what holds until then. An organisation may fix
// some of it by policy (managed.json says which).

/** @typedef {import('./messages.js').Settings} Settings */

/** @type {Settings} */
export const DEFAULTS = {
  consent: false, // nothing is read before the volunteer says yes
  lowProfile: false,
  threshold: 'notice',
  language: '', // the browser's
  country: '', // the browser's, for the help line
  history: false,
  pausedUntil: 0, // milliseconds since 1970
  server: '', // address of a list server; '' is the one that this build was made for
  mutedSites: [], // host names
  mutedIndicators: [],
  mutedListings: [], // salted hashes of addresses: nobody can read from them what was read
};

/** Languages of the interface; also the folders of _locales. */
export const LANGUAGES = ['en', 'es', 'fr', 'pt', 'ro', 'pl', 'ru', 'uk', 'ar', 'zh'];

/** What policy may fix. @type {(keyof Settings)[]} */
export const MANAGED = ['consent', 'lowProfile', 'threshold', 'language', 'country', 'history', 'server', 'mutedSites', 'mutedIndicators'];

const MOST = 5000; // entries of a muted list

/** @type {{[K in keyof Settings]: (v: unknown) => boolean}} */
const SOUND = {
  consent: isBoolean,
  lowProfile: isBoolean,
  threshold: (v) => v === 'notice' || v === 'elevated' || v === 'high',
  language: (v) => v === '' || LANGUAGES.includes(/** @type {string} */ (v)),
  country: (v) => typeof v === 'string' && /^([A-Z]{2})?$/.test(v),
  history: isBoolean,
  pausedUntil: (v) => Number.isFinite(v),
  server: isServer,
  mutedSites: isList,
  mutedIndicators: isList,
  mutedListings: isList,
};

/** @param {unknown} v */
function isBoolean(v) { return typeof v === 'boolean'; }

/** Encrypted, or on this machine; no name, password, query or fragment. @param {unknown} v */
function isServer(v) {
  if (v === '') return true;
  try {
    const { protocol, hostname, username, password, search, hash } = new URL(/** @type {string} */ (v));
    if (username || password || search || hash || typeof v !== 'string' || v.length > 300) return false;
    return protocol === 'https:' || protocol === 'http:' && hostname === '127.0.0.1';
  } catch {
    return false;
  }
}

/** @param {unknown} v */
function isList(v) { return Array.isArray(v) && v.length <= MOST && v.every((x) => typeof x === 'string' && x.length < 300); }

/**
 * What of a value from outside can be used.
 * @param {unknown} value
 * @returns {Partial<Settings>}
 */
export function sound(value) {
  /** @type {Record<string, unknown>} */
  const out = {};
  if (typeof value !== 'object' || value === null) return out;
  for (const [key, v] of Object.entries(value)) {
    if (Object.hasOwn(SOUND, key) && SOUND[/** @type {keyof Settings} */ (key)](v)) out[key] = v;
  }
  return out;
}
