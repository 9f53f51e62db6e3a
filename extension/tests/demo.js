// SPDX-License-Identifier: Apache-2.0

// What "make run" shows of the extension: a board of invented adverts in a fresh
// browser with the extension in it where there is a display, else pictures.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import puppeteer from 'puppeteer-core';
import { board } from './board.js';
import { HOSTS, ROOT, variant } from './browsers.js';
import { surfaces } from './surfaces.js';

process.env.LAPWING_BUILT ??= join(ROOT, 'build', 'extension');
if (process.env.DISPLAY || process.env.WAYLAND_DISPLAY) await window();
else await pictures();

/** Opens the board until the browser is closed. */
async function window() {
  const site = await board();
  const browser = await puppeteer.launch({
    browser: 'chrome', executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: false, pipe: true,
    enableExtensions: [variant('chromium', { hosts: HOSTS, consent: true })], args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    defaultViewport: null,
  });
  const [page] = await browser.pages();
  await page.goto(`${site.url}/list?n=10`);
  console.log('A board of invented adverts is open, with the extension in the browser. Close the window to end.');
  await new Promise((done) => browser.once('disconnected', done));
  await site.close();
}

/** Writes a picture of each surface. */
async function pictures() {
  const out = join(ROOT, 'build', 'screenshots');
  mkdirSync(out, { recursive: true });
  await surfaces('light', async (name, page) => {
    await page.screenshot({ path: /** @type {`${string}.png`} */ (join(out, `${name}-light.png`)) });
  });
  console.log(`There is no display, so pictures of the extension on a board of invented adverts are in ${out}`);
}
