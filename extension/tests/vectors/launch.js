// SPDX-License-Identifier: Apache-2.0

// Starts a headless browser that is installed on this machine, or says how to get it.

import { existsSync } from 'node:fs';

/** Where Debian and others put them; the environment goes first. */
const BROWSERS = {
  chromium: {
    browser: /** @type {const} */ ('chrome'), option: 'CHROMIUM', install: 'apt-get install -y --no-install-recommends chromium',
    paths: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
  },
  firefox: {
    browser: /** @type {const} */ ('firefox'), option: 'FIREFOX', install: 'apt-get install -y --no-install-recommends firefox-esr',
    paths: ['/usr/bin/firefox-esr', '/usr/bin/firefox'],
  },
};

/**
 * @param {string} name chromium or firefox
 * @returns {Promise<import('puppeteer-core').Browser>}
 */
export async function launch(name) {
  const wanted = BROWSERS[/** @type {keyof typeof BROWSERS} */ (name)];
  if (!wanted) throw new Error(`unknown browser ${name}: chromium or firefox`);
  const executablePath = [process.env[wanted.option] ?? '', ...wanted.paths].find(existsSync);
  if (!executablePath) {
    throw new Error(`${name} is not installed: ${wanted.install}, or set ${wanted.option} to where it is`);
  }
  const puppeteer = await import('puppeteer-core').catch(() => {
    throw new Error('puppeteer-core is not installed: npm ci in extension/');
  });
  // The sandbox of Chromium needs what containers do not give; all it opens is our own page.
  const args = wanted.browser === 'chrome' ? ['--no-sandbox'] : [];
  return puppeteer.default.launch({ browser: wanted.browser, executablePath, headless: true, args });
}
