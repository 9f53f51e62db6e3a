// SPDX-License-Identifier: Apache-2.0

/**
 * Where a newer list than the packaged one is kept: IndexedDB, in one store.
 *
 *   state   what the courier module wants to know again; trusted as the profile is
 *   pack    the pack in use, to apply the next delta to
 *   ready   the same as the scoring module loads it: bytes, their hash, and the
 *           version of the extension that made them
 *
 * All that belongs together is written in one transaction, so that whoever dies
 * leaves the old or the new. Whatever cannot be read, or is not what it was when
 * it was written, counts as absent: there is always the packaged list.
 */

import { hex } from './wire.js';

const NAME = 'lapwing', STORE = 'list';

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */
/** @typedef {{ bytes: Bytes, hash: string, program: string }} Ready */

/**
 * Runs one transaction.
 * @template T
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => () => T} f gives what is to be read off once all is done
 * @returns {Promise<T>}
 */
async function transaction(mode, f) {
  const db = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const t = db.transaction(STORE, mode, { durability: 'strict' });
      const result = f(t.objectStore(STORE));
      t.oncomplete = () => resolve(result());
      t.onabort = t.onerror = () => reject(t.error ?? new Error('the browser could not store the list'));
    });
  } finally {
    db.close();
  }
}

/** @returns {Promise<IDBDatabase>} */
function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error('the stored list is in use by another version'));
  });
}

/** What an update starts from. @returns {Promise<{ state: Bytes | null, pack: Bytes | null }>} */
export async function read() {
  try {
    return await transaction('readonly', (store) => {
      const state = store.get('state'), pack = store.get('pack');
      return () => ({ state: asBytes(state.result), pack: asBytes(pack.result) });
    });
  } catch {
    return { state: null, pack: null };
  }
}

/**
 * The list as the scoring module loads it, or null: where there is none, where
 * it is damaged, or where another version of the extension made it.
 * @param {string} program this version
 * @returns {Promise<Bytes | null>}
 */
export async function ready(program) {
  try {
    const kept = await transaction('readonly', (store) => {
      const request = store.get('ready');
      return () => /** @type {Partial<Ready> | undefined} */ (request.result);
    });
    const bytes = asBytes(kept?.bytes);
    return bytes && kept?.program === program && kept.hash === await digest(bytes) ? bytes : null;
  } catch {
    return null;
  }
}

/**
 * Stores what came out of an update. list null: the packaged one is in use, and
 * nothing else is kept; undefined: what is kept stays.
 * @param {Bytes} state
 * @param {{ pack: Bytes, ready: Bytes, program: string } | null | undefined} list
 */
export async function write(state, list) {
  /** @type {Ready | null} */
  const made = list ? { bytes: list.ready, hash: await digest(list.ready), program: list.program } : null;
  await transaction('readwrite', (store) => {
    store.put(state, 'state');
    if (list) {
      store.put(list.pack, 'pack');
      store.put(made, 'ready');
    } else if (list === null) {
      store.delete('pack');
      store.delete('ready');
    }
    return () => undefined;
  });
}

/** Forgets a list that cannot be used; the next update brings it back. */
export async function drop() {
  await transaction('readwrite', (store) => {
    store.delete('pack');
    store.delete('ready');
    return () => undefined;
  }).catch(() => {});
}

/** Forgets everything. @returns {Promise<void>} */
export function erase() {
  return new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(NAME);
    request.onsuccess = request.onerror = request.onblocked = () => resolve();
  });
}

/** @param {unknown} value @returns {Bytes | null} */
const asBytes = (value) => (value instanceof Uint8Array && value.length ? /** @type {Bytes} */ (value) : null);

/** @param {Bytes} bytes */
export const digest = async (bytes) => hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
