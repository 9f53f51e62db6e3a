// SPDX-License-Identifier: Apache-2.0

// A board of invented adverts in a fresh browser profile with the extension in
// it, where there is a display; else pictures of every surface. make run.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import puppeteer from 'puppeteer-core';
import { board } from './board.js';
import { HOSTS, ROOT, variant } from './browsers.js';
import { surfaces } from './surfaces.js';

if (process.env.DISPLAY || process.env.WAYLAND_DISPLAY) await show();
else await draw();

async function show() {
  const site = await board();
  const browser = await puppeteer.launch({
    browser: 'chrome', executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: false, defaultViewport: null,
    enableExtensions: [variant('chromium', { hosts: HOSTS, consent: true })], pipe: true, args: ['--no-sandbox'],
  });
  const [page] = await browser.pages();
  await page.goto(`${site.url}/list?n=30`);
  console.log(`the board is at ${site.url}/list?n=30; close the browser to end`);
  browser.on('disconnected', () => site.close());
}

async function draw() {
  const out = join(ROOT, 'build', 'screenshots');
  mkdirSync(out, { recursive: true });
  for (const scheme of /** @type {const} */ (['light', 'dark'])) {
    await surfaces(scheme, async (name, page) => {
      await page.screenshot({ path: /** @type {`${string}.png`} */ (join(out, `${name}-${scheme}.png`)), fullPage: !['marks', 'panel'].includes(name), captureBeyondViewport: false });
    });
  }
  console.log(`no display here: pictures of every surface are in ${out}`);
}
