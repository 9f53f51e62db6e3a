// SPDX-License-Identifier: Apache-2.0

// The same in Firefox. Its tools open no page of an extension and no closed
// shadow root, so this looks at what the page can see: that something was
// inserted, where it is, and that it answers to the mouse and the keyboard.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { board } from './board.js';
import { firefox, until } from './browsers.js';

/** @type {Awaited<ReturnType<typeof board>>} */
let site;
/** @type {Awaited<ReturnType<typeof firefox>>} */
let f;

before(async () => { site = await board(); f = await firefox(); });
after(async () => { await f.browser.close(); await site.close(); });

/** @typedef {import('puppeteer-core').Page} Page */

/** @param {string} path @param {(page: Page) => Promise<void>} run */
async function on(path, run) {
  const page = await f.browser.newPage();
  try {
    await page.goto(site.url + path);
    await run(page);
  } finally {
    await page.close();
  }
}

/** Elements of ours, as a page could count them. @param {Page} page @returns {Promise<string[]>} */
const ours = (page) => page.evaluate(() => [...document.querySelectorAll('*')].filter((e) => /^[a-z]{5}-[a-z]{6}$/.test(e.localName)).map((e) => `${e.parentElement?.localName} > ${e.localName}`));

/** @param {Page} page @param {number} n */
const inserted = (page, n) => until(`${n} elements of ours`, async () => { const all = await ours(page); return all.length === n && all; }, 15000);

test('firefox: listings that resemble a known pattern are marked, others are not', () => on('/list?n=10', async (page) => { await inserted(page, 2); }));

test('firefox: a page with a strict policy is marked as well', () => on('/strict?n=10', async (page) => { await inserted(page, 2); }));

test('firefox: endless scrolling marks each listing once', () => on('/scroll', async (page) => {
  await inserted(page, 4);
  await page.evaluate(() => /** @type {any} */ (window).more(30));
  await inserted(page, 10);
}));

test('firefox: a page that navigates without loading is read anew', () => on('/spa', async (page) => {
  await inserted(page, 2);
  await page.evaluate(() => /** @type {any} */ (window).go('/spa/one'));
  await inserted(page, 1);
  await page.evaluate(() => /** @type {any} */ (window).go('/spa/two'));
  await inserted(page, 0);
}));

test('firefox: a mark opens a panel, highlights passages, and Escape closes it', () => on('/list?n=10', async (page) => {
  const [where] = await inserted(page, 2);
  const tag = where.split(' > ')[1];
  const at = await page.evaluate((tag) => { const r = document.querySelector(tag)?.getBoundingClientRect(); return r && { x: r.x + 20, y: r.y + r.height / 2, w: r.width }; }, tag);
  assert.ok(at && at.w > 60, 'the mark has a size');
  await page.mouse.click(at.x, at.y);
  await until('the panel', async () => (await ours(page)).includes(`body > ${tag}`));
  assert.equal(await page.evaluate(() => CSS.highlights?.size ?? 1), 1);
  await page.keyboard.press('Escape');
  await inserted(page, 2);
}));

test('firefox: a hostile page gets nowhere', () => on('/hostile', async (page) => {
  // The page has spoilt most of what a test would ask it with.
  const count = () => page.evaluate(() => { let n = 0; const all = document.getElementsByTagName('*'); for (let i = 0; i < all.length; i++) if (/^[a-z]{5}-[a-z]{6}$/.test(all[i].localName)) n++; return n; });
  await until('marks', async () => (await count()) === 2, 20000);
  await new Promise((done) => { setTimeout(done, 500); });
  assert.equal(await page.evaluate(() => /** @type {any} */ (window).pwned), undefined);
  assert.deepEqual(await page.evaluate(() => /** @type {any} */ (window).stolen), []);
}));

test('firefox: the board saw nothing but its own pages', () => {
  assert.deepEqual(site.requests.filter((r) => !/^GET \/(list|strict|scroll|cards|spa|hostile|advert)/.test(r)), []);
});
