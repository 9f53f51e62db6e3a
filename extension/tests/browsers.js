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
 * beside: a module that the worker runs as well, as a page of ours would; Firefox's tools open none.
 * @param {string} dir @param {{hosts?: string[], consent?: boolean, version?: string, hurried?: boolean, beside?: string}} how
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
  if (how.beside) {
    writeFileSync(join(dir, 'background', 'beside.js'), how.beside);
    const worker = join(dir, 'background', 'sw.js');
    writeFileSync(worker, `${readFileSync(worker, 'utf8')}\nimport './beside.js';\n`);
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
      await (await find()).close().catch(() => {}); // it may have ended by itself just now
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
            longest: () => lapwing.slices.longest(),
            contrast: contrasts,
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
        /** How each text of ours in the page stands out from what is behind it: WCAG's ratio, and the size in pixels. */
        function contrasts() {
          const context = /** @type {CanvasRenderingContext2D} */ (document.createElement('canvas').getContext('2d', { willReadFrequently: true }));
          const paint = (/** @type {string[]} */ ...colours) => {
            for (const c of ['#fff', ...colours]) { context.fillStyle = c; context.fillRect(0, 0, 1, 1); }
            return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
          };
          const light = (/** @type {number[]} */ rgb) => {
            const [r, g, b] = rgb.map((v) => (v <= 10.3 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          /** @type {{text: string, ratio: number, large: boolean}[]} */
          const out = [];
          for (const host of document.querySelectorAll('*')) {
            const shadow = host.localName.includes('-') && chrome.dom.openOrClosedShadowRoot(/** @type {HTMLElement} */ (host));
            for (const el of shadow ? shadow.querySelectorAll('*') : []) {
              const own = [...el.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.textContent?.trim());
              const style = getComputedStyle(el), icon = el.localName === 'svg';
              if (!own && !icon || !el.getClientRects().length || el.localName === 'style') continue;
              const behind = [];
              let opacity = 1;
              for (let e = /** @type {Element | null} */ (el); e; e = e.parentElement) {
                const s = getComputedStyle(e);
                behind.unshift(s.backgroundColor);
                opacity *= Number(s.opacity);
              }
              const back = paint(...behind), front = paint(...behind, icon ? style.fill : style.color).map((v, i) => v * opacity + back[i] * (1 - opacity));
              const [a, b] = [light(front), light(back)].sort((x, y) => y - x);
              const size = parseFloat(style.fontSize), large = icon || size >= 24 || size >= 18.66 && Number(style.fontWeight) >= 700;
              out.push({ text: (el.textContent ?? el.localName).trim().slice(0, 40) || el.localName, ratio: Math.round((a + 0.05) / (b + 0.05) * 100) / 100, large });
            }
          }
          return out;
        }
      }, url, code, frame);
    },
  };
}

/**
 * idle: after how many milliseconds without work the background ends.
 * @param {{hosts?: string[], consent?: boolean, hurried?: boolean, beside?: string, idle?: number}} [how]
 */
export async function firefox(how = {}) {
  const dir = variant('firefox', { hosts: HOSTS, consent: true, ...how });
  const browser = await puppeteer.launch({ browser: 'firefox', executablePath: FIREFOX, headless: true, extraPrefsFirefox: how.idle ? { 'extensions.background.idle.timeout': how.idle } : {} });
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
    if (Date.now() > end) throw new Error(`waited in vain for ${what}; last: ${last instanceof Error ? last : JSON.stringify(last) ?? last}`);
    await new Promise((done) => { setTimeout(done, 40); });
  }
}
