// SPDX-License-Identifier: Apache-2.0

// Starts the real browsers with the extension in them. Headless browsers cannot
// show the question "may it read this site?", so a copy of the build is used
// whose manifest names the test's own host; everything else is what is shipped.

import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import puppeteer from 'puppeteer-core';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const FIREFOX = process.env.FIREFOX ?? '/usr/bin/firefox-esr';

/** @type {string | null} */
let built = null;

/** Builds the extension from this source, once per process. LAPWING_BUILT names a build to test instead. */
export function build() {
  built ??= process.env.LAPWING_BUILT ?? null;
  if (built) return built;
  const out = mkdtempSync(join(tmpdir(), 'lapwing-built-'));
  execFileSync('go', ['run', './extension/build', '-out', out], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  process.on('exit', () => rmSync(out, { recursive: true, force: true }));
  built = out;
  return out;
}

/**
 * A copy of the build for one test.
 * @param {'chromium' | 'firefox'} browser
 * @param {{hosts?: string[], consent?: boolean, version?: string, hurried?: boolean}} [how]
 */
export function variant(browser, how = {}) {
  const dir = mkdtempSync(join(tmpdir(), `lapwing-${browser}-`));
  cpSync(join(build(), browser), dir, { recursive: true });
  process.on('exit', () => rmSync(dir, { recursive: true, force: true }));
  patch(dir, how);
  return dir;
}

/**
 * hurried: a minute of the updates' timetable lasts a hundredth of a second.
 * @param {string} dir @param {{hosts?: string[], consent?: boolean, version?: string, hurried?: boolean}} how
 */
export function patch(dir, how) {
  const file = join(dir, 'manifest.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  if (how.hosts) manifest.host_permissions = how.hosts;
  if (how.version) manifest.version = how.version;
  writeFileSync(file, JSON.stringify(manifest));
  if (how.hurried) {
    const update = join(dir, 'background', 'update.js');
    writeFileSync(update, readFileSync(update, 'utf8').replace('MINUTE = 60e3', 'MINUTE = 10'));
  }
  if (how.consent) {
    const settings = join(dir, 'shared', 'settings.js');
    writeFileSync(settings, readFileSync(settings, 'utf8').replace('consent: false', 'consent: true'));
  }
}

export const HOSTS = ['http://127.0.0.1/*'];

/**
 * @param {{hosts?: string[], consent?: boolean, version?: string, args?: string[]}} [how]
 */
export async function chromium(how = {}) {
  const dir = variant('chromium', { hosts: HOSTS, consent: true, ...how });
  const browser = await puppeteer.launch({
    browser: 'chrome', executablePath: CHROMIUM, headless: true, pipe: true, enableExtensions: [dir],
    args: ['--no-sandbox', '--lang=en', ...(how.args ?? [])], env: { ...process.env, LANGUAGE: 'en' },
  });
  const target = await browser.waitForTarget((t) => t.type() === 'service_worker' && t.url().endsWith('sw.js'));
  const id = new URL(target.url()).hostname;
  return { browser, dir, id, ...inWorker(browser, id) };
}

/** @param {import('puppeteer-core').Browser} browser @param {string} id */
function inWorker(browser, id) {
  const find = async () => {
    const isWorker = (/** @type {import('puppeteer-core').Target} */ t) => t.type() === 'service_worker' && t.url().includes(id);
    const target = browser.targets().findLast(isWorker) ?? await browser.waitForTarget(isWorker);
    const worker = await target.worker();
    if (!worker) throw new Error('the worker is gone');
    return worker;
  };
  return {
    worker: find,
    /** Ends the worker, as the browser does after half a minute. */
    async kill() {
      await (await find()).close();
    },
    /** Loads the extension again from its folder, as an update does. @param {string} dir */
    async reload(dir) {
      const old = new Set(browser.targets().filter((t) => t.type() === 'service_worker'));
      await browser.installExtension(dir);
      await until('the new worker', () => browser.targets().some((t) => t.type() === 'service_worker' && t.url().includes(id) && !old.has(t)), 10000);
    },
    /**
     * Runs a function beside the content scripts of a page, where their names are known.
     * @template T @param {import('puppeteer-core').Page} page @param {string} code an expression
     * @param {number} [frame] @returns {Promise<T>}
     */
    async inside(page, code, frame = 0) {
      const url = page.url();
      return (await find()).evaluate(async (url, code, frame) => {
        const tabs = await chrome.tabs.query({});
        const tab = tabs.find((t) => t.url === url);
        if (!tab?.id) throw new Error(`no tab at ${url}: ${tabs.map((t) => t.url)}`);
        const got = await chrome.scripting.executeScript({ target: { tabId: tab.id, frameIds: [frame] }, func: LAPWING_READERS()[code] });
        return got[0].result;
        /** What tests may ask of a frame, by name: an extension's policy lets no text become code. */
        function LAPWING_READERS() {
          /** @type {Record<string, () => any>} */
          const readers = {
            count: () => lapwing.finds?.count(),
            state: () => lapwing.watch?.state(),
            findings: () => lapwing.finds.list(),
            busy: () => lapwing.slices.busy(),
            running: () => lapwing.running,
            times: () => lapwing.times,
            marks: () => {
              /** @type {{text: string, label: string | null, host: string}[]} */
              const out = [];
              const look = (/** @type {ParentNode} */ scope) => {
                for (const el of scope.querySelectorAll('*')) {
                  if (!el.localName.includes('-')) continue;
                  const shadow = chrome.dom.openOrClosedShadowRoot(/** @type {HTMLElement} */ (el));
                  if (!shadow) continue;
                  const b = shadow.querySelector('button[aria-haspopup="dialog"]');
                  if (b) out.push({ text: b.textContent ?? '', label: b.getAttribute('aria-label'), host: el.localName });
                  else look(shadow);
                }
              };
              look(document);
              return out;
            },
            panel: () => {
              for (const el of document.querySelectorAll('*')) {
                const shadow = el.localName.includes('-') && chrome.dom.openOrClosedShadowRoot(/** @type {HTMLElement} */ (el));
                const dialog = shadow && shadow.querySelector('[role="dialog"]');
                if (dialog) return { text: /** @type {HTMLElement} */ (dialog).innerText, html: dialog.outerHTML, focus: shadow.activeElement?.className ?? null };
              }
              return null;
            },
          };
          return readers;
        }
      }, url, code, frame);
    },
  };
}

/** @param {{hosts?: string[], consent?: boolean, hurried?: boolean}} [how] */
export async function firefox(how = {}) {
  const dir = variant('firefox', { hosts: HOSTS, consent: true, ...how });
  const browser = await puppeteer.launch({ browser: 'firefox', executablePath: FIREFOX, headless: true });
  const id = await browser.installExtension(dir);
  return { browser, dir, id };
}

/**
 * Waits until something holds, and says what it was if it does not.
 * @template T @param {string} what @param {() => Promise<T> | T} look @param {number} [patience] in milliseconds
 * @returns {Promise<Exclude<NonNullable<T>, false>>}
 */
export async function until(what, look, patience = 8000) {
  const end = Date.now() + patience;
  let last;
  for (;;) {
    try {
      last = await look();
      if (last) return /** @type {any} */ (last);
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`waited in vain for ${what}; last: ${JSON.stringify(last) ?? last}`);
    await new Promise((done) => { setTimeout(done, 40); });
  }
}
