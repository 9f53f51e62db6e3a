// SPDX-License-Identifier: Apache-2.0

// Reports in Chromium, from the mark to the collector: what is shown is what
// arrives, and nothing else leaves.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { board } from './board.js';
import { ROOT, chromium, until } from './browsers.js';
import { assertPlain, trees } from './trees.js';

/** @type {Awaited<ReturnType<typeof trees>>} */
let t;
/** @type {Awaited<ReturnType<typeof chromium>>} */
let c;
/** @type {Awaited<ReturnType<typeof board>>} */
let site;
/** @type {import('puppeteer-core').Page} */
let page;

/** Invented, and full of what had better not leave. */
const LISTING = {
  kind: 'job', lang: 'en', title: 'Hostess wanted abroad', company: 'Invented Ltd', location: 'Nowhere', pay: '', contact: 'WhatsApp +49 170 1234567',
  body: 'Write to anna@mail.example or call +49 170 1234567. The agency keeps your passport during the contract.', url: 'https://jobs.example/advert/7?ref=me#top',
};

before(async () => {
  [t, site] = await Promise.all([trees(), board()]);
  const out = join(t.dir, 'built');
  execFileSync('go', ['run', './extension/build', '-out', out, '-release', t.dir, '-server', t.server('honest')], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  process.env.LAPWING_BUILT = out;
  // The server's address is no site that is read, so the board has another name.
  c = await chromium({ version: '1.0.0', hosts: ['http://127.0.0.1/*', 'http://localhost/*'] });
  page = await c.browser.newPage();
  await page.goto(`chrome-extension://${c.id}/options/options.html`);
});
after(async () => {
  delete process.env.LAPWING_BUILT;
  await c.browser.close();
  rmSync(c.dir, { recursive: true, force: true });
  await site.close();
  t.close();
});

/** @param {string} name @param {object} [body] @returns {Promise<any>} */
async function ask(name, body = {}) {
  const answer = await page.evaluate((name, body) => chrome.runtime.sendMessage({ name, body }), name, body);
  assert.ok(answer?.ok, `${name}: ${answer?.error}`);
  return answer.value;
}

/** What is kept in the browser's lasting store. @returns {Promise<Record<string, any>>} */
const stored = () => page.evaluate(() => chrome.storage.local.get(null));

/** Begins a report and gives its page. @param {object} [changes] @param {string} [sort] */
async function begin(changes = {}, sort = 'flagged') {
  const old = new Set(c.browser.targets());
  await ask('beginReport', { listing: { ...LISTING, ...changes }, sort, tab: -1 });
  const target = await c.browser.waitForTarget((x) => !old.has(x) && x.url().includes('/report/report.html#'));
  const report = /** @type {import('puppeteer-core').Page} */ (await target.page());
  await until('the page to be ready', () => report.evaluate(() => document.getElementById('fields')?.textContent || document.getElementById('status')?.textContent));
  return report;
}

/** @param {import('puppeteer-core').Page} report */
const shown = (report) => report.evaluate(() => document.getElementById('bytes')?.textContent ?? '');

/** Presses what may be below the fold. @param {import('puppeteer-core').Page} report @param {string} css */
const press = (report, css) => report.evaluate((css) => /** @type {HTMLElement} */ (document.querySelector(css)).click(), css);

/** @param {import('puppeteer-core').Page} report @returns {Promise<string>} the code */
async function send(report) {
  await press(report, '#send');
  return until('the code', () => report.evaluate(() => (document.getElementById('code')?.textContent ?? '').replaceAll(' ', '')), 30000);
}

/** What arrives next. */
const arrived = () => until('a report to arrive', async () => (await t.reports()).got[0], 15000);

test('without reviewers\' keys the page says so, and seals nothing', async () => {
  const report = await begin();
  assert.match(await report.evaluate(() => document.getElementById('status')?.textContent ?? ''), /cannot be sent/);
  assert.equal(await report.evaluate(() => document.getElementById('form')?.hidden), true);
  await until('the draft to be listed', () => report.evaluate(() => document.querySelectorAll('[data-discard]').length === 1));
  await press(report, '[data-discard]');
  await until('it to be gone', async () => (await ask('reports')).drafts.length === 0);
  await report.close();
});

test('what is shown is what arrives, byte for byte, and work was done for it', async () => {
  await t.publish();
  assert.equal((await ask('update')).outcome, 'updated');
  await t.seen();
  const report = await begin();
  const bytes = await shown(report);
  assert.deepEqual((await t.seen()).filter((r) => r.method === 'POST'), [], 'nothing has left yet');
  await press(report, '[name="when"][value="now"]');
  const code = await send(report);
  const got = await arrived();
  assert.equal(got.fault, '');
  assert.ok(got.work && got.size === 4096, JSON.stringify(got));
  assert.equal(got.report, bytes);
  assert.match(code, /^[0-9a-f]{32}$/);
  assert.equal(got.id, JSON.parse(bytes).id);
  await report.close();
});

test('contacts are redacted until somebody takes that back', async () => {
  const report = await begin();
  const r = JSON.parse(await shown(report));
  assert.equal(r.body, 'Write to [e-mail] or call [phone]. The agency keeps your passport during the contract.');
  assert.equal(r.contact, 'WhatsApp [phone]');
  for (const reason of r.reasons ?? []) for (const s of reason.spans) assert.ok(s.end <= [...r[s.field]].length, 'passages point into what is sent');
  await press(report, '[data-redaction^="body/"]');
  assert.match(JSON.parse(await shown(report)).body, /^Write to anna@mail\.example or call \[phone\]/);
  await press(report, '[data-redaction^="body/"]');
  assert.match(JSON.parse(await shown(report)).body, /^Write to \[e-mail\]/);
  await press(report, '#discard');
  await report.close();
});

test('each field can be taken out, and the address comes in degrees', async () => {
  const report = await begin();
  const keys = async () => Object.keys(JSON.parse(await shown(report)));
  for (const field of ['title', 'body', 'company', 'location', 'contact']) {
    await press(report, `#field-${field}`);
    assert.ok(!(await keys()).includes(field), field);
  }
  await press(report, '#verdict');
  assert.ok(!(await keys()).includes('level'));
  const address = async (/** @type {string} */ degree) => {
    await press(report, `[name="degree"][value="${degree}"]`);
    const { site, address } = JSON.parse(await shown(report));
    return [site, address];
  };
  assert.deepEqual(await address('full'), ['jobs.example', LISTING.url]);
  assert.deepEqual(await address('path'), ['jobs.example', 'https://jobs.example/advert/7']);
  assert.deepEqual(await address('host'), ['jobs.example', undefined]);
  assert.deepEqual(await address('none'), [undefined, undefined]);
  await report.select('#country', 'DE');
  await report.type('#part', 'be');
  assert.equal(JSON.parse(await shown(report)).region, 'DE-BE');
  await report.type('#note', 'Ask +49 170 7654321 "for the visa"');
  assert.equal(JSON.parse(await shown(report)).note, 'Ask [phone] "for the visa"');
  await press(report, '#discard');
  await report.close();
});

test('a draft is kept until it is discarded', async () => {
  const report = await begin();
  await report.type('#note', 'half a thought');
  await until('it to be kept', async () => Object.values(await stored()).some((v) => v?.note === 'half a thought'));
  await report.close();
  await c.kill();
  const { drafts } = await ask('reports');
  const again = await c.browser.newPage();
  await again.goto(`chrome-extension://${c.id}/report/report.html#${drafts[0].key}`);
  await until('the note', async () => (await shown(again)).includes('half a thought'));
  await press(again, '#discard');
  await until('it to be forgotten', async () => !Object.keys(await stored()).some((k) => k === `draft/${drafts[0].key}`));
  await again.close();
});

test('a report that is too long can be shortened, and says by how much', async () => {
  const report = await begin({ body: 'The agency keeps your passport during the contract. '.repeat(380) });
  assert.match(await report.evaluate(() => document.getElementById('over')?.textContent ?? ''), /\d+ bytes/);
  assert.equal(await report.evaluate(() => /** @type {HTMLButtonElement} */ (document.getElementById('send')).disabled), true);
  await press(report, '#shorten');
  await press(report, '[name="when"][value="now"]');
  const bytes = await until('the bytes', () => shown(report));
  await send(report);
  const got = await arrived();
  assert.equal(got.report, bytes);
  assert.equal(got.size, 16384);
  await report.close();
});

test('a report waits sealed for a random time, survives the worker, and arrives once', async () => {
  const { count: before } = await until('earlier reports to be taken', async () => {
    const { outbox } = await ask('reports');
    return outbox.waiting === 0 && outbox;
  });
  const report = await begin();
  const code = await send(report);
  const [waiting] = (await stored()).reports;
  const hours = (waiting.due - Date.now()) / 3600e3;
  assert.ok(hours > 0.9 && hours <= 24, `due in ${hours} hours`);
  const kept = JSON.stringify(await stored());
  for (const secret of ['passport during', 'jobs.example', 'Hostess', code]) assert.ok(!kept.includes(secret), `"${secret}" can be read from the store`);
  assert.deepEqual((await t.reports()).got, [], 'nothing has left yet');
  await c.kill();
  await page.evaluate(async () => {
    const { reports } = /** @type {any} */ (await chrome.storage.local.get('reports'));
    await chrome.storage.local.set({ reports: reports.map((/** @type {any} */ r) => ({ ...r, due: Date.now() })) });
    await chrome.alarms.create('reports', { when: Date.now() + 100 });
  });
  await arrived();
  await until('the queue to be empty', async () => (await ask('reports')).outbox.waiting === 0);
  assert.equal((await ask('reports')).outbox.count, before + 1);
  const left = await stored();
  assert.deepEqual([left.reports, left.reported.kept], [undefined, []], 'nothing but the count is left');
  await report.close();
});

test('a server that is down is tried again, and given up after a week', async () => {
  await ask('set', { server: t.server('down') });
  const report = await begin();
  await press(report, '[name="when"][value="now"]');
  await send(report);
  await until('a first attempt', async () => (await stored()).reports?.[0]?.failed === 1);
  const [w] = (await stored()).reports;
  assert.ok(w.due - Date.now() > 5 * 60e3 && w.due < w.until, 'the next attempt is a while away');
  await page.evaluate(async () => {
    const { reports } = /** @type {any} */ (await chrome.storage.local.get('reports'));
    await chrome.storage.local.set({ reports: reports.map((/** @type {any} */ r) => ({ ...r, due: 1, until: Date.now() })) });
    await chrome.alarms.create('reports', { when: Date.now() + 100 });
  });
  await until('it to be given up', async () => (await ask('reports')).outbox.late === 1);
  assert.equal((await stored()).reports[0].envelope, '', 'what was given up is not kept');
  await ask('seenReports');
  assert.equal((await ask('reports')).outbox.late, 0);
  await ask('set', { server: '' });
  await report.close();
});

test('a code takes a report back, sent or not', async () => {
  const report = await begin();
  const code = await send(report);
  const id = (await stored()).reports[0].id;
  await press(report, '#undo');
  const { taken } = await until('the withdrawal', async () => { const r = await t.reports(); return r.taken.length > 0 && r; });
  assert.deepEqual(taken, [id]);
  assert.equal((await stored()).reports, undefined, 'and it waits no more');
  await report.type('#taken', code);
  await press(report, '#take [type="submit"]');
  await until('a second withdrawal', async () => (await t.reports()).taken[0] === id);
  await report.close();
});

test('a kept code is kept only where that was asked for', async () => {
  const report = await begin();
  await press(report, '#trace');
  await press(report, '[name="when"][value="now"]');
  const code = await send(report);
  await arrived();
  await until('the code to be kept', async () => (await ask('reports')).outbox.kept.some((/** @type {any} */ k) => k.code === code));
  await ask('withdraw', { code });
  await until('it to be forgotten', async () => (await ask('reports')).outbox.kept.length === 0);
  await report.close();
});

test('what arrives does not say who sent it', async () => {
  await t.reports();
  await t.seen();
  const report = await begin();
  await press(report, '[name="when"][value="now"]');
  await send(report);
  await arrived();
  const [{ header }] = (await t.seen()).filter((r) => r.method === 'POST');
  assertPlain('the report', header);
  await report.close();
});

test('from a mark to its report in two clicks, and nothing leaves but what was agreed', async () => {
  await t.seen();
  const listing = await c.browser.newPage(), old = new Set(c.browser.targets());
  await listing.goto(`${site.url.replace('127.0.0.1', 'localhost')}/list?n=10`);
  const [{ host }] = await until('marks', async () => { const m = /** @type {any[]} */ (await c.inside(listing, 'marks')); return m.length > 0 && m; });
  const box = await (await listing.$(host))?.boundingBox();
  assert.ok(box);
  await listing.mouse.click(box.x + 20, box.y + box.height / 2);
  await until('the panel', () => /** @type {any} */ (c.inside(listing, 'panel')));
  await listing.keyboard.down('Shift');
  await listing.keyboard.press('Tab'); // its last button: a wrong mark
  await listing.keyboard.up('Shift');
  await listing.keyboard.press('Enter');
  const target = await c.browser.waitForTarget((x) => !old.has(x) && x.url().includes('/report/report.html#'));
  const report = /** @type {import('puppeteer-core').Page} */ (await target.page());
  const bytes = await until('the bytes', () => shown(report));
  const { sort, site: host2, level, reasons } = JSON.parse(bytes);
  assert.deepEqual([sort, host2], ['wrong-flag', 'localhost']);
  assert.ok(level && reasons.length > 0, 'with what the mark said');
  assert.deepEqual(await t.seen(), [], 'a click on the mark has sent nothing');
  await press(report, '[name="when"][value="now"]');
  await send(report);
  const { report: got } = await arrived();
  assert.equal(JSON.parse(got).id, JSON.parse(bytes).id);
  assert.deepEqual((await t.seen()).map((r) => `${r.method} ${r.url}`), ['POST /honest/v1/reports'], 'and one request was made, the one that was agreed');
  await report.close();
  await listing.close();
});

test('of a private window nothing is stored, and its report is sent at once', async () => {
  const first = await begin();
  const key = new URL(first.url()).hash.slice(1);
  const draft = { ...await ask('draft', { key }), key: 'ab'.repeat(16), private: true, note: 'from a private window' };
  await press(first, '#discard');
  await until('the other draft to go', async () => (await ask('reports')).drafts.length === 0);
  await first.close();
  const before = await stored();
  await ask('keepDraft', { draft });
  const report = await c.browser.newPage();
  await report.goto(`chrome-extension://${c.id}/report/report.html#${draft.key}`);
  await until('the bytes', () => shown(report));
  assert.equal(await report.evaluate(() => /** @type {HTMLInputElement} */ (document.querySelector('[value="now"]')).checked), true);
  await send(report);
  assert.equal(JSON.parse((await arrived()).report).note, 'from a private window');
  assert.deepEqual(await stored(), before, 'the lasting store is as it was, the count of reports included');
  await report.close();
});

test('a report goes through the relay that the release names, and is taken back the same way', async () => {
  await t.publishRelay();
  assert.equal((await ask('update')).outcome, 'updated');
  await t.reports();
  await t.seen();
  const report = await begin();
  const bytes = await shown(report);
  await press(report, '[name="when"][value="now"]');
  await send(report);
  const got = await arrived();
  assert.deepEqual([got.fault, got.report], ['', bytes]);
  await press(report, '#undo');
  await until('the withdrawal', async () => (await t.reports()).taken[0] === got.id);
  const posts = (await t.seen()).filter((r) => r.method === 'POST');
  assert.deepEqual(posts.map((r) => r.url), ['/relay/v1/ohttp', '/relay/v1/ohttp'], 'the collector is never asked directly');
  for (const { url, header } of posts) assertPlain(url, header);
  await report.close();
});

test('erasing takes drafts, queue and counts with it', async () => {
  const report = await begin();
  await send(report);
  await report.close();
  await ask('erase');
  const left = await stored();
  assert.deepEqual([left.reports, left.reported, Object.keys(left).filter((k) => k.startsWith('draft/'))], [undefined, undefined, []]);
});
