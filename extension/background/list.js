// SPDX-License-Identifier: Apache-2.0

// The list in use, loaded into the scoring module: started when the first
// listing comes, thrown away and started anew when it broke. A newer list is
// what update.js has kept; the list that was packaged with the extension is the
// floor: there is always one that works.

import { api } from '../shared/api.js';
import * as kept from './kept.js';
import { load } from './scorer.js';

/** @typedef {import('./scorer.js').Scorer} Scorer */
/** @typedef {import('../shared/messages.js').ListStatus} ListStatus */
/** @typedef {import('../shared/messages.js').Adapter} Adapter */
/** @typedef {import('../shared/messages.js').Help} Help */

const MODULE = 'lib/score.wasm', PACK = 'lib/list.ready';

/** A list, or a help line's number, that nobody has looked at for so long is called old. */
const OLD_DAYS = 120;

/** The one instance of this worker. @type {Promise<Scorer> | null} */
let starting = null;

/** Why there is no list, for people; '' while all is well. */
let problem = '';

export const problemOfList = () => problem;

/** @returns {Promise<Scorer>} */
export function scorer() {
  starting ??= start();
  return starting;
}

async function start() {
  try {
    const [module, newer] = await Promise.all([compile(), kept.ready(api.runtime.getManifest().version)]);
    const made = await loaded(module, newer);
    problem = '';
    return made;
  } catch (error) {
    starting = null;
    problem = error instanceof Error ? error.message : String(error);
    throw error;
  }
}

/**
 * @param {WebAssembly.Module} module
 * @param {Uint8Array | null} newer than the packaged list
 */
async function loaded(module, newer) {
  if (newer) {
    try {
      return await load(module, newer);
    } catch {
      await kept.drop(); // the next update brings it back
    }
  }
  return load(module, await packaged());
}

/** Another list is in use: whoever needs one next, loads it. */
export function forget() {
  starting = null;
}

async function compile() {
  return WebAssembly.compileStreaming(await fetch(api.runtime.getURL(MODULE)));
}

async function packaged() {
  const answer = await fetch(api.runtime.getURL(PACK));
  return new Uint8Array(await answer.arrayBuffer());
}

/**
 * Runs something with the scorer; if its instance broke, once more with a new one.
 * @template T
 * @param {(s: Scorer) => T} f
 * @returns {Promise<T>}
 */
export async function withScorer(f) {
  try {
    return f(await scorer());
  } catch (error) {
    if (/** @type {{status?: string}} */ (error)?.status !== 'fault') throw error;
    starting = null;
    return f(await scorer());
  }
}

/** @param {string} day as 2026-11-23 @param {number} now */
const isOld = (day, now) => now - Date.parse(day) > OLD_DAYS * 86400e3;

/** @returns {Promise<ListStatus>} */
export async function status() {
  return withScorer(({ catalog: c }) => ({
    name: c.name, version: c.version, created: c.created, indicators: c.indicators.length, old: isOld(c.created, Date.now()),
  }));
}

/** The adapters that could be meant by a host name. @param {string} host @returns {Promise<Adapter[]>} */
export async function adaptersFor(host) {
  const all = await documents('adapter/');
  const adapters = [...all.values()].map((text) => /** @type {Adapter} */ (JSON.parse(text)));
  return adapters.filter((a) => a.hosts.some((h) => host === h || host.endsWith('.' + h)));
}

/** @param {string} prefix @returns {Promise<Map<string, string>>} */
async function documents(prefix) {
  return withScorer((s) => s.documents(prefix));
}

/** Texts of the list in a language, over the English ones. @param {string} lang @returns {Promise<(key: string) => string>} */
export async function texts(lang) {
  const [own, english] = await withScorer((s) => [s.texts(lang), s.texts('en')]);
  return (key) => own.get(key) ?? english.get(key) ?? '';
}

/** Countries that have a help line of their own, or at least an emergency number. */
export async function countries() {
  const all = await documents('helpline/');
  return [...all.values()].map((text) => JSON.parse(text).country).filter((c) => /^[A-Z]{2}$/.test(c)).sort();
}

/** The help for a country, or the world's directory. @param {string} country @returns {Promise<Help>} */
export async function help(country) {
  const all = await documents('helpline/');
  const text = all.get(`helpline/${country.toLowerCase()}`) ?? all.get('helpline/world');
  const found = text ? JSON.parse(text) : {};
  const lines = Array.isArray(found.lines) ? found.lines : [];
  return {
    country: found.country ?? '', emergency: found.emergency ?? '', lines,
    directory: found.directory ?? { name: 'Global Modern Slavery Directory', web: 'https://globalmodernslavery.org' },
    old: lines.some((/** @type {{checked?: string}} */ l) => l.checked && isOld(l.checked, Date.now())),
  };
}
