// SPDX-License-Identifier: Apache-2.0

// Onboarding and options, as a volunteer uses them.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { board } from './board.js';
import { chromium, until } from './browsers.js';

/** @type {Awaited<ReturnType<typeof board>>} */
let site;
/** @type {Awaited<ReturnType<typeof chromium>>} */
let c;

before(async () => { site = await board(); c = await chromium({ consent: false }); });
after(async () => { await c.browser.close(); await site.close(); });

/** @param {string} path */
async function open(path) {
  const page = await c.browser.newPage();
  await page.goto(`chrome-extension://${c.id}/${path}`);
  await until('words', () => page.evaluate(() => Boolean(document.querySelector('h1')?.textContent)));
  return page;
}

/** @param {import('puppeteer-core').Page} page @param {string} name @param {object} [body] */
const ask = (page, name, body = {}) => page.evaluate(async (name, body) => (await chrome.runtime.sendMessage({ name, body })).value, name, body);

/** @param {import('puppeteer-core').Page} page */
const elements = (page) => page.evaluate(() => [...document.querySelectorAll('*')].filter((e) => /^[a-z]{5}-[a-z]{6}$/.test(e.localName)).length);

test('nothing is read before the volunteer agrees, and open pages are read once they did', async () => {
  const page = await c.browser.newPage();
  await page.goto(`${site.url}/list?n=10`);
  await new Promise((done) => { setTimeout(done, 800); });
  assert.equal(await elements(page), 0);
  const welcome = await open('welcome/welcome.html');
  await welcome.click('#on');
  await until('two marks', async () => (await elements(page)) === 2);
  assert.equal(await welcome.evaluate(() => /** @type {HTMLElement} */ (document.getElementById('next')).hidden), false, 'the practice page is offered');
  await welcome.close();
  await page.close();
});

test('what was set outlives the worker', async () => {
  const options = await open('options/options.html');
  await options.click('input[value="elevated"]');
  await options.select('#country', 'GB');
  await until('it to be kept', async () => (await ask(options, 'state')).settings.country === 'GB');
  await c.kill();
  const { settings } = await ask(options, 'state');
  assert.deepEqual([settings.threshold, settings.country, settings.consent], ['elevated', 'GB', true]);
  await options.close();
});

test('the language of the interface is chosen without a restart', async () => {
  const options = await open('options/options.html');
  await options.select('#language', 'pl');
  await until('Polish', () => options.evaluate(() => document.querySelector('h1')?.textContent === 'Opcje'));
  await options.select('#language', '');
  await until('English', () => options.evaluate(() => document.querySelector('h1')?.textContent === 'Options'));
  await options.close();
});

test('history is off until it is switched on, keeps no text, and goes when it is switched off', async () => {
  const options = await open('options/options.html');
  assert.deepEqual(await ask(options, 'history'), []);
  await ask(options, 'set', { history: true });
  const page = await c.browser.newPage();
  await page.goto(`${site.url}/list?n=10`);
  const entries = await until('entries', async () => { const h = await ask(options, 'history'); return h.length === 2 && h; });
  assert.deepEqual(Object.keys(entries[0]).sort(), ['day', 'indicators', 'level', 'url']);
  await ask(options, 'set', { history: false });
  assert.deepEqual(await ask(options, 'history'), []);
  await page.close();
  await options.close();
});

test('a muted listing stays muted, and unmuting brings it back', async () => {
  const page = await open('options/options.html');
  const listing = { kind: '', lang: 'en', title: 'Hostess wanted abroad', body: 'The agency keeps your passport during the contract. Do not tell your family before you arrive.', company: '', location: '', pay: '', contact: '', url: 'https://board.example/1' };
  const level = async () => (await ask(page, 'score', { listings: [listing] }))[0].level;
  const before = await level();
  assert.notEqual(before, 'none');
  await ask(page, 'mute', { what: 'listing', listing });
  assert.equal(await level(), 'none');
  assert.ok(!JSON.stringify((await ask(page, 'state')).settings).includes('board.example'), 'what was muted cannot be read from the settings');
  await ask(page, 'unmute', { what: 'listing', listing });
  assert.equal(await level(), before);
  const { reasons } = await ask(page, 'explain', { listing });
  for (const r of reasons) await ask(page, 'mute', { what: 'indicator', indicator: r.indicator });
  assert.equal(await level(), 'none', 'without its reasons a verdict is none');
  await ask(page, 'set', { mutedIndicators: [] });
  await page.close();
});

test('two clicks erase everything', async () => {
  const options = await open('options/options.html');
  await options.click('#erase');
  await options.click('#erase-sure');
  await until('it to be erased', async () => (await ask(options, 'state')).settings.country === '');
  const { settings, history } = await ask(options, 'state');
  assert.deepEqual([settings.consent, settings.threshold, settings.mutedSites, history], [false, 'notice', [], 0]);
  await options.close();
});

test('a list that is damaged is not used, and the popup says so', async () => {
  const broken = await chromium();
  try {
    const lib = join(broken.dir, 'lib');
    const file = join(lib, readdirSync(lib).find((f) => f.startsWith('list.')) ?? '');
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.subarray(0, Math.floor(bytes.length / 2)));
    await broken.reload(broken.dir); // a worker that is ended while it starts stays so in some runs of Chromium
    const page = await broken.browser.newPage();
    await page.goto(`chrome-extension://${broken.id}/options/options.html`);
    const said = await until('the problem', () => page.evaluate(() => document.getElementById('list')?.textContent), 20000);
    assert.match(String(said), /cannot be used/);
    await page.goto(`${site.url}/list?n=10`);
    await new Promise((done) => { setTimeout(done, 500); });
    assert.equal(await elements(page), 0, 'nothing is marked from half a list');
  } finally {
    await broken.browser.close();
  }
});
