// SPDX-License-Identifier: Apache-2.0

/**
 * The host's side of the scoring module. It starts an instance with the ten
 * functions that the module may have, writes each request into the guest's one
 * buffer, calls the export, and reads the answer at the address that the export
 * gives, until the next call. It believes no byte of an answer before it has
 * checked it: a guest that breaks costs an error and its instance, and what it
 * said is not used. A verdict is a function of listing and pack alone, so the
 * twin of this file gives the same bytes: wasm/host/host.go has one for Go,
 * extension/background/scorer.js one for JavaScript. wasm/README.md is the ABI.
 *
 * Call `load` once per worker and per list; a Scorer that threw a ModuleError
 * with status 'fault' is spent, and `load` makes the next one.
 */

import { start } from './guest.js';
import * as wire from './wire.js';

export { ModuleError } from './wire.js';

/**
 * What one advert says, as in the JSONL of `lapwing score`. A field that is
 * absent is unknown, and unknown is never evidence.
 * @typedef {{ id?: any, kind?: string, lang?: string, title?: string, body?: string,
 *   company?: string, location?: string, pay?: string, contact?: string, url?: string }} Listing
 */

/**
 * A passage; start and end count code points, not UTF-16 units: see passage().
 * @typedef {{ field: string, start: number, end: number }} Span
 * @typedef {{ indicator: string, dimension: string, strength: string, points: number, spans: Span[] }} Reason
 * @typedef {{ level: string, score: number, reasons: Reason[] }} Verdict
 */

/**
 * What verdicts refer to. An indicator under test is matched and brings no points.
 * @typedef {{ id: string, dimension: string, strength: string, weight: number, test: boolean,
 *   kinds: string[], expires: string, sources: string[] }} Indicator
 * @typedef {{ name: string, version: number, created: string, list: string, kinds: string[], fields: string[],
 *   levels: string[], languages: string[], hint: Indicator, indicators: Indicator[] }} Catalog
 */

const CALLS = /** @type {const} */ (['load', 'score', 'query']);

/** Listings are sent in requests of about this many bytes, so that the guest's memory stays small. */
const REQUEST_SIZE = 256 << 10;

/**
 * Starts the module and loads a pack into it.
 * @param {WebAssembly.Module | BufferSource} module
 * @param {Uint8Array} list a list made ready (wasm/ready), from a pack that was verified
 * @returns {Promise<Scorer>}
 */
export async function load(module, list) {
  const guest = await start(module, CALLS);
  guest.call('load', list.length, (room) => { room.set(list); return list.length; });
  const query = wire.encodeQuery(wire.QUERY_CATALOG, '');
  const catalog = wire.readCatalog(guest.send('query', query));
  return new Scorer(guest, catalog, catalog.list);
}

/** A loaded list, ready to score. Made by load(). */
export class Scorer {
  #guest;

  /**
   * @param {import('./guest.js').Guest} guest
   * @param {Catalog} catalog
   * @param {string} list
   */
  constructor(guest, catalog, list) {
    this.#guest = guest;
    /** What verdicts refer to. */
    this.catalog = catalog;
    /** What verdicts call the list: name, version, and the beginning of the pack's hash. */
    this.list = list;
  }

  /**
   * @param {Listing[]} listings
   * @returns {Verdict[]} in the same order
   */
  score(listings) {
    /** @type {Verdict[]} */
    const verdicts = [];
    for (let from = 0; from < listings.length;) {
      let size = 0, to = from;
      for (; to < listings.length; to++) {
        const more = wire.listingSize(listings[to], this.catalog.fields);
        if (to > from && size + more > REQUEST_SIZE) break;
        size += more;
      }
      verdicts.push(...this.#scoreBatch(listings.slice(from, to), size));
      from = to;
    }
    return verdicts;
  }

  /**
   * @param {Listing[]} batch
   * @param {number} size
   */
  #scoreBatch(batch, size) {
    const room = wire.requestRoom(size);
    if (room > wire.MAX_BUFFER) throw new RangeError('a listing is longer than the module takes');
    const write = (/** @type {Uint8Array} */ bytes) => wire.writeListings(bytes, batch, this.catalog);
    const answer = this.#guest.call('score', room, write);
    return this.#guest.read(() => wire.readVerdicts(answer, batch, this.catalog));
  }

  /**
   * The list's texts in a language, by key; empty if it has none.
   * @param {string} lang
   */
  texts(lang) {
    return this.#pairs(wire.QUERY_TEXTS, lang);
  }

  /**
   * The JSON of the documents whose names begin with prefix, by name: 'adapter/', 'helpline/'.
   * @param {string} prefix
   */
  documents(prefix) {
    return this.#pairs(wire.QUERY_DOCUMENTS, prefix);
  }

  /**
   * @param {number} what
   * @param {string} argument
   */
  #pairs(what, argument) {
    const answer = this.#guest.send('query', wire.encodeQuery(what, argument));
    return this.#guest.read(() => wire.readPairs(answer));
  }

  /**
   * The verdict as a line of JSON, the same bytes as `lapwing score --engine wasm` writes.
   * @param {Listing} listing
   * @param {Verdict} verdict
   */
  verdictLine(listing, verdict) {
    const reasons = verdict.reasons.map(({ indicator, dimension, strength, points, spans }) => ({
      indicator, dimension, strength, points,
      spans: spans.map(({ field, start, end }) => ({
        field, start, end, text: passage(wire.text(listing, field), start, end),
      })),
    }));
    const { level, score } = verdict;
    return JSON.stringify({ id: listing.id ?? null, level, score, reasons, list: this.list, engine: 'wasm' });
  }
}

/** Half of a character that UTF-16 writes as two units. */
const SURROGATE = /[\ud800-\udfff]/;

/**
 * The characters from start to end, counted in code points. Half a character
 * without its other half cannot be written as UTF-8 and becomes U+FFFD.
 * @param {string} text
 * @param {number} start
 * @param {number} end
 */
export function passage(text, start, end) {
  const from = unitOffset(text, start);
  return text.slice(from, from + unitOffset(text.slice(from), end - start)).toWellFormed();
}

/**
 * Where in a JavaScript string its code point number n begins.
 * @param {string} text
 * @param {number} n
 */
export function unitOffset(text, n) {
  if (!SURROGATE.test(text)) return Math.min(n, text.length);
  let at = 0;
  for (; n > 0 && at < text.length; n--) at += /** @type {number} */ (text.codePointAt(at)) > 0xffff ? 2 : 1;
  return at;
}
