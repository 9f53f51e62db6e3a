// SPDX-License-Identifier: Apache-2.0

// node courier.js MODULE DIR NOW ROUNDS: what each call of an update takes in the
// courier module; the least of all rounds, in milliseconds, as one JSON object. DIR is as
// wasm/courier/bench writes it.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { open } from '../../background/courier.js';
import { Guest } from '../../background/guest.js';

const [file, dir, now, rounds] = process.argv.slice(2);
const read = (/** @type {string} */ name) => new Uint8Array(readFileSync(join(dir, name)));
const module = await WebAssembly.compile(readFileSync(file));
const packaged = { root: read('root'), release: read('release'), program: '0.2.0', built: 0, state: null };
const pack = read('list.pack');

/** Milliseconds, by what the call brought. @type {Map<string, number[]>} */
const took = new Map();

/** What the next "got" brings. */
let bringing = '';
const { call } = Guest.prototype;
Guest.prototype.call = function (name, ...rest) {
  const from = performance.now();
  try {
    return call.call(this, name, ...rest);
  } finally {
    const step = name === 'got' ? bringing : name;
    took.set(step, [...took.get(step) ?? [], performance.now() - from]);
    bringing = 'stored pack'; // the only thing that is not fetched
  }
};

for (let i = 0; i < Number(rounds); i++) {
  const from = performance.now();
  const courier = await open(module, packaged);
  took.set('start', [...took.get('start') ?? [], performance.now() - from]);
  const result = await courier.update(Number(now), pack, async (want) => {
    bringing = want.object;
    return read(join('tree', want.path));
  });
  if (result.outcome !== 'updated' || result.whole || !result.saved?.pack) throw new Error(JSON.stringify(result.refusal));
  courier.prepare(result.saved.pack);
}

const least = (/** @type {number[]} */ all) => Math.min(...all);
writeFileSync(1, JSON.stringify(Object.fromEntries([...took].map(([step, all]) => [step, least(all)]))));
