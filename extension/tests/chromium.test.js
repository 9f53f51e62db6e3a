// SPDX-License-Identifier: Apache-2.0

// What a volunteer meets, in Chromium, on the invented board.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { BAD, board } from './board.js';
import { chromium, patch, until } from './browsers.js';

/** @type {Awaited<ReturnType<typeof board>>} */
let site;
/** @type {Awaited<ReturnType<typeof chromium>>} */
let c;

before(async () => { site = await board(); c = await chromium(); });
after(async () => { await c.browser.close(); await site.close(); });

/** @typedef {import('puppeteer-core').Page} Page */

/** @param {string} path @param {(page: Page) => Promise<void>} run */
async function on(path, run) {
  const page = await c.browser.newPage();
  try {
    await page.goto(site.url + path);
    await run(page);
  } finally {
    await page.close();
  }
}

/** @param {Page} page @param {number} n @param {number} [frame] */
const marked = (page, n, frame = 0) => until(`${n} marks`, async () => (await marks(page, frame)).length === n && marks(page, frame));

/** @param {Page} page @param {number} [frame] @returns {Promise<{text: string, label: string, host: string}[]>} */
const marks = (page, frame = 0) => c.inside(page, 'marks', frame);

/** Presses the first mark of the page. @param {Page} page */
async function press(page) {
  const [{ host }] = await marks(page);
  const box = await (await page.$(host))?.boundingBox();
  assert.ok(box, 'a mark has a place on the screen');
  await page.mouse.click(box.x + 20, box.y + box.height / 2);
  return until('the panel', () => /** @type {any} */ (c.inside(page, 'panel')));
}

/** @param {string} code @param {...unknown} args */
const inOptions = async (code, ...args) => {
  const page = await c.browser.newPage();
  await page.goto(`chrome-extension://${c.id}/options/options.html`);
  const got = await page.evaluate(async (name, body) => chrome.runtime.sendMessage({ name, body }), code, args[0] ?? {});
  await page.close();
  return got;
};

test('listings that resemble a known pattern are marked, others are not', () => on('/list?n=10', async (page) => {
  const [first, second] = await marked(page, 2);
  assert.equal(first.text, second.text);
  assert.match(first.label, /^Lapwing: .+\. Reasons: \d+\. Show why$/);
  assert.equal(await c.inside(page, 'state').then((/** @type {any} */ s) => s.method), 'cards');
}));

test('an ordinary board stays without marks', () => on('/quiet', async (page) => {
  await until('the page to be read', async () => /** @type {any} */ (await c.inside(page, 'count'))?.scanned === 10);
  assert.deepEqual(await marks(page), []);
}));

test('the panel names reasons, passages, harmless causes, source, help and list', () => on('/list?n=10', async (page) => {
  await marked(page, 2);
  const panel = /** @type {{text: string, html: string}} */ (await press(page));
  for (const part of ['keeps your passport', 'It may be harmless:', 'Source:', 'Help lines', 'Do not contact the advertiser', 'Do not investigate', 'List lapwing']) {
    assert.ok(panel.text.includes(part), `the panel says "${part}"; it says ${panel.text}`);
  }
  assert.equal(await page.evaluate(() => CSS.highlights.size), 1, 'the passages are highlighted while the panel is open');
  await page.keyboard.press('Escape');
  await until('the panel to close', async () => (await c.inside(page, 'panel')) === null);
  assert.equal(await page.evaluate(() => CSS.highlights.size), 0, 'nothing is highlighted afterwards');
}));

test('the panel is reached, walked and left by keyboard alone', () => on('/list?n=10', async (page) => {
  const [{ host }] = await marked(page, 2);
  await page.evaluate(() => /** @type {HTMLElement} */ (document.body).focus());
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement?.localName), host, 'the first stop is the mark');
  await page.keyboard.press('Enter');
  await until('the panel', () => /** @type {any} */ (c.inside(page, 'panel')));
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement?.localName), host, 'Tab stays inside of the panel');
  }
  await page.keyboard.press('Escape');
  await until('the panel to close', async () => (await c.inside(page, 'panel')) === null);
  assert.equal(await page.evaluate(() => document.activeElement?.localName), host, 'the focus is back on the mark');
}));

test('a page with a strict policy is marked as well', () => on('/strict?n=10', async (page) => {
  await marked(page, 2);
  await press(page);
}));

test('endless scrolling marks each listing once', () => on('/scroll', async (page) => {
  await marked(page, 4);
  await page.evaluate(() => /** @type {any} */ (window).more(30));
  await marked(page, 10);
  await page.evaluate(() => /** @type {any} */ (window).more(10));
  await marked(page, 12);
}));

test('a page that navigates without loading is read anew', () => on('/spa', async (page) => {
  await marked(page, 2);
  await page.evaluate(() => /** @type {any} */ (window).go('/spa/one'));
  await marked(page, 1);
  await page.evaluate(() => /** @type {any} */ (window).go('/spa/two'));
  await marked(page, 0);
  await page.evaluate(() => /** @type {any} */ (window).go('/spa'));
  await marked(page, 2);
}));

test('listings in open and closed shadow roots are marked', () => on('/shadow', (page) => marked(page, 2).then(() => {})));

test('a frame with listings is marked, a tiny one is left alone', () => on('/frames', async (page) => {
  await until('marks in the frame', async () => {
    const frame = page.frames().find((f) => f.url().includes('/list') && f !== page.mainFrame());
    return frame && (await frame.evaluate(() => [...document.querySelectorAll('*')].filter((e) => /^[a-z]{5}-[a-z]{6}$/.test(e.localName)).length)) === 2;
  });
  const small = page.frames().filter((f) => f.url().includes('/list'))[1];
  assert.equal(await small.evaluate(() => [...document.querySelectorAll('*')].filter((e) => /^[a-z]{5}-[a-z]{6}$/.test(e.localName)).length), 0);
}));

test('in low profile the page sees nothing, and the findings are there', async () => {
  await inOptions('set', { lowProfile: true });
  try {
    await on('/list?n=10', async (page) => {
      await until('findings', async () => /** @type {any} */ (await c.inside(page, 'findings'))?.length === 2);
      assert.deepEqual(await marks(page), [], 'nothing is drawn');
      const found = /** @type {any[]} */ (await c.inside(page, 'findings'));
      assert.ok(found[0].title.startsWith(BAD.title));
    });
  } finally {
    await inOptions('set', { lowProfile: false });
  }
});

test('muting an indicator, a listing and a site works at once and can be undone', () => on('/list?n=10', async (page) => {
  await marked(page, 2);
  await inOptions('set', { mutedSites: ['127.0.0.1'] });
  await marked(page, 0);
  await inOptions('set', { mutedSites: [] });
  await marked(page, 2);
  await press(page);
  await page.evaluate(() => {});
  const { text } = /** @type {any} */ (await c.inside(page, 'panel'));
  assert.ok(text.includes('Do not mark this listing'));
  await inOptions('set', { pausedUntil: Date.now() + 3600e3 });
  await marked(page, 0);
  await inOptions('set', { pausedUntil: 0 });
  await marked(page, 2);
}));

test('a worker that was killed answers the next page rightly', () => on('/list?n=10', async (page) => {
  await marked(page, 2);
  await c.kill();
  await page.goto(`${site.url}/list?n=20`);
  await marked(page, 4);
}));

test('a hostile page gets nowhere', () => on('/hostile', async (page) => {
  await marked(page, 2); // the listing with markup in its text, and one more of the nine
  await new Promise((done) => { setTimeout(done, 700); });
  assert.equal(await page.evaluate(() => /** @type {any} */ (window).pwned), undefined, 'markup in a listing stays text');
  assert.deepEqual(await page.evaluate(() => /** @type {any} */ (window).stolen), [], 'the shadow roots are closed');
  assert.equal(await c.inside(page, 'panel'), null, 'a click that a script makes opens nothing');
  const { value } = await inOptions('state');
  assert.equal(value.settings.consent, true, 'messages of a page change nothing');
}));

test('only loopback is asked, and only for what the page itself wants', async () => {
  site.requests.length = 0;
  await on('/list?n=10', async (page) => {
    /** @type {string[]} */
    const seen = [];
    page.on('request', (r) => { seen.push(r.url()); });
    await marked(page, 2);
    await press(page);
    assert.deepEqual(seen.filter((u) => !u.startsWith('data:')), [], 'the content scripts ask for nothing');
  });
  assert.deepEqual(site.requests.filter((r) => !r.startsWith('GET /list')), [], 'the board saw nothing but its own page');
});

test('nothing of a listing is stored', async () => {
  const worker = await c.worker();
  const kept = await worker.evaluate(async () => JSON.stringify([await chrome.storage.local.get(), await chrome.storage.session.get()]));
  for (const words of ['Hostess', 'passport', 'Kitchen', '/advert/']) assert.ok(!kept.includes(words), `"${words}" is in the store: ${kept}`);
});

test('an update under an open page leaves one set of marks', async () => {
  const page = await c.browser.newPage();
  await page.goto(`${site.url}/list?n=10`);
  const before = await marked(page, 2);
  patch(c.dir, { version: '0.2.1' });
  await c.reload(c.dir);
  const now = await until('the new version to mark the page', async () => {
    const m = await marks(page);
    return m.length === 2 && m[0].host !== before[0].host && m;
  }, 15000);
  assert.equal(now.length, 2);
  await press(page);
  await page.close();
});
