// SPDX-License-Identifier: Apache-2.0

// Runs in the page that browser.js opens, and leaves the lines where it finds them.

import { verdictLines } from './run.js';

/** @param {string} path */
async function get(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response;
}

/** @type {{ lines?: string, error?: string }} */
let result;
try {
  const [module, pack, listings] = await Promise.all([get('/module'), get('/pack'), get('/listings')]);
  const lines = await verdictLines(await module.arrayBuffer(), new Uint8Array(await pack.arrayBuffer()), await listings.text());
  result = { lines };
} catch (error) {
  result = { error: String(error) };
}
Object.assign(globalThis, { result });
