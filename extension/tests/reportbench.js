// SPDX-License-Identifier: Apache-2.0

// What a report costs in Chromium, on a page of the extension: redacting,
// composing and sealing one of 4 KiB, and the work for it. The least of many
// rounds, since the machine may be shared; the work's time is what a core that
// has nothing else to do takes on average, and a multiple of it now and then.

import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, chromium } from './browsers.js';
import { trees } from './trees.js';

const t = await trees();
const out = join(t.dir, 'built');
execFileSync('go', ['run', './extension/build', '-out', out, '-release', t.dir, '-server', t.server('honest')], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
process.env.LAPWING_BUILT = out;
const c = await chromium({ version: '1.0.0' });
try {
  const page = await c.browser.newPage();
  await page.goto(`chrome-extension://${c.id}/help/help.html`);
  await t.publish();
  await page.evaluate(() => chrome.runtime.sendMessage({ name: 'update', body: {} }));
  // Its own names for files, so that nobody looks for them beside this one.
  const files = ['/report/sending.js', '/report/compose.js'];
  const took = await page.evaluate(measure, files);
  for (const [what, ms] of Object.entries(took.least)) console.log(`${what.padEnd(34)}${ms.toFixed(2).padStart(10)} ms`);
  const rate = took.tries / took.least['work, one slice'] * 1000;
  console.log(`${'nonces a second'.padEnd(34)}${Math.round(rate).toLocaleString('en').padStart(10)}`);
  for (const bits of [18, 19, 20, 21]) console.log(`${`work of ${bits} bits, on average`.padEnd(34)}${(2 ** bits / rate).toFixed(2).padStart(10)} s`);
} finally {
  await c.browser.close();
  rmSync(c.dir, { recursive: true, force: true });
  t.close();
}

/**
 * Runs in the page.
 * @param {string[]} files
 * @returns {Promise<{ least: Record<string, number>, tries: number }>}
 */
async function measure(files) {
  const [sending, composing] = await Promise.all(files.map((f) => import(f)));
  const TRIES = 8192, ROUNDS = 60;
  /** @type {Record<string, number>} */
  const least = {};
  /** @template T @param {string} what @param {() => T} f @returns {T} */
  const timed = (what, f) => {
    const from = performance.now();
    const value = f();
    least[what] = Math.min(least[what] ?? Infinity, performance.now() - from);
    return value;
  };
  const from = performance.now();
  const s = await sending.sealer();
  least['start of the module'] = performance.now() - from;
  const intake = s.intake(), { id } = s.code();
  const body = 'Write to anna@mail.example or call +49 170 1234567. The agency keeps your passport during the contract. '.repeat(22);
  const listing = { kind: 'job', lang: 'en', title: 'Hostess wanted', body, company: '', location: '', pay: '', contact: '', url: '' };
  const draft = { sort: 'flagged', listing, address: '', verdict: null, list: 'x-1+00000000', degree: 'path', region: '', note: '', out: [], shown: [], cut: {} };
  let envelope = new Uint8Array();
  for (let i = 0; i < ROUNDS; i++) {
    const [list] = timed('redact', () => s.redact([body]));
    const { report } = timed('compose', () => s.compose(composing.compose(draft, { body: list, note: [] }, { id, release: intake.version, program: '1.0.0', day: '2026-11-24' })));
    if (i === 0) timed('seal, the first time', () => s.seal(id, report));
    envelope = timed('seal, warm', () => s.seal(id, report));
  }
  if (envelope.length !== 4096) throw new Error(`an envelope of ${envelope.length} bytes`);
  for (let i = 0; i < ROUNDS; i++) {
    // 32 bits are never found, so that all nonces are tried.
    const aborted = new AbortController();
    const began = performance.now();
    await s.work(envelope, 32, () => {
      least['work, one slice'] = Math.min(least['work, one slice'] ?? Infinity, performance.now() - began);
      aborted.abort();
    }, aborted.signal).catch(() => {});
  }
  return { least, tries: TRIES };
}
