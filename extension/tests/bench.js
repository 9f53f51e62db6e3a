// SPDX-License-Identifier: Apache-2.0

// The numbers of the extension, measured in Chromium, and the cold worker also
// in Firefox: node tests/bench.js. Beside them a naive content script that looks
// with one regular expression per phrase at the same page.

import { board } from './board.js';
import { chromium, firefox, until } from './browsers.js';

/** @param {number[]} values */
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Long tasks of the page, and how long they were. */
const WATCH = () => {
  /** @type {any} */ (window).long = [];
  new PerformanceObserver((l) => { for (const e of l.getEntries()) /** @type {any} */ (window).long.push(Math.round(e.duration)); }).observe({ type: 'longtask', buffered: true });
};

const site = await board();
const c = await chromium();

/** @param {import('puppeteer-core').Page} page @param {string} path */
async function scan(page, path) {
  await page.goto(site.url + path);
  const t = await until('the page to be read', async () => { const t = /** @type {any} */ (await c.inside(page, 'times')); return t?.marked && t; }, 30000);
  const slices = { busy: /** @type {number} */ (await c.inside(page, 'busy')), longest: /** @type {number} */ (await c.inside(page, 'longest')) };
  return { ms: t.marked - t.began, ...slices };
}

const page = await c.browser.newPage();
await scan(page, '/list?n=100&size=2000');
const warm = [], cold = [];
for (let i = 0; i < 9; i++) warm.push(await scan(page, `/list?n=100&size=2000&warm=${i}`));
for (let i = 0; i < 5; i++) { await c.kill(); cold.push(await scan(page, `/list?n=100&size=2000&cold=${i}`)); }

await c.kill();
const first = await firstVerdicts(7);

await page.evaluateOnNewDocument(WATCH);
const scroll = await endless(page);
const idle = await idleShare(page);
const naive = await naiveScan(page);
const inFirefox = await firefoxMarks(5);

/** From a killed worker to the first verdict, asked from an extension's page. @param {number} n */
async function firstVerdicts(n) {
  const asking = await c.browser.newPage();
  await asking.goto(`chrome-extension://${c.id}/help/help.html`);
  const times = [];
  for (let i = 0; i < n; i++) {
    await c.kill();
    times.push(await asking.evaluate(async () => {
      const t = performance.now();
      const listing = { kind: '', lang: 'en', title: 'Hostess wanted', body: 'The agency keeps your passport during the contract.', company: '', location: '', pay: '', contact: '', url: '' };
      const a = await chrome.runtime.sendMessage({ name: 'score', body: { listings: [listing] } });
      if (!a.ok) throw new Error(a.error);
      return performance.now() - t;
    }));
  }
  await asking.close();
  return median(times);
}

/**
 * Firefox has no tool that ends the background, but ends it by itself when it is
 * idle. From the page's beginning to the first mark, with it and without it.
 * @param {number} n
 */
async function firefoxMarks(n) {
  const f = await firefox({ idle: 2000 });
  const page = await f.browser.newPage();
  await page.evaluateOnNewDocument(() => {
    const seen = new MutationObserver(() => {
      if ([...document.querySelectorAll('*')].some((e) => /^[a-z]{5}-[a-z]{6}$/.test(e.localName))) { /** @type {any} */ (window).first ??= performance.now(); seen.disconnect(); }
    });
    seen.observe(document, { childList: true, subtree: true });
  });
  const mark = async (/** @type {string} */ path) => {
    await page.goto(site.url + path);
    return until('a mark', () => page.evaluate(() => /** @type {any} */ (window).first), 15000);
  };
  const warm = [], cold = [];
  for (let i = 0; i < n; i++) {
    await page.goto('about:blank');
    await new Promise((done) => { setTimeout(done, 5000); });
    cold.push(await mark(`/list?n=10&cold=${i}`));
    warm.push(await mark(`/list?n=10&warm=${i}`));
  }
  await f.browser.close();
  return { warm: median(warm), cold: median(cold) };
}

/** @param {import('puppeteer-core').Page} page */
async function endless(page) {
  await page.goto(`${site.url}/scroll`);
  await until('the first marks', async () => /** @type {any} */ (await c.inside(page, 'count'))?.scanned >= 20);
  const per = [], heap = [], longest = [];
  await c.inside(page, 'longest');
  let total = 20;
  for (let round = 0; round < 50; round++) {
    const before = /** @type {number} */ (await c.inside(page, 'busy'));
    await page.evaluate(() => /** @type {any} */ (window).more(100));
    total += 100;
    await until(`${total} listings`, async () => /** @type {any} */ (await c.inside(page, 'count')).scanned >= total, 20000);
    per.push((/** @type {number} */ (await c.inside(page, 'busy')) - before) / 100);
    longest.push(/** @type {number} */ (await c.inside(page, 'longest')));
    await page.evaluate(() => /** @type {any} */ (window).trim(200));
    if (round % 10 === 9) heap.push((await page.metrics()).JSHeapUsedSize ?? 0);
  }
  const count = /** @type {any} */ (await c.inside(page, 'count'));
  const long = /** @type {number[]} */ (await page.evaluate(() => /** @type {any} */ (window).long));
  return { perListing: median(per), heap: heap.map((h) => Math.round(h / 1e5) / 10), scanned: count.scanned, marked: count.notice + count.elevated + count.high, expected: total / 5, long, longest };
}

/** What a frame that never rests costs us, once we have seen that nothing comes of it. @param {import('puppeteer-core').Page} page */
async function idleShare(page) {
  await page.goto(`${site.url}/busy`);
  await new Promise((done) => { setTimeout(done, 14000); });
  const frames = await (await c.worker()).evaluate(async (url) => {
    const tab = (await chrome.tabs.query({})).find((t) => t.url === url);
    const got = await chrome.scripting.executeScript({ target: { tabId: tab?.id ?? 0, allFrames: true }, func: () => lapwing.slices?.busy() ?? 0 });
    return got.map((g) => g.result ?? 0);
  }, page.url());
  const before = frames.reduce((a, b) => a + b, 0);
  await new Promise((done) => { setTimeout(done, 10000); });
  const after = await (await c.worker()).evaluate(async (url) => {
    const tab = (await chrome.tabs.query({})).find((t) => t.url === url);
    const got = await chrome.scripting.executeScript({ target: { tabId: tab?.id ?? 0, allFrames: true }, func: () => lapwing.slices?.busy() ?? 0 });
    return got.reduce((s, g) => s + (g.result ?? 0), 0);
  }, page.url());
  return (after - before) / 10000;
}

/** One regular expression per phrase over each card's text, on the page's own thread. @param {import('puppeteer-core').Page} page */
async function naiveScan(page) {
  await page.goto(`${site.url}/list?n=100&size=2000`);
  return page.evaluate(() => {
    const t = performance.now();
    const phrases = Array.from({ length: 1000 }, (_, i) => new RegExp(`\\b(we|company|agency) (keep|keeps|hold|holds) (\\w+ ){0,3}passport${i || ''}\\b`, 'iu'));
    let hits = 0;
    for (const card of document.querySelectorAll('.card')) for (const p of phrases) if (p.test(card.textContent ?? '')) hits++;
    return { ms: performance.now() - t, hits };
  });
}

await c.browser.close();
await site.close();

/** @param {number} n */
const r = (n) => Math.round(n * 10) / 10;

/** @param {number[]} values */
const spread = (values) => `${r(median(values))} at the median, ${r(Math.max(...values))} at most, of ${values.length}`;

console.log(`100 listings of 2 kB, warm worker        ${r(median(warm.map((w) => w.ms)))} ms to the last mark (target 150), ${r(median(warm.map((w) => w.busy)))} ms of the page's thread
  our longest stretch in it, ms          ${spread(warm.map((w) => w.longest))} (target 8)
100 listings of 2 kB, killed worker      ${r(median(cold.map((w) => w.ms)))} ms (target 400)
killed worker to its first verdict       ${r(first)} ms (target 60)
first mark in Firefox                    ${r(inFirefox.warm)} ms after the page began, ${r(inFirefox.cold)} ms where the background had ended: ${r(inFirefox.cold - inFirefox.warm)} ms to start it (target 100)
5 000 listings by scrolling              ${Math.round(scroll.perListing * 1000) / 1000} ms a listing at the median (target 1), ${scroll.scanned} read, ${scroll.marked} marked of ${scroll.expected}
  heap after each 1 000, MB              ${scroll.heap.join('  ')}
  our longest stretch per 100, ms        ${spread(scroll.longest)} (target 8)
  long tasks of the page, ms             ${scroll.long.length ? scroll.long.join(' ') : 'none'}
busy frame, at rest                      ${(idle * 100).toFixed(3)} % of a core (target 0.1)
naive: 1 000 expressions, same page      ${r(naive.ms)} ms of the page's thread`);
