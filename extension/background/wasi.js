// SPDX-License-Identifier: Apache-2.0

/**
 * What a module gets from the browser: the ten functions of WASI preview 1 that
 * Go's runtime asks for, and nothing more. There is no file and no network behind
 * them, and of an environment what the runtime itself is told (ENVIRONMENT); a
 * module that imports anything else does not start.
 * The twin for wazero is wasm/host/wasi.go.
 *
 * After the module has been initialised its runtime asks for the time now and
 * then, and for nothing else. No verdict depends on what it is told.
 */

/**
 * Garbage is first collected at 16 MB instead of 4: a list takes less, so that a
 * cold start never waits for that, and scoring makes none.
 */
const ENVIRONMENT = new TextEncoder().encode('GOGC=400\0');

/** The functions' results, as WASI numbers them. */
const SUCCESS = 0, BADF = 8, FAULT = 21, INVAL = 28, NOTSUP = 58;

/**
 * Go's cryptography brings package os with it, which looks for open files when
 * it starts. There are none.
 */
const NO_FILES = {
  fd_close: () => BADF, fd_fdstat_get: () => BADF, fd_fdstat_set_flags: () => BADF, fd_read: () => BADF,
  fd_prestat_dir_name: () => BADF, fd_prestat_get: () => BADF,
};

/** How much of what a guest writes before it dies is kept for the error message. */
const MAX_LAST_WORDS = 2048;

/** crypto.getRandomValues fills no more at once. */
const RANDOM_AT_ONCE = 65536;

/** A guest called proc_exit: it is gone. */
export class GuestExit extends Error {
  /** @param {number} code */
  constructor(code) {
    super(`the module gave up with code ${code}`);
    this.code = code;
  }
}

/**
 * The host's side of one instance. Set `memory` to the instance's as soon as
 * there is one: until then every function that needs it fails.
 */
export class Wasi {
  /** @type {WebAssembly.Memory | null} */
  memory = null;

  /** What the guest wrote to its standard output and error: why it died. */
  lastWords = '';

  #files;

  /** @param {{ files?: boolean }} [options] files: answer those who ask for files, too, that there are none */
  constructor({ files = false } = {}) {
    this.#files = files;
  }

  /** @returns {WebAssembly.Imports} what WebAssembly.instantiate takes */
  get imports() {
    return {
      wasi_snapshot_preview1: {
        args_get: this.#guard((argv, text) => this.#arguments(argv, text)),
        args_sizes_get: this.#guard((count, size) => this.#pair(count, 1, size, 1)),
        clock_time_get: this.#guard((clock, _precision, at) => this.#clock(clock, at)),
        environ_get: this.#guard((list, text) => this.#environment(list, text)),
        environ_sizes_get: this.#guard((count, size) => this.#pair(count, 1, size, ENVIRONMENT.length)),
        fd_write: this.#guard((fd, list, count, written) => this.#write(fd, list, count, written)),
        poll_oneoff: this.#guard((asked, events, count, happened) => this.#poll(asked, events, count, happened)),
        proc_exit: (/** @type {number} */ code) => { throw new GuestExit(code); },
        random_get: this.#guard((at, length) => this.#random(at, length)),
        sched_yield: () => SUCCESS,
        ...(this.#files ? NO_FILES : {}),
      },
    };
  }

  /**
   * An address outside of memory is the guest's fault and answered as one.
   * @param {(...values: any[]) => number} f
   */
  #guard(f) {
    return (/** @type {any[]} */ ...values) => {
      try {
        return f(...values.map((v) => (typeof v === 'number' ? v >>> 0 : v)));
      } catch (error) {
        if (error instanceof RangeError) return FAULT;
        throw error;
      }
    };
  }

  get #view() {
    if (!this.memory) throw new RangeError('no memory yet');
    return new DataView(this.memory.buffer);
  }

  /**
   * @param {number} at
   * @param {number} length
   */
  #bytes(at, length) {
    const { buffer } = this.#view;
    return new Uint8Array(buffer, at, length);
  }

  /**
   * The runtime insists on one argument, the program's name: here an empty one.
   * @param {number} argv
   * @param {number} text
   */
  #arguments(argv, text) {
    this.#view.setUint32(argv, text, true);
    this.#view.setUint8(text, 0);
    return SUCCESS;
  }

  /**
   * @param {number} list
   * @param {number} text
   */
  #environment(list, text) {
    this.#view.setUint32(list, text, true);
    this.#bytes(text, ENVIRONMENT.length).set(ENVIRONMENT);
    return SUCCESS;
  }

  /**
   * @param {number} firstAt
   * @param {number} first
   * @param {number} secondAt
   * @param {number} second
   */
  #pair(firstAt, first, secondAt, second) {
    this.#view.setUint32(firstAt, first, true);
    this.#view.setUint32(secondAt, second, true);
    return SUCCESS;
  }

  /**
   * @param {number} clock 0 tells the time of day, 1 never goes back
   * @param {number} at
   */
  #clock(clock, at) {
    if (clock > 1) return INVAL;
    const ms = clock === 0 ? Date.now() : performance.now();
    this.#view.setBigUint64(at, BigInt(Math.round(ms * 1e6)), true);
    return SUCCESS;
  }

  /**
   * Keeps the beginning of what is written to standard output and error; there
   * is nowhere else to write to.
   * @param {number} fd
   * @param {number} list
   * @param {number} count
   * @param {number} written
   */
  #write(fd, list, count, written) {
    if (fd !== 1 && fd !== 2) return BADF;
    if (count > 1024) return INVAL;
    let total = 0;
    for (let i = 0; i < count; i++) {
      const at = this.#view.getUint32(list + 8 * i, true);
      const length = this.#view.getUint32(list + 8 * i + 4, true);
      const text = this.#bytes(at, length).subarray(0, MAX_LAST_WORDS - this.lastWords.length);
      this.lastWords += String.fromCharCode(...text);
      total += length;
    }
    this.#view.setUint32(written, total, true);
    return SUCCESS;
  }

  /**
   * Answers at once that the time waited for has come: a guest may not hold up
   * its host, and ours never waits. There is nothing else to wait for.
   * @param {number} asked
   * @param {number} events
   * @param {number} count
   * @param {number} happened
   */
  #poll(asked, events, count, happened) {
    if (count === 0 || count > 64) return INVAL;
    const view = this.#view;
    for (let i = 0; i < count; i++) {
      const from = asked + 48 * i, to = events + 32 * i;
      if (view.getUint8(from + 8) !== 0) return NOTSUP;
      view.setBigUint64(to, view.getBigUint64(from, true), true);
      for (let k = 8; k < 32; k += 8) view.setBigUint64(to + k, 0n, true);
    }
    view.setUint32(happened, count, true);
    return SUCCESS;
  }

  /**
   * @param {number} at
   * @param {number} length
   */
  #random(at, length) {
    const bytes = this.#bytes(at, length);
    for (let i = 0; i < length; i += RANDOM_AT_ONCE) {
      crypto.getRandomValues(bytes.subarray(i, i + RANDOM_AT_ONCE));
    }
    return SUCCESS;
  }
}
