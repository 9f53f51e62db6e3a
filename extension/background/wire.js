// SPDX-License-Identifier: Apache-2.0

/**
 * What crosses the boundary of the scoring module, byte by byte. The package
 * comment of wasm/wire is the specification; this is the host's half of it in
 * JavaScript, with the same names. Nothing that a module answers is believed
 * before it is checked.
 */

/** @typedef {import('./scorer.js').Listing} Listing */
/** @typedef {import('./scorer.js').Verdict} Verdict */
/** @typedef {import('./scorer.js').Reason} Reason */
/** @typedef {import('./scorer.js').Catalog} Catalog */
/** @typedef {import('./scorer.js').Indicator} Indicator */

export const VERSION = 1;
export const MAX_REQUEST = 16 << 20;
export const MAX_BUFFER = 64 << 20;
export const MAX_ANSWER = 64 << 20;

export const QUERY_CATALOG = 1, QUERY_TEXTS = 2, QUERY_DOCUMENTS = 3;

const STATUS_NAMES = ['ok', 'bad request', 'no pack', 'pack refused', 'fault'];
const MAX_SENTENCE = 500;
const MAX_SCORE = 10000;

/** What a listing takes when all its texts are empty: kind, language, seven texts. */
const LEAST_LISTING = 1 + 4 + 4 * 7;
const REQUEST_OVERHEAD = 6;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The module answered with an error, or with bytes that cannot be an answer, or it died. */
export class ModuleError extends Error {
  /**
   * @param {string} status one of STATUS_NAMES; after 'fault' the instance is of no more use
   * @param {string} sentence
   */
  constructor(status, sentence) {
    super(`${status}: ${sentence}`);
    this.name = 'ModuleError';
    this.status = status;
  }
}

/** @returns {never} */
function malformed() {
  throw new ModuleError('fault', 'malformed bytes from the other side of the module boundary');
}

/**
 * At most as many bytes as a listing takes in a request: a UTF-16 unit never
 * takes more than three.
 * @param {Listing} listing
 * @param {string[]} fields
 */
export function listingSize(listing, fields) {
  let units = text(listing, 'lang').length;
  for (const field of fields) units += text(listing, field).length;
  return LEAST_LISTING + 3 * units;
}

/**
 * A listing's field; anything but a text is unknown.
 * @param {Listing} listing
 * @param {string} field
 * @returns {string}
 */
export function text(listing, field) {
  const value = /** @type {any} */ (listing)[field];
  return typeof value === 'string' ? value : '';
}

/**
 * Writes a score request to the beginning of `room` and gives its length.
 * @param {Uint8Array} room with REQUEST_OVERHEAD and each listing's listingSize to spare
 * @param {Listing[]} listings
 * @param {Catalog} catalog
 */
export function writeListings(room, listings, catalog) {
  const view = new DataView(room.buffer, room.byteOffset, room.byteLength);
  let at = writeUv(room, 1, listings.length);
  room[0] = VERSION;
  const writeText = (/** @type {string} */ s) => {
    const { written } = encoder.encodeInto(s, room.subarray(at + 4));
    view.setUint32(at, written, true);
    at += 4 + written;
  };
  for (const listing of listings) {
    room[at++] = Math.max(0, catalog.kinds.indexOf(text(listing, 'kind')));
    writeText(text(listing, 'lang'));
    for (const field of catalog.fields) writeText(text(listing, field));
  }
  return at;
}

/**
 * The room that a request of so many bytes of listings needs.
 * @param {number} size
 */
export function requestRoom(size) {
  return size + REQUEST_OVERHEAD;
}

/**
 * @param {number} what
 * @param {string} argument
 */
export function encodeQuery(what, argument) {
  const bytes = encoder.encode(argument);
  const request = new Uint8Array(2 + 5 + bytes.length);
  request.set([VERSION, what]);
  const at = writeUv(request, 2, bytes.length);
  request.set(bytes, at);
  return request.subarray(0, at + bytes.length);
}

/**
 * @param {Uint8Array} room
 * @param {number} at
 * @param {number} value
 */
function writeUv(room, at, value) {
  for (; value >= 0x80; value >>>= 7) room[at++] = (value & 0x7f) | 0x80;
  room[at++] = value;
  return at;
}

/** @param {Uint8Array} bytes */
export const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');

/** Takes values off the front of an answer. */
export class Reader {
  #bytes;
  #at = 0;

  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.#bytes = bytes;
  }

  get left() {
    return this.#bytes.length - this.#at;
  }

  u8() {
    return this.left > 0 ? this.#bytes[this.#at++] : malformed();
  }

  u16() {
    return this.u8() | (this.u8() << 8);
  }

  uv() {
    let value = 0;
    for (let scale = 1; scale < 2 ** 35; scale *= 128) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        if (value >= 2 ** 32 || (byte === 0 && scale > 1)) break;
        return value;
      }
    }
    return malformed();
  }

  /**
   * The number of elements that follow, each of at least `least` bytes.
   * @param {number} least
   */
  count(least) {
    const n = this.uv();
    return n * least <= this.left ? n : malformed();
  }

  u32() {
    return this.u16() + this.u16() * 0x10000;
  }

  /** Unix seconds, or so many seconds; beyond 2^53 there is no time. */
  time() {
    const low = this.u32(), high = this.u32() | 0;
    const value = high * 2 ** 32 + low;
    return Number.isSafeInteger(value) ? value : malformed();
  }

  bool() {
    const value = this.u8();
    return value < 2 ? value === 1 : malformed();
  }

  /** @param {number} length @returns {Uint8Array<ArrayBuffer>} a copy */
  take(length) {
    if (length > this.left) malformed();
    this.#at += length;
    return this.#bytes.slice(this.#at - length, this.#at);
  }

  /** Bytes with their length before them, as a copy. */
  blob() {
    return this.take(this.u32());
  }

  str() {
    const length = this.count(1);
    this.#at += length;
    return decoder.decode(this.#bytes.subarray(this.#at - length, this.#at));
  }

  /** @returns {string[]} */
  strs() {
    return Array.from({ length: this.count(1) }, () => this.str());
  }

  done() {
    if (this.left > 0) malformed();
  }
}

/**
 * Gives what stands in a whole answer after its length, or throws the error
 * that it is.
 * @param {Uint8Array} answer
 */
export function openAnswer(answer) {
  const r = new Reader(answer);
  const version = r.u8();
  if (version !== VERSION) throw new ModuleError('fault', 'the module speaks another version');
  const status = r.u8();
  if (status === 0) return r;
  const sentence = r.str();
  r.done();
  throw new ModuleError(STATUS_NAMES[status] ?? malformed(), sentence.slice(0, MAX_SENTENCE));
}

/**
 * @param {Reader} r the answer to a score request of these listings
 * @param {Listing[]} listings
 * @param {Catalog} catalog
 * @returns {Verdict[]}
 */
export function readVerdicts(r, listings, catalog) {
  if (r.count(4) !== listings.length) malformed();
  const verdicts = listings.map((listing) => readVerdict(r, listing, catalog));
  r.done();
  return verdicts;
}

/**
 * @param {Reader} r
 * @param {Listing} listing
 * @param {Catalog} catalog
 * @returns {Verdict}
 */
function readVerdict(r, listing, catalog) {
  const level = catalog.levels[r.u8()] ?? malformed();
  const hundredths = r.u16();
  const n = r.count(3);
  if (hundredths > MAX_SCORE || n > catalog.indicators.length + 1) malformed();
  /** @type {Reason[]} */
  const reasons = [];
  for (let i = 0; i < n; i++) {
    const number = r.uv();
    const meaning = number === 0 ? catalog.hint : catalog.indicators[number - 1] ?? malformed();
    const points = r.u8();
    const spans = Array.from({ length: r.count(3) }, () => {
      const field = catalog.fields[r.u8()] ?? malformed();
      const start = r.uv(), end = start + r.uv();
      // A field has at most as many code points as UTF-16 units.
      if (end > text(listing, field).length) malformed();
      return { field, start, end };
    });
    const { id, dimension, strength } = meaning;
    reasons.push({ indicator: id, dimension, strength, points, spans });
  }
  return { level, score: hundredths / 100, reasons };
}

/**
 * @param {Reader} r the answer to QUERY_CATALOG
 * @returns {Catalog}
 */
export function readCatalog(r) {
  const name = r.str(), version = r.uv(), created = r.str(), n = r.uv(), list = r.str();
  const kinds = r.strs(), fields = r.strs(), levels = r.strs();
  const dimensions = r.strs(), strengths = r.strs();
  const named = () => ({
    id: r.str(),
    dimension: dimensions[r.u8()] ?? malformed(),
    strength: strengths[r.u8()] ?? malformed(),
  });
  const hint = { ...named(), weight: 0, test: false, kinds: [], expires: '', sources: [] };
  const languages = r.strs();
  if (n * 8 > r.left || kinds.length > 16 || fields.length !== 7) malformed();
  const indicators = Array.from({ length: n }, () => {
    const what = named();
    const weight = r.u8(), test = r.u8() === 0, bits = r.uv();
    return {
      ...what, weight, test,
      kinds: kinds.filter((_, kind) => bits & (1 << kind)),
      expires: r.str(), sources: r.strs(),
    };
  });
  r.done();
  return { name, version, created, list, kinds, fields, levels, languages, hint, indicators };
}

/**
 * @param {Reader} r the answer to QUERY_TEXTS or QUERY_DOCUMENTS
 * @returns {Map<string, string>}
 */
export function readPairs(r) {
  const pairs = new Map();
  for (let n = r.count(2); n > 0; n--) pairs.set(r.str(), r.str());
  r.done();
  return pairs;
}
