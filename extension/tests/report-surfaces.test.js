// SPDX-License-Identifier: Apache-2.0

// The report page in both colour schemes and in languages of both directions:
// axe finds nothing to complain of, no word is missing, and a picture of each
// state is written to build/screenshots for people to look at.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { complaints } from './axe.js';
import { ROOT, chromium, until } from './browsers.js';
import { trees } from './trees.js';

const OUT = join(ROOT, 'build', 'screenshots');
mkdirSync(OUT, { recursive: true });

/** @typedef {import('puppeteer-core').Page} Page */

/** @type {Awaited<ReturnType<typeof trees>>} */
let t;
/** @type {Awaited<ReturnType<typeof chromium>>} */
let c;
/** @type {Page} */
let home;

const LISTING = {
  kind: 'job', lang: 'en', title: 'Hostess wanted abroad, start at once', company: 'Invented Ltd', location: 'Nowhere', pay: '4000 EUR a month', contact: 'WhatsApp +49 170 1234567',
  body: 'No experience needed. Write to anna@mail.example or call +49 170 1234567.\nThe agency keeps your passport during the contract. Do not tell your family before you arrive.', url: 'https://jobs.example/advert/7?ref=me#top',
};

before(async () => {
  t = await trees();
  const out = join(t.dir, 'built');
  execFileSync('go', ['run', './extension/build', '-out', out, '-release', t.dir, '-server', t.server('honest')], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  process.env.LAPWING_BUILT = out;
  c = await chromium({ version: '1.0.0' });
  home = await c.browser.newPage();
  await home.goto(`chrome-extension://${c.id}/help/help.html`);
  await t.publish();
  await ask('update');
});
after(async () => {
  delete process.env.LAPWING_BUILT;
  await c.browser.close();
  rmSync(c.dir, { recursive: true, force: true });
  t.close();
});

/** @param {string} name @param {object} [body] @returns {Promise<any>} */
const ask = (name, body = {}) => home.evaluate(async (name, body) => (await chrome.runtime.sendMessage({ name, body })).value, name, body);

/** @param {'light' | 'dark'} scheme @param {string} language @param {(name: string, page: Page) => Promise<void>} look */
async function states(scheme, language, look) {
  await ask('set', { language });
  const old = new Set(c.browser.targets());
  await ask('beginReport', { listing: LISTING, sort: 'flagged', tab: -1 });
  const target = await c.browser.waitForTarget((x) => !old.has(x) && x.url().includes('/report/report.html#'));
  const page = /** @type {Page} */ (await target.page());
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }, { name: 'prefers-reduced-motion', value: 'reduce' }]);
  await page.setViewport({ width: 900, height: 800 });
  await until('the bytes', () => page.evaluate(() => document.getElementById('bytes')?.textContent));
  const press = (/** @type {string} */ css) => page.evaluate((css) => /** @type {HTMLElement} */ (document.querySelector(css)).click(), css);
  await press('[data-redaction^="body/"]');
  await press('#field-company');
  await press('#trace');
  await page.select('#country', 'DE');
  await page.type('#note', 'They asked for it twice, call +49 170 7654321.');
  await look('report', page);
  await press('#send');
  await until('the code', () => page.evaluate(() => document.getElementById('code')?.textContent), 30000);
  await until('what waits', () => page.evaluate(() => document.getElementById('overview')?.hidden === false));
  await look('report-sent', page);
  await press('#undo');
  await until('it to be taken back', () => page.evaluate(() => document.getElementById('done')?.hidden));
  await page.close();
}

for (const [scheme, language] of /** @type {const} */ ([['light', 'en'], ['dark', 'en'], ['light', 'ar'], ['light', 'ru'], ['dark', 'zh']])) {
  test(`the report page, ${scheme}, in ${language}`, () => states(scheme, language, async (name, page) => {
    await page.screenshot({ path: /** @type {`${string}.png`} */ (join(OUT, `${name}-${language === 'en' ? scheme : language}.png`)), fullPage: true, captureBeyondViewport: false });
    assert.deepEqual(await complaints(page), [], 'axe');
    const { lang, dir, wide, missing } = await page.evaluate(() => ({
      lang: document.documentElement.lang, dir: document.documentElement.dir, wide: document.documentElement.scrollWidth > innerWidth,
      missing: [...document.querySelectorAll('[data-say]')].filter((e) => !e.textContent).map((e) => e.getAttribute('data-say')),
    }));
    assert.deepEqual({ lang, dir, wide, missing }, { lang: language, dir: language === 'ar' ? 'rtl' : 'ltr', wide: false, missing: [] });
  }));
}
