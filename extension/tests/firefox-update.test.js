// SPDX-License-Identifier: Apache-2.0

// Newer lists in Firefox. Its tools open no page of an extension, so this looks
// at what the server is asked: a browser that asks for the delta from a version
// has that version in use, and one that asks for a head alone has the newest.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ROOT, firefox, until } from './browsers.js';
import { assertPlain, trees } from './trees.js';

/** @type {Awaited<ReturnType<typeof trees>>} */
let t;
/** @type {Awaited<ReturnType<typeof firefox>>} */
let f;

before(async () => {
  t = await trees();
  const out = join(t.dir, 'built');
  execFileSync('go', ['run', './extension/build', '-out', out, '-release', t.dir, '-server', t.server('honest')], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  process.env.LAPWING_BUILT = out;
  f = await firefox({ hurried: true });
});
after(async () => {
  delete process.env.LAPWING_BUILT;
  await f.browser.close();
  rmSync(f.dir, { recursive: true, force: true });
  t.close();
});

/** @type {{url: string, header: Record<string, string[]>}[]} */
const all = [];

/** What was asked for until nothing but heads is, by kind. */
async function asked() {
  /** @type {string[]} */
  let seen = [];
  await until('a look that finds nothing newer', async () => {
    const now = await t.seen();
    all.push(...now);
    seen.push(...now.map(({ url }) => url.replace(/^\/honest\/v1\//, '').replace(/^(o|log\/proof)\/.*?(\.gz)?$/, '$1')));
    return seen.length > 1 && seen.at(-1) === 'head' && seen.at(-2) === 'head';
  }, 60000);
  return seen;
}

test('firefox: a newer list is looked for, fetched and kept', async () => {
  assert.ok((await asked()).every((what) => what === 'head'), 'the packaged list is the newest');
  for (let i = 0; i < 3; i++) {
    await t.publish();
    const what = (await asked()).filter((w) => w !== 'head');
    // Release note, proof, delta; and once the keys for reports, which the packaged release has not.
    assert.deepEqual(what.slice(0, 3), ['o', 'log/proof', 'o']);
    assert.ok(what.length <= (i === 0 ? 4 : 3), what.join(' '));
  }
});

test('firefox: no request says who asks', () => {
  assert.ok(all.length >= 9);
  for (const { url, header } of all) assertPlain(url, header);
});
