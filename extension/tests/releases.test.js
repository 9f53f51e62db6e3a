// SPDX-License-Identifier: Apache-2.0

// testdata/releases with the module and the host code of the extension, in Node;
// its README says what the files are. Go runs the same ones.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { open } from '../background/courier.js';
import { ROOT } from './browsers.js';
import { courierModule } from './trees.js';

const DIR = join(ROOT, 'testdata', 'releases');
const bytes = (/** @type {string[]} */ ...path) => new Uint8Array(readFileSync(join(DIR, ...path)));

const out = mkdtempSync(join(tmpdir(), 'lapwing-courier-'));
process.on('exit', () => rmSync(out, { recursive: true, force: true }));
courierModule(join(out, 'courier.wasm'));
const module = await WebAssembly.compile(readFileSync(join(out, 'courier.wasm')));
const { version: program } = JSON.parse(readFileSync(join(ROOT, 'extension', 'manifest.json'), 'utf8'));

/** What the server of a scenario has at a path. @param {string} name @param {string} path */
function serve(name, path) {
  for (const dir of [name, 'honest']) {
    try {
      const body = bytes(dir, path);
      if (!body.length) break;
      return body;
    } catch {
      // The honest server may have it.
    }
  }
  throw new Error(`${path}: not there`);
}

const names = readdirSync(DIR).filter((f) => f.endsWith('.txt')).map((f) => f.slice(0, -4));

for (const name of names) {
  const said = Object.fromEntries(readFileSync(join(DIR, `${name}.txt`), 'utf8').trim().split('\n').map((line) => /** @type {[string, string]} */ (line.split(/: (.*)/).slice(0, 2))));
  test(`releases: ${said.comment}`, async () => {
    const courier = await open(module, { root: bytes('packaged', 'root'), release: bytes('packaged', 'release'), program, built: 0, state: null });
    const r = await courier.update(Number(said.now), bytes('packaged', 'list.pack'), async (want) => serve(name, want.path));
    assert.deepEqual(
      { outcome: r.outcome, version: String(r.status.version), refusal: r.refusal ? `${r.refusal.object}: ${r.refusal.rule}` : '', whole: r.whole },
      { outcome: said.outcome, version: said.version, refusal: said.refusal ?? '', whole: said.whole === 'yes' },
    );
  });
}

test('releases: there are some', () => assert.ok(names.length >= 12));
