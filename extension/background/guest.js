// SPDX-License-Identifier: Apache-2.0

/**
 * An instance of one of the two modules: the one buffer, the calls, and what a
 * guest may not do. scorer.js and courier.js say what the bytes mean;
 * wasm/README.md is the ABI, and wasm/host/guest.go the twin.
 */

import { Wasi } from './wasi.js';
import * as wire from './wire.js';

/**
 * @typedef {{ memory: WebAssembly.Memory, _initialize: () => void, abi_version: () => number,
 *   buffer: (size: number) => number, [call: string]: any }} Exports
 */

/** What both modules export. */
const BASICS = ['_initialize', 'abi_version', 'buffer'];

/**
 * Starts an instance.
 * @param {WebAssembly.Module | BufferSource} module
 * @param {readonly string[]} calls the module's other exports
 * @param {{ files?: boolean }} [options] what Wasi takes
 * @returns {Promise<Guest>}
 */
export async function start(module, calls, options) {
  const compiled = module instanceof WebAssembly.Module ? module : await WebAssembly.compile(module);
  const wasi = new Wasi(options);
  const instance = await WebAssembly.instantiate(compiled, wasi.imports);
  return new Guest(instance, wasi, calls);
}

/** One instance of a module, and what is known of its health. */
export class Guest {
  #exports;
  #wasi;
  /** Why the instance is of no more use, or ''. */
  #broken = '';

  /**
   * @param {WebAssembly.Instance} instance
   * @param {Wasi} wasi
   * @param {readonly string[]} calls
   */
  constructor(instance, wasi, calls) {
    const exports = /** @type {Exports} */ (/** @type {unknown} */ (instance.exports));
    for (const name of [...BASICS, ...calls]) {
      if (typeof exports[name] !== 'function') throw new wire.ModuleError('fault', `the module exports no ${name}`);
    }
    if (!(exports.memory instanceof WebAssembly.Memory)) throw new wire.ModuleError('fault', 'the module exports no memory');
    this.#exports = exports;
    this.#wasi = wasi;
    wasi.memory = exports.memory;
    const version = this.#guarded(() => { exports._initialize(); return exports.abi_version(); });
    if (version !== wire.VERSION) {
      throw new wire.ModuleError('fault', `the module speaks version ${version}, this host ${wire.VERSION}: update both`);
    }
  }

  /**
   * Makes a request and gives the answer's content, which must be read before the next call.
   * @param {string} name of an export
   * @param {number} size the most bytes that the request can take
   * @param {(room: Uint8Array) => number} write writes it and gives its length
   */
  call(name, size, write) {
    return this.#guarded(() => {
      const { memory, buffer } = this.#exports;
      const at = buffer(size) >>> 0;
      if (at === 0 || at + size > memory.buffer.byteLength) throw new wire.ModuleError('fault', `no buffer of ${size} bytes`);
      const length = write(new Uint8Array(memory.buffer, at, size));
      const answer = this.#exports[name](length) >>> 0;
      // The memory may have grown, and with it have another ArrayBuffer.
      const view = new DataView(memory.buffer);
      if (answer + 4 > view.byteLength) throw new wire.ModuleError('fault', 'an answer outside of memory');
      const rest = view.getUint32(answer, true);
      if (rest < 2 || rest > wire.MAX_ANSWER - 4 || answer + 4 + rest > view.byteLength) {
        throw new wire.ModuleError('fault', 'an answer of an impossible length');
      }
      return wire.openAnswer(new Uint8Array(memory.buffer, answer + 4, rest));
    });
  }

  /**
   * @param {string} name of an export
   * @param {Uint8Array} request
   */
  send(name, request) {
    return this.call(name, request.length, (room) => { room.set(request); return request.length; });
  }

  /**
   * Runs what touches the guest, and remembers if it broke.
   * @template T
   * @param {() => T} f
   * @returns {T}
   */
  #guarded(f) {
    if (this.#broken) throw new wire.ModuleError('fault', this.#broken);
    try {
      return f();
    } catch (error) {
      if (error instanceof wire.ModuleError && error.status !== 'fault') throw error;
      const why = error instanceof wire.ModuleError ? error.message.replace(/^fault: /, '') : String(error);
      this.#broken = [why, this.#wasi.lastWords].filter(Boolean).join(': ');
      throw new wire.ModuleError('fault', this.#broken);
    }
  }

  /**
   * What reads an answer's bytes: an answer that cannot be read is a fault too.
   * @template T
   * @param {() => T} f
   * @returns {T}
   */
  read(f) {
    return this.#guarded(f);
  }
}
