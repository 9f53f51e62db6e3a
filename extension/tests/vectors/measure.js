// SPDX-License-Identifier: Apache-2.0

// node measure.js MODULE LIST LISTINGS.jsonl [CALLS]: what the module costs in
// Node. Writes one JSON object: milliseconds from the bytes of the module to the
// first verdict, microseconds per call of one listing (median and 99th of a
// hundred), and bytes of memory before and after CALLS listings (200 000).

import { readFileSync, writeFileSync } from 'node:fs';
import { load } from '../../background/scorer.js';

const [module, list, jsonl, calls = '200000'] = process.argv.slice(2);
const moduleBytes = readFileSync(module), listBytes = new Uint8Array(readFileSync(list));
/** @type {import('../../background/scorer.js').Listing[]} */
const listings = readFileSync(jsonl, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));

/** @type {WebAssembly.Memory | undefined} */
let memory;
const instantiate = WebAssembly.instantiate;
// The scorer keeps its instance to itself; here it is looked at on its way.
WebAssembly.instantiate = /** @type {any} */ (async (/** @type {any} */ ...args) => {
  const instance = /** @type {any} */ (await instantiate.apply(WebAssembly, /** @type {any} */ (args)));
  memory = instance.exports.memory;
  return instance;
});

const start = performance.now();
const scorer = await load(moduleBytes, listBytes);
scorer.score(listings.slice(0, 1));
const coldMs = performance.now() - start;

for (let i = 0; i < 3000; i++) scorer.score([listings[i % listings.length]]);
const times = [];
for (let i = 0; i < 20000; i++) {
  const one = [listings[i % listings.length]];
  const from = performance.now();
  scorer.score(one);
  times.push((performance.now() - from) * 1000);
}
times.sort((a, b) => a - b);
const before = memory?.buffer.byteLength;
const from = performance.now();
for (let done = 0; done < Number(calls); done += 50) {
  const at = done % Math.max(1, listings.length - 50);
  scorer.score(listings.slice(at, at + 50));
}
const batchedUs = (performance.now() - from) * 1000 / Number(calls);
const after = memory?.buffer.byteLength;
const [medianUs, p99Us] = [times[10000], times[19800]];
writeFileSync(1, JSON.stringify({ coldMs, medianUs, p99Us, batchedUs, before, after }) + '\n');
