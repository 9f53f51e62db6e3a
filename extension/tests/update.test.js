// SPDX-License-Identifier: Apache-2.0

// Newer lists in Chromium: fetched, kept, scored with, and never half of one.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ROOT, chromium, patch, until } from './browsers.js';
import { assertPlain, trees } from './trees.js';

/** @type {Awaited<ReturnType<typeof trees>>} */
let t;
/** @type {Awaited<ReturnType<typeof chromium>>} */
let c;
/** @type {import('puppeteer-core').Page} */
let page;
let newest = 1;

before(async () => {
  t = await trees();
  const out = join(t.dir, 'built');
  execFileSync('go', ['run', './extension/build', '-out', out, '-release', t.dir, '-server', t.server('honest')], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  process.env.LAPWING_BUILT = out;
  c = await chromium();
  page = await c.browser.newPage();
  await page.goto(`chrome-extension://${c.id}/options/options.html`);
});
after(async () => {
  delete process.env.LAPWING_BUILT;
  await c.browser.close();
  rmSync(c.dir, { recursive: true, force: true });
  t.close();
});

/** @param {string} name @param {object} [body] @returns {Promise<any>} */
async function ask(name, body = {}) {
  const answer = await page.evaluate((name, body) => chrome.runtime.sendMessage({ name, body }), name, body);
  assert.ok(answer?.ok, `${name}: ${answer?.error}`);
  return answer.value;
}

/** The version of the list that scores. @returns {Promise<number>} */
const scoring = async () => (await ask('state')).list.version;

/** Changes a kept value behind the extension's back. @param {string} key @param {string} how */
const spoil = (key, how) => page.evaluate((key, how) => new Promise((resolve, reject) => {
  const open = indexedDB.open('lapwing', 1);
  open.onsuccess = () => {
    const store = open.result.transaction('list', 'readwrite').objectStore('list');
    const get = store.get(key);
    get.onsuccess = () => {
      const value = get.result, bytes = key === 'ready' ? value.bytes : value;
      if (how === 'delete') store.delete(key);
      if (how === 'nonsense') store.put('nonsense', key);
      if (how === 'flip') { bytes[bytes.length >> 1] ^= 1; store.put(value, key); }
      if (how === 'cut') store.put(key === 'ready' ? { ...value, bytes: bytes.slice(0, 100) } : bytes.slice(0, 100), key);
    };
    store.transaction.oncomplete = () => { open.result.close(); resolve(null); };
    store.transaction.onerror = () => reject(store.transaction.error);
  };
}), key, how);

test('before the first look the packaged list scores, and a look is to come', async () => {
  const s = await until('a look to be planned', async () => { const s = await ask('release'); return s.nextAt > 0 && s; });
  assert.equal(s.off, '');
  assert.ok(s.release.packaged && s.release.version === 1);
  const wait = s.nextAt - Date.now();
  assert.ok(wait > 0 && wait < 32 * 60e3, `in ${wait} ms`);
  assert.equal(await scoring(), 1);
  assert.deepEqual(await t.seen(), [], 'nobody was asked');
});

test('a newer list is fetched, scores at once, and still does when the worker died', async () => {
  newest = await t.publish();
  const s = await ask('update');
  assert.equal(s.outcome, 'updated', s.refusal);
  assert.equal(await scoring(), newest);
  const wait = s.nextAt - Date.now();
  assert.ok(wait > 3 * 3600e3 - 60e3 && wait <= 9 * 3600e3, `the next look is in ${wait} ms`);
  await c.kill();
  assert.equal(await scoring(), newest);
  assert.equal((await ask('update')).outcome, 'up to date');
});

test('no request says who asks', async () => {
  await ask('set', { server: t.server('tracking') });
  await t.seen();
  newest = await t.publish();
  await ask('update');
  await ask('update');
  const seen = (await t.seen()).filter((r) => r.url.startsWith('/tracking'));
  assert.ok(seen.length >= 5);
  for (const { url, header } of seen) {
    assertPlain(url, header);
  }
});

test('the server of lists is no site that is read', async () => {
  assert.deepEqual((await ask('state')).sites, []);
  const scripts = await (await c.worker()).evaluate(() => chrome.scripting.getRegisteredContentScripts());
  assert.deepEqual(scripts, []);
});

test('the options tell how it stands with the list, and look for a newer one', async () => {
  await page.reload();
  const text = (/** @type {string} */ id) => page.evaluate((id) => document.getElementById(id)?.textContent ?? '', id);
  await until('the last look', async () => /Last look/.test(await text('news-times')));
  newest = await t.publish();
  await page.click('#look');
  await until('the newer list', async () => (await text('news')).startsWith('A newer list was found'));
  await until('its version', async () => (await text('list')).includes(` ${newest} `));
  assert.match(await text('list-more'), /came from the list server/);
  await page.click('#look');
  await until('nothing newer', async () => (await text('news')).startsWith('The list in use is the newest one.'));
});

test('another server can be set, if its address is one that may be asked', async () => {
  const said = () => page.evaluate(() => document.getElementById('status')?.textContent ?? '');
  const enter = async (/** @type {string} */ address) => {
    await page.$eval('#server', (e, address) => { /** @type {HTMLInputElement} */ (e).value = address; }, address);
    await page.$eval('#server-form', (f) => /** @type {HTMLFormElement} */ (f).requestSubmit());
  };
  await ask('set', { server: '' });
  for (const bad of ['http://lists.example/', 'lists.example', 'javascript:alert(1)', 'file:///etc']) {
    await enter(bad);
    await until(`${bad} to be refused`, async () => (await said()).startsWith('This is no address'));
    assert.equal((await ask('state')).settings.server, '');
    await page.evaluate(() => { /** @type {HTMLElement} */ (document.getElementById('status')).textContent = ''; });
  }
  await enter(t.server('down'));
  await until('it to be saved', async () => (await said()) === 'Saved.');
  assert.equal((await ask('release')).server, t.server('down'));
  await page.click('#look');
  await until('why the list stays', async () => (await page.evaluate(() => document.getElementById('news')?.textContent ?? '')).includes('could not be fetched'));
  await enter('');
  await until('the packaged server', async () => (await ask('release')).server === t.server('honest'));
});

test('the popup tells as well, and looks when it is asked to', async () => {
  newest = await t.publish();
  const popup = await c.browser.newPage();
  await popup.goto(`chrome-extension://${c.id}/popup/popup.html`);
  await until('the button', () => popup.evaluate(() => !(/** @type {HTMLElement} */ (document.getElementById('look'))).hidden));
  await popup.click('#look');
  await until('the newer list', () => popup.evaluate(() => (document.getElementById('news')?.textContent ?? '').startsWith('A newer list was found')));
  await until('its version', () => popup.evaluate((v) => (document.getElementById('list')?.textContent ?? '').includes(` ${v} `), newest));
  await popup.close();
});

test('bad servers change nothing', async () => {
  await t.publish();
  for (const name of ['truncated', 'flipped', 'redirect', 'down', 'endless', 'rollback']) {
    await ask('set', { server: t.server(name) });
    const s = await ask('update');
    assert.equal(s.outcome, 'kept', name);
    assert.notEqual(s.refusal, '', name);
    assert.equal(await scoring(), newest, name);
  }
  await ask('set', { server: '' });
});

for (const [key, how] of [['ready', 'flip'], ['ready', 'cut'], ['ready', 'delete'], ['ready', 'nonsense'], ['pack', 'flip'], ['pack', 'delete'], ['state', 'flip'], ['state', 'cut'], ['state', 'nonsense']]) {
  test(`a list scores, and the next look heals, where ${key} is damaged: ${how}`, async () => {
    newest = await t.publish();
    assert.equal((await ask('update')).outcome, 'updated');
    await spoil(key, how);
    await c.kill();
    assert.ok([1, newest].includes(await scoring()), 'the packaged list, or the newest, and no other');
    await ask('update');
    assert.equal(await scoring(), newest);
    await c.kill();
    assert.equal(await scoring(), newest);
    assert.equal((await ask('release')).release.recovering, '');
  });
}

test('a worker that dies in an update leaves the old list or the new one', async () => {
  for (let ms = 0; ms < 400; ms += 40) {
    const old = newest;
    newest = await t.publish();
    await page.evaluate(() => { void chrome.runtime.sendMessage({ name: 'update', body: {} }).catch(() => {}); });
    await new Promise((done) => { setTimeout(done, ms); });
    await c.kill();
    const got = await scoring();
    assert.ok(got === old || got === newest, `killed after ${ms} ms: version ${got}, want ${old} or ${newest}`);
    await ask('update');
    assert.equal(await scoring(), newest);
  }
});

test('a newer extension goes on with the newer list', async () => {
  patch(c.dir, { hosts: ['http://127.0.0.1/*'], version: '0.2.1' });
  await page.close();
  await c.reload(c.dir);
  page = await c.browser.newPage();
  await page.goto(`chrome-extension://${c.id}/options/options.html`);
  await until('the newest list', async () => (await scoring()) === newest);
});

test('what is erased is as it was when installed', async () => {
  await ask('erase');
  assert.equal(await scoring(), 1);
  assert.equal((await ask('release')).off, '', 'consent is built in for this test');
});
