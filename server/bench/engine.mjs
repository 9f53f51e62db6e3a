// SPDX-License-Identifier: Apache-2.0

// Scores listings with the module in Node and prints, as JSON: the best time of
// all listings in milliseconds, from cold to the first verdict, the median of one,
// and the memory, before and after many.

import { readFileSync } from 'node:fs';
import { load } from '../../extension/background/scorer.js';

const [moduleFile, listFile, listingsFile, rounds] = process.argv.slice(2);
const module = readFileSync(moduleFile);
const list = new Uint8Array(readFileSync(listFile));
const listings = readFileSync(listingsFile, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));

// The module's memory, for its size: the script that is measured keeps it to itself.
let memory;
const instantiate = WebAssembly.instantiate;
WebAssembly.instantiate = async (...args) => {
  const instance = await instantiate(...args);
  memory = instance.exports.memory;
  return instance;
};

const begin = performance.now();
const scorer = await load(await WebAssembly.compile(module), list);
scorer.score(listings.slice(0, 1));
const cold = performance.now() - begin;

let best = Infinity;
for (let i = 0; i < Number(rounds) + 3; i++) {
  const start = performance.now();
  scorer.score(listings);
  best = Math.min(best, performance.now() - start);
}
const each = listings.map((listing) => {
  const start = performance.now();
  scorer.score([listing]);
  return performance.now() - start;
}).sort((a, b) => a - b);
const megabytes = memory.buffer.byteLength / 1e6;
for (let done = 0; done < 200000; done += listings.length) scorer.score(listings);
console.log(JSON.stringify({
  Best: best, Cold: cold, Median: each[each.length >> 1], Megabytes: megabytes, Grown: memory.buffer.byteLength / 1e6 - megabytes,
}));
