// SPDX-License-Identifier: Apache-2.0

// What the extension promises on paper is what its files say: permissions,
// words in every language, scripts in order, nothing from elsewhere.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from './browsers.js';

const DIR = join(ROOT, 'extension');
/** @param {string} name */
const read = (name) => readFileSync(join(DIR, name), 'utf8');
const manifest = JSON.parse(read('manifest.json'));

/** @param {string} dir @returns {string[]} */
const filesBelow = (dir) => readdirSync(join(DIR, dir), { withFileTypes: true }).flatMap((e) => (e.isDirectory() ? filesBelow(join(dir, e.name)) : [join(dir, e.name)]));
const SHIPPED = ['background', 'content', 'help', 'options', 'popup', 'practice', 'report', 'shared', 'welcome'].flatMap(filesBelow);

test('every permission is explained, and none in vain', () => {
  const asked = [...manifest.permissions, ...(manifest.host_permissions ?? []), ...manifest.optional_host_permissions].sort();
  const explained = [...read('PERMISSIONS.md').matchAll(/^- `([^`]+)`:/gm)].map((m) => m[1]).sort();
  assert.deepEqual(explained, asked);
});

test('no site may be read, and no file of ours be asked for, by default', () => {
  assert.equal(manifest.host_permissions, undefined);
  assert.equal(manifest.content_scripts, undefined);
  assert.equal(manifest.web_accessible_resources, undefined);
  assert.equal(manifest.externally_connectable, undefined);
});

test('every language has every word, with the same places for values', () => {
  const english = JSON.parse(read('_locales/en/messages.json'));
  for (const lang of readdirSync(join(DIR, '_locales'))) {
    const words = JSON.parse(read(`_locales/${lang}/messages.json`));
    assert.deepEqual(Object.keys(words).sort(), Object.keys(english).sort(), lang);
    for (const [key, { message }] of Object.entries(/** @type {Record<string, {message: string}>} */ (words))) {
      const places = (/** @type {string} */ s) => [...new Set(s.match(/\{\d\}/g) ?? [])].sort();
      assert.deepEqual(places(message), places(english[key].message), `${lang}: ${key}`);
    }
  }
});

test('every word that a page names exists', () => {
  const english = JSON.parse(read('_locales/en/messages.json'));
  for (const file of SHIPPED.filter((f) => /\.(html|js)$/.test(f))) {
    const text = read(file);
    for (const [, key] of text.matchAll(/(?:data-say(?:-label)?="|data-title="|\bsay\(')([a-z_]+)(?="|')/g)) {
      assert.ok(english[key], `${file} says "${key}", which _locales/en does not have`);
    }
  }
});

test('the practice page loads the content scripts that other pages get, in the same order', async () => {
  const listed = [...(/SCRIPTS = \[(.*?)\]/s.exec(read('background/sites.js'))?.[1] ?? '').matchAll(/'(\w+)'/g)].map((m) => m[1]);
  const loaded = [...read('practice/practice.html').matchAll(/content\/(\w+)\.js/g)].map((m) => m[1]);
  assert.deepEqual(loaded, listed);
  for (const name of listed) assert.ok(existsSync(join(DIR, 'content', `${name}.js`)), name);
});

test('nothing is fetched from elsewhere, and no text becomes markup or code', () => {
  for (const file of SHIPPED.filter((f) => f.endsWith('.js'))) {
    const text = read(file);
    for (const [what, why] of /** @type {[RegExp, string][]} */ ([
      [/\b(innerHTML|outerHTML|insertAdjacentHTML|document\.write)\b/, 'text of a page is set with textContent'],
      [/\beval\(|new Function\(/, 'what is read is what runs'],
      [/XMLHttpRequest|WebSocket|EventSource|sendBeacon|RTCPeerConnection/, 'there is no network but the list, and reports'],
      [/fetch\((?!api\.runtime\.getURL\()/, 'only files of the package are fetched'],
    ])) {
      // The list's own files, see courier.test.js; and sealed reports, see reports.test.js.
      if ([join('background', 'tree.js'), join('background', 'carrier.js')].includes(file) && what.source.startsWith('fetch')) continue;
      assert.doesNotMatch(text, what, `${file}: ${why}`);
    }
  }
});

test('only what is sealed is handed to what sends', () => {
  const users = SHIPPED.filter((f) => f.endsWith('.js') && /^import .*carrier\.js';$/m.test(read(f)));
  assert.deepEqual(users, [join('background', 'reports.js')]);
  assert.deepEqual([...read('background/reports.js').matchAll(/carrier\.(\w+)\((.*)\)/g)].map((m) => m[0]).sort(), [
    'carrier.send(way, bytesOf(envelope))', 'carrier.send(way, bytesOf(w.envelope))', 'carrier.withdraw(way, bytes)',
  ].sort());
});

test('content scripts touch no storage and make no request', () => {
  for (const file of SHIPPED.filter((f) => f.startsWith('content') && f.endsWith('.js'))) {
    assert.doesNotMatch(read(file), /\bstorage\b|\bfetch\(|localStorage|indexedDB/, file);
  }
});

test('no file has grown past what can be read in one sitting', () => {
  for (const file of SHIPPED.filter((f) => f.endsWith('.js'))) {
    assert.ok(read(file).split('\n').length <= 400, `${file} has more than 400 lines`);
    assert.ok(statSync(join(DIR, file)).size > 0, file);
    assert.match(read(file), /^\/\/ SPDX-License-Identifier: Apache-2\.0/, file);
  }
});
