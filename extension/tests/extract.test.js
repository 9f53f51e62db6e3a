// SPDX-License-Identifier: Apache-2.0

// The content scripts' reading of saved pages, in a real browser, against the
// reading of package extract: the same listings to the last character.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import puppeteer from 'puppeteer-core';
import { ROOT } from './browsers.js';

const INVENTED = join(ROOT, 'testdata', 'pages'), SHARED = join(ROOT, '..', 'shared', 'data', 'pages');
const SCRIPTS = ['dom', 'text', 'adapter', 'structured', 'generic', 'extract'];

const addresses = readFileSync(join(INVENTED, 'ADDRESSES.tsv'), 'utf8').split('\n').map((l) => l.split('\t'));
/** @param {string} name */
const addressOf = (name) => addresses.find(([prefix, address]) => address && name.startsWith(prefix))?.[1] ?? '';

/** @param {string} input @param {string[]} [more] */
const twin = (input, more = []) => execFileSync('go', ['run', './extension/tests/twin', 'server/lists/sites', ...more], { cwd: ROOT, input, maxBuffer: 1 << 30 }).toString().trim();

/** @type {import('puppeteer-core').Browser} */
let browser;
/** @type {import('puppeteer-core').Page} */
let page;

before(async () => {
  browser = await puppeteer.launch({ browser: 'chrome', executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true, pipe: true, args: ['--no-sandbox'] });
  page = await browser.newPage();
  for (const name of SCRIPTS) await page.evaluate(readFileSync(join(ROOT, 'extension', 'content', `${name}.js`), 'utf8'));
  await page.evaluate(`globalThis.sites = ${twin('', ['sites'])}`);
});

after(() => browser.close());

/** @param {string} html @param {string} address */
const read = (html, address) => page.evaluate((html, address) => {
  const doc = new DOMParser().parseFromString(html, 'text/html');
  // A parser without scripts opens what a page with scripts never sees.
  for (const n of doc.querySelectorAll('noscript')) n.textContent = '';
  const own = doc.querySelector('link[rel="canonical"]')?.getAttribute('href') || doc.querySelector('meta[property="og:url"]')?.getAttribute('content') || '';
  const r = lapwing.extract.readAll(doc, new URL(address || own), /** @type {any} */ (globalThis).sites);
  return { site: r.site, method: r.method, drift: r.drift, listings: r.found.map((f) => f.listing) };
}, html, address);

/** @param {string} dir @param {string} ending */
async function compare(dir, ending) {
  const files = readdirSync(dir).filter((f) => f.endsWith(ending)).sort();
  const lines = twin(files.map((f) => `${join(dir, f)}\t${addressOf(f)}`).join('\n')).split('\n');
  for (const [i, file] of files.entries()) {
    const raw = readFileSync(join(dir, file));
    const html = (ending.endsWith('.gz') ? gunzipSync(raw) : raw).toString('utf8');
    assert.deepEqual(await read(html, addressOf(file)), JSON.parse(lines[i]), `${file}: the browser reads other listings than the bulk reader`);
  }
  return files.length;
}

test('invented pages give the same listings in a browser and in Go', async () => {
  assert.ok(await compare(INVENTED, '.html') > 5);
});

test('saved pages of real boards give the same listings in a browser and in Go', async (t) => {
  if (!existsSync(SHARED)) { t.diagnostic(`no saved pages at ${SHARED}: nothing to compare`); return; }
  t.diagnostic(`${await compare(SHARED, '.html.gz')} pages alike`);
});
