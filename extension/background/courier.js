// SPDX-License-Identifier: Apache-2.0

/**
 * The host's side of the courier module, which decides what list to believe:
 * it says what it wants, and is brought that or told that it cannot be had. It
 * hashes all that it is given by itself, so that no mistake made here can make a
 * wrong list pass. Package release has the rules, wasm/wire/courier.go the bytes,
 * wasm/README.md the ABI.
 *
 * The module is started for one errand and dropped after. A Courier that threw
 * a ModuleError with status 'fault' is spent; nothing was stored by it.
 */

import { start } from './guest.js';
import * as wire from './wire.js';

/**
 * What the extension was shipped with, and what it has stored since.
 * @typedef {{ root: Uint8Array, release: Uint8Array, program: string, built: number, state: Uint8Array | null }} Packaging
 */

/** Why an object was refused; package release names objects and rules. @typedef {{ object: string, rule: string, sentence: string }} Refusal */

/**
 * Times are Unix seconds; pack is the SHA-256 of the pack in use.
 * @typedef {{ list: string, version: number, issued: number, pack: string, packaged: boolean, staleHead: boolean,
 *   staleList: boolean, staleRoot: boolean, clockSlow: boolean, age: number, lastHead: number,
 *   recovering: Refusal | null, intake: Uint8Array<ArrayBuffer> }} Status
 */

/**
 * A file of the tree: below its address, never longer than most; gzip is the
 * length of the same with ".gz" behind its name, or 0.
 * @typedef {{ object: string, path: string, most: number, gzip: number }} Want
 */

/**
 * What is to be stored, in one transaction or not at all; pack null: the one that was stored stays.
 * @typedef {{ state: Uint8Array<ArrayBuffer>, pack: Uint8Array<ArrayBuffer> | null }} Saved
 * @typedef {{ outcome: 'kept' | 'up to date' | 'updated', refusal: Refusal | null, whole: boolean,
 *   poll: number, saved: Saved | null, status: Status }} Result
 */

const CALLS = /** @type {const} */ (['open', 'status', 'begin', 'got', 'failed', 'result', 'prepare', 'intake', 'code', 'redact', 'compose', 'seal', 'work', 'wrap', 'unwrap']);
const OUTCOMES = /** @type {const} */ (['kept', 'up to date', 'updated']);
const NOTHING = 0, OBJECT = 1, STORED = 2;
const MAX_PACK = 16 << 20;

/** No honest update takes more steps: 32 roots and some. */
const MOST_STEPS = 64;

/**
 * Starts the module and opens it. State that is damaged is not an error: the
 * packaged list is in use, and the status says so.
 * @param {WebAssembly.Module | BufferSource} module
 * @param {Packaging} packaging
 */
export async function open(module, packaging) {
  const guest = await start(module, CALLS, { files: true });
  guest.send('open', new Writer()
    .blob(packaging.root).blob(packaging.release).str(packaging.program).time(packaging.built)
    .blob(packaging.state ?? new Uint8Array()).done());
  return new Courier(guest);
}

/** An opened module. Made by open(). */
export class Courier {
  #guest;

  /** @param {import('./guest.js').Guest} guest */
  constructor(guest) {
    this.#guest = guest;
  }

  /** How things stand. @param {number} now Unix seconds */
  status(now) {
    return this.ask('status', new Writer().time(now).done(), readStatus);
  }

  /**
   * Looks for a newer list.
   * @param {number} now Unix seconds
   * @param {Uint8Array | null} pack the one in use; null if it is lost
   * @param {(want: Want) => Promise<Uint8Array>} fetchFile throws where a file cannot be had within its bounds
   * @returns {Promise<Result>}
   */
  async update(now, pack, fetchFile) {
    let want = this.ask('begin', new Writer().time(now).bool(!pack).done(), readWant);
    for (let steps = 0; want.what !== NOTHING; steps++) {
      if (steps > MOST_STEPS) throw new wire.ModuleError('fault', 'the update does not end');
      let body = want.what === STORED ? pack : null;
      if (want.what === OBJECT) body = await fetchFile(want).catch(() => null);
      want = body && body.length <= want.most ? this.ask('got', body, readWant) : this.ask('failed', EMPTY, readWant);
    }
    return this.ask('result', EMPTY, readResult);
  }

  /**
   * Makes a pack ready for the scoring module. Throws where it cannot be used.
   * @param {Uint8Array} pack
   */
  prepare(pack) {
    return this.ask('prepare', pack, (r) => r.take(r.left));
  }

  /**
   * For whoever knows more of the module's calls: sealing.js.
   * @template T
   * @param {typeof CALLS[number]} name
   * @param {Uint8Array} request
   * @param {(r: wire.Reader) => T} read
   */
  ask(name, request, read) {
    const answer = this.#guest.send(name, request);
    return this.#guest.read(() => {
      const value = read(answer);
      answer.done();
      return value;
    });
  }
}

const EMPTY = new Uint8Array();

/** A request, put together value by value; wasm/wire has the names. */
export class Writer {
  /** @type {Uint8Array[]} */
  #parts = [new Uint8Array([wire.VERSION])];

  /** @param {Uint8Array} bytes */
  #add(bytes) {
    this.#parts.push(bytes);
    return this;
  }

  /** @param {Uint8Array} bytes */
  blob(bytes) {
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, bytes.length, true);
    return this.#add(length).#add(bytes);
  }

  /** @param {string} s */
  str(s) {
    const bytes = new TextEncoder().encode(s);
    return this.uv(bytes.length).#add(bytes);
  }

  /** @param {string} s */
  text(s) {
    return this.blob(new TextEncoder().encode(s));
  }

  /** @param {Uint8Array} bytes whose number both sides know */
  bytes(bytes) {
    return this.#add(bytes);
  }

  /** @param {number} v */
  u8(v) {
    return this.#add(new Uint8Array([v]));
  }

  /** @param {number} v */
  u16(v) {
    return this.u8(v & 0xff).u8(v >> 8);
  }

  /** @param {number} v */
  u32(v) {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, v, true);
    return this.#add(bytes);
  }

  /** @param {number} v below 2³² */
  uv(v) {
    const bytes = [];
    for (; v >= 0x80; v = Math.floor(v / 0x80)) bytes.push(v % 0x80 + 0x80);
    return this.#add(new Uint8Array([...bytes, v]));
  }

  /** @param {number} seconds */
  time(seconds) {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigInt64(0, BigInt(Math.trunc(seconds)), true);
    return this.#add(bytes);
  }

  /** @param {boolean} value */
  bool(value) {
    return this.#add(new Uint8Array([value ? 1 : 0]));
  }

  done() {
    const all = new Uint8Array(this.#parts.reduce((n, p) => n + p.length, 0));
    let at = 0;
    for (const part of this.#parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }
}

/** @returns {never} */
function malformed() {
  throw new wire.ModuleError('fault', 'malformed bytes from the courier module');
}

/** @param {wire.Reader} r */
function readWant(r) {
  const what = r.u8();
  if (what === NOTHING) return { what, object: '', path: '', most: 0, gzip: 0 };
  const want = { what, object: r.str(), path: r.str(), most: r.u32(), gzip: r.u32() };
  // A path that led elsewhere would tell the server something of us, if nothing worse.
  const sound = what === OBJECT ? /^v1\/[a-z0-9/]+$/.test(want.path) : what === STORED && want.path === '';
  return sound && want.most <= MAX_PACK && want.gzip <= want.most ? want : malformed();
}

/** @param {wire.Reader} r @returns {Result} */
function readResult(r) {
  const outcome = OUTCOMES[r.u8()] ?? malformed();
  const refusal = readRefusal(r), whole = r.bool(), poll = r.time(), kept = r.u8();
  const state = r.blob(), pack = r.blob(), status = readStatus(r);
  if (kept > 2 || (kept > 0) !== state.length > 0 || (kept === 2) !== pack.length > 0) malformed();
  return { outcome, refusal, whole, poll, status, saved: kept ? { state, pack: kept === 2 ? pack : null } : null };
}

/** @param {wire.Reader} r @returns {Refusal | null} */
function readRefusal(r) {
  return r.bool() ? { object: r.str(), rule: r.str(), sentence: r.str() } : null;
}

/** @param {wire.Reader} r @returns {Status} */
function readStatus(r) {
  const list = r.str(), version = r.uv(), issued = r.time(), pack = wire.hex(r.take(32)), flags = r.u8();
  const flag = (/** @type {number} */ i) => (flags & (1 << i)) !== 0;
  return {
    list, version, issued, pack, packaged: flag(0), staleHead: flag(1), staleList: flag(2), staleRoot: flag(3), clockSlow: flag(4),
    age: r.time(), lastHead: r.time(), recovering: readRefusal(r), intake: r.blob(),
  };
}
