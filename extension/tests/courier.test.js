// SPDX-License-Identifier: Apache-2.0

// The courier module with the host code of the extension, in Node: what it
// takes from an honest server, and what from others.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { open } from '../background/courier.js';
import { tree } from '../background/tree.js';
import { courierModule, trees } from './trees.js';

/** @type {Awaited<ReturnType<typeof trees>>} */
let t;
/** @type {WebAssembly.Module} */
let module;
let newest = 1;

before(async () => {
  t = await trees();
  const file = join(t.dir, 'courier.wasm');
  courierModule(file);
  module = await WebAssembly.compile(readFileSync(file));
  newest = await t.publish();
});
after(() => t.close());

const read = (/** @type {string} */ name) => new Uint8Array(readFileSync(join(t.dir, name)));
const now = () => Math.floor(Date.now() / 1000);

/** @param {Uint8Array | null} state */
const opened = (state) => open(module, { root: read('root'), release: read('release'), program: '0.2.0', built: 0, state });

/**
 * One look, by a browser that has the packaged list, or what is given.
 * @param {string} name of a server
 * @param {{state: Uint8Array | null, pack: Uint8Array | null}} [from]
 * @param {number} [patience]
 */
async function look(name, from, patience = 5000) {
  const courier = await opened(from?.state ?? null);
  const result = await courier.update(now(), from ? from.pack : read('list.pack'), tree(t.server(name), patience));
  return { courier, result };
}

/** @returns {Promise<{state: Uint8Array, pack: Uint8Array}>} */
async function upToDate() {
  const { result } = await look('honest');
  return /** @type {any} */ (result.saved);
}

test('the packaged release is in use before anybody was asked', async () => {
  const s = (await opened(null)).status(now());
  assert.equal(s.version, 1);
  assert.ok(s.packaged && s.staleHead && s.recovering === null);
});

for (const name of ['honest', 'tracking', 'unpacked', 'encoded']) {
  test(`a newer list comes from a server that is ${name}, and can be scored with`, async () => {
    const { courier, result } = await look(name);
    assert.equal(result.outcome, 'updated', JSON.stringify(result.refusal));
    assert.equal(result.status.version, newest);
    assert.ok(!result.whole, 'the delta was enough');
    const pack = /** @type {Uint8Array} */ (result.saved?.pack);
    assert.equal(Buffer.from(courier.prepare(pack).subarray(0, 3)).toString(), 'LWR');
    const again = (await opened(result.saved?.state ?? null)).status(now());
    assert.equal(again.version, newest, 'the next worker goes on from what was stored');
    assert.ok(!again.staleHead && !again.packaged);
  });
}

/** What each of the others is answered with, and how it fails. @type {Record<string, RegExp>} */
const REFUSED = {
  truncated: /head: (malformed|too few)/, flipped: /head: (malformed|bad signature|too few)/, redirect: /head: could not/, down: /head: could not/,
  endless: /head: could not/, encodedbomb: /head: could not/, nosuchserver: /head: could not/,
};
for (const [name, why] of Object.entries(REFUSED)) {
  test(`the old list stays where a server is ${name}`, async () => {
    const { result } = await look(name);
    assert.equal(result.outcome, 'kept');
    assert.match(result.refusal?.sentence ?? '', why);
    assert.equal(result.saved?.pack ?? null, null);
    assert.equal(result.status.version, 1);
  });
}

test('the old list stays where a server takes the head back', async () => {
  const { result } = await look('rollback', await upToDate());
  assert.equal(result.outcome, 'kept');
  assert.equal(result.refusal?.rule, 'rolled back');
  assert.equal(result.status.version, newest);
});

test('a server that stalls is left', async () => {
  const { result } = await look('stalling', undefined, 300);
  assert.equal(result.outcome, 'kept');
  assert.match(result.refusal?.sentence ?? '', /could not be fetched/);
});

for (const name of ['bomb', 'bigbomb']) {
  test(`nothing is unpacked beyond what was announced: ${name}`, async () => {
    const before = process.memoryUsage().rss;
    const { result } = await look(name, { state: null, pack: null });
    assert.notEqual(result.outcome, 'updated');
    const grown = (process.memoryUsage().rss - before) >> 20;
    assert.ok(grown < 300, `memory grew by ${grown} MiB`); // instances of tests before wait to be collected
  });
}

test('a lost pack is fetched whole', async () => {
  const { state } = await upToDate();
  const { result } = await look('honest', { state, pack: null });
  assert.equal(result.outcome, 'updated', JSON.stringify(result.refusal));
  assert.ok(result.saved?.pack);
});

test('damaged state ends in the packaged list, and the next look heals it', async () => {
  const { state, pack } = await upToDate();
  for (const at of [0, 8, state.length >> 1, state.length - 1]) {
    const damaged = state.slice();
    damaged[at] ^= 1;
    const s = (await opened(damaged)).status(now());
    assert.ok(s.packaged && s.recovering, `bit of byte ${at}`);
  }
  const { result } = await look('honest', { state: state.slice(0, 100), pack: read('list.pack') });
  assert.equal(result.outcome, 'updated');
  assert.deepEqual(result.saved?.pack, pack);
});

test('a pack that is none is not made ready', async () => {
  const courier = await opened(null);
  assert.throws(() => courier.prepare(new Uint8Array(100)), { status: 'pack refused' });
  assert.ok(courier.prepare(read('list.pack')).length > 1000, 'and the module is as well as before');
});

test('requests are the same for everybody', async () => {
  await look('tracking');
  await t.seen();
  await look('tracking', await upToDate());
  const first = (await look('tracking'), await t.seen()).filter((r) => r.url.startsWith('/tracking/'));
  assert.ok(first.length >= 5);
  for (const { url, header } of first) {
    assert.doesNotMatch(url, /\?/);
    for (const name of ['Cookie', 'Referer', 'Origin', 'If-None-Match', 'If-Modified-Since']) assert.equal(header[name], undefined, `${url}: ${name}`);
  }
});
