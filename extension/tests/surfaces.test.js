// SPDX-License-Identifier: Apache-2.0

// Every surface in both colour schemes: axe finds nothing to complain of, and a
// picture of each is written to build/screenshots for people to look at.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from './browsers.js';
import { surfaces } from './surfaces.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const OUT = join(ROOT, 'build', 'screenshots');
mkdirSync(OUT, { recursive: true });

/** The surfaces that are documents of ours. */
const OURS = new Set(['welcome', 'options', 'help', 'practice', 'popup', 'popup-detail', 'side']);

for (const scheme of /** @type {const} */ (['light', 'dark'])) {
  test(`surfaces in the ${scheme} scheme are accessible`, async () => {
    await surfaces(scheme, async (name, page, inside) => {
      await page.screenshot({ path: /** @type {`${string}.png`} */ (join(OUT, `${name}-${scheme}.png`)), fullPage: OURS.has(name), captureBeyondViewport: false });
      if (inside) assert.deepEqual(await insideOf(page, inside.html), [], 'panel: axe');
      if (OURS.has(name)) assert.deepEqual(await complaints(page), [], `${name}: axe`);
    });
  });
}

for (const language of ['ar', 'zh', 'uk']) {
  test(`surfaces in ${language}`, async () => {
    await surfaces('light', async (name, page) => {
      await page.screenshot({ path: /** @type {`${string}.png`} */ (join(OUT, `${name}-${language}.png`)), fullPage: OURS.has(name), captureBeyondViewport: false });
      if (!OURS.has(name)) return;
      const { lang, dir, wide, missing } = await page.evaluate(() => ({
        lang: document.documentElement.lang, dir: document.documentElement.dir,
        wide: document.documentElement.scrollWidth > innerWidth,
        missing: [...document.querySelectorAll('[data-say]')].filter((e) => !e.textContent).map((e) => e.getAttribute('data-say')),
      }));
      assert.deepEqual({ lang, dir, wide, missing }, { lang: language, dir: language === 'ar' ? 'rtl' : 'ltr', wide: false, missing: [] }, name);
    }, language);
  });
}

/**
 * The panel's elements in a document of their own, since axe cannot look into a
 * closed shadow root; its colours are those of the popup's explanation.
 * @param {import('puppeteer-core').Page} page @param {string} html
 */
async function insideOf(page, html) {
  const alone = await page.browser().newPage();
  await alone.setContent(`<!doctype html><html lang="en"><title>Panel</title><main><h1>Panel</h1>${html.replace(' popover="manual"', '')}</main></html>`);
  const found = await complaints(alone);
  await alone.close();
  return found;
}

/** @param {import('puppeteer-core').Page} page */
async function complaints(page) {
  const client = await page.createCDPSession();
  await client.send('Runtime.evaluate', { expression: AXE });
  const { result } = await client.send('Runtime.evaluate', {
    expression: `axe.run(document, { resultTypes: ['violations'] }).then((r) => JSON.stringify(r.violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.html + ' ' + n.failureSummary).join(' | '))))`,
    awaitPromise: true,
  });
  return JSON.parse(/** @type {string} */ (result.value));
}
