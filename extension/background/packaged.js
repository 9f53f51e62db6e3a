// SPDX-License-Identifier: Apache-2.0

// What the extension was built with: files below lib/ that are no code.

import { api } from '../shared/api.js';

/** @param {string} name */
export async function file(name) {
  return new Uint8Array(await (await fetch(api.runtime.getURL(`lib/${name}`))).arrayBuffer());
}

/**
 * The release that the extension was built with; null where it was built without.
 * @returns {Promise<{ root: Uint8Array, release: Uint8Array, built: number, server: string } | null>}
 */
export async function packaged() {
  try {
    const { built, server } = JSON.parse(new TextDecoder().decode(await file('packaged.json')));
    return { root: await file('root'), release: await file('release'), built, server };
  } catch {
    return null;
  }
}
