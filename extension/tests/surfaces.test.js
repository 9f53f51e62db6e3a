// SPDX-License-Identifier: Apache-2.0

// Every surface in both colour schemes: axe finds nothing to complain of, and a
// picture of each is written to build/screenshots for people to look at.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { complaints } from './axe.js';
import { ROOT } from './browsers.js';
import { surfaces } from './surfaces.js';

const OUT = join(ROOT, 'build', 'screenshots');
mkdirSync(OUT, { recursive: true });

/** The surfaces that are documents of ours. */
const OURS = new Set(['welcome', 'options', 'help', 'practice', 'popup', 'popup-detail', 'side']);

for (const scheme of /** @type {const} */ (['light', 'dark'])) {
  test(`surfaces in the ${scheme} scheme are accessible`, async () => {
    await surfaces(scheme, async (name, page, inside) => {
      await page.screenshot({ path: /** @type {`${string}.png`} */ (join(OUT, `${name}-${scheme}.png`)), fullPage: OURS.has(name), captureBeyondViewport: false });
      if (inside) {
        assert.deepEqual(await insideOf(page, inside.html), [], 'panel: axe');
        // Axe sees no colours there, so they are computed: WCAG AA for marks and panel.
        assert.ok(inside.contrast.length > 20, 'texts of marks and panel');
        assert.deepEqual(inside.contrast.filter((t) => t.ratio < (t.large ? 3 : 4.5)), [], 'panel: contrast');
      }
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
 * closed shadow root.
 * @param {import('puppeteer-core').Page} page @param {string} html
 */
async function insideOf(page, html) {
  const alone = await page.browser().newPage();
  await alone.setContent(`<!doctype html><html lang="en"><title>Panel</title><main><h1>Panel</h1>${html.replace(' popover="manual"', '')}</main></html>`);
  const found = await complaints(alone);
  await alone.close();
  return found;
}
