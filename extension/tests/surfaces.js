// SPDX-License-Identifier: Apache-2.0

// Opens each surface of the extension in one colour scheme, for the pictures
// and for the accessibility checks.

import { board } from './board.js';
import { chromium, until } from './browsers.js';

/** @typedef {import('puppeteer-core').Page} Page */

const PAGES = ['welcome/welcome.html', 'options/options.html', 'help/help.html', 'practice/practice.html'];

/**
 * @param {'light' | 'dark'} scheme
 * @param {(name: string, page: Page, inside?: {html: string, contrast: {text: string, ratio: number, large: boolean}[]}) => Promise<void>} look
 * @param {string} [language] of the interface
 */
export async function surfaces(scheme, look, language = '') {
  const site = await board();
  const c = await chromium();
  const origin = `chrome-extension://${c.id}/`;
  const open = async (/** @type {string} */ url, width = 900, height = 800) => {
    const page = await c.browser.newPage();
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }, { name: 'prefers-reduced-motion', value: 'reduce' }]);
    await page.setViewport({ width, height });
    await page.goto(url);
    return page;
  };
  try {
    const first = await open(`${origin}help/help.html`);
    await first.evaluate(async (language) => chrome.runtime.sendMessage({ name: 'set', body: { language } }), language);
    for (const path of PAGES) {
      const page = await open(origin + path);
      await until(`${path} to have words`, () => page.evaluate(() => (document.querySelector('h1')?.textContent ?? '') !== ''));
      await new Promise((done) => { setTimeout(done, 400); });
      await look(path.split('/')[0], page);
      await page.close();
    }
    const listing = await open(`${site.url}/list?n=10`, 1000, 800);
    const [{ host }] = await until('marks', async () => { const m = /** @type {any[]} */ (await c.inside(listing, 'marks')); return m.length === 2 && m; });
    await look('marks', listing);
    for (const side of ['popup', 'side']) await popup(c, listing, `${origin}popup/${side}.html`, side, scheme, look);
    await listing.bringToFront();
    const box = await (await listing.$(host))?.boundingBox();
    if (!box) throw new Error('the mark has no place');
    await listing.mouse.click(box.x + 20, box.y + 10);
    const inside = await until('the panel', () => /** @type {Promise<{html: string} | null>} */ (c.inside(listing, 'panel')));
    await look('panel', listing, { ...inside, contrast: await c.inside(listing, 'contrast') });
  } finally {
    await c.browser.close();
    await site.close();
  }
}

/**
 * The popup as it is above a page: a tab of its own that asks for the other one.
 * @param {Awaited<ReturnType<typeof chromium>>} c @param {Page} listing @param {string} url @param {string} name
 * @param {'light' | 'dark'} scheme @param {(name: string, page: Page) => Promise<void>} look
 */
async function popup(c, listing, url, name, scheme, look) {
  const page = await c.browser.newPage();
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  await page.setViewport({ width: 380, height: 620 });
  await page.evaluateOnNewDocument((about) => {
    const query = chrome.tabs.query.bind(chrome.tabs);
    chrome.tabs.query = /** @type {any} */ (async () => (await query({})).filter((t) => t.url === about));
  }, listing.url());
  await page.goto(url);
  await until('findings in the popup', () => page.evaluate(() => document.querySelectorAll('#findings button').length === 2));
  await look(name, page);
  if (name === 'popup') {
    await page.click('#findings button');
    await until('the explanation', () => page.evaluate(() => document.querySelectorAll('#explanation .reason').length > 0));
    await look('popup-detail', page);
  }
  await page.close();
}
