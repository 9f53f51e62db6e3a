// SPDX-License-Identifier: Apache-2.0

// Reports in Firefox. Its tools open no page of an extension, so a module beside
// the worker does what the report page does, with the same files; from there on
// everything is what is shipped. What counts is what arrives.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ROOT, firefox, until } from './browsers.js';
import { assertPlain, trees } from './trees.js';

/** Seals three reports: two to be sent now, one later, which is then taken back. */
const PAGE = `
import * as store from './store.js';
import * as update from './update.js';
import { fromPage } from './reporting.js';
import { TEXTS } from './sealing.js';
import { compose } from '../report/compose.js';
import { hex, sealer, send, today } from '../report/sending.js';

const listing = { kind: 'job', lang: 'en', title: 'Hostess wanted', body: 'Write to anna@mail.example.', company: '', location: '', pay: '', contact: '', url: '' };
const draft = { key: '', begun: 0, private: false, sort: 'flagged', listing, address: 'https://jobs.example/7?me', verdict: null, list: 'generated-2+00000000',
  degree: 'path', region: 'DE', note: '', out: [], shown: [], cut: {}, now: true, trace: false };

async function one(changes) {
  const d = { ...draft, ...changes }, s = await sealer(), intake = s.intake(), who = s.code();
  const lists = s.redact([...TEXTS.map((f) => listing[f]), d.note]);
  const found = Object.fromEntries([...TEXTS, 'note'].map((f, i) => [f, lists[i]]));
  const { report } = s.compose(compose(d, found, { id: who.id, release: intake.version, program: '1.0.0', day: today() }));
  // The page asks the worker, which a worker cannot do: it is the worker.
  const handed = [];
  const runtime = browser.runtime;
  const asked = runtime.sendMessage;
  runtime.sendMessage = async (m) => { handed.push(m.body); return { ok: true, value: await fromPage[m.name](m.body) }; };
  try { await send(s, d, who, report, () => {}, new AbortController().signal); } finally { runtime.sendMessage = asked; }
  return hex(who.code);
}

(async () => {
  await store.load();
  const done = (await browser.storage.local.get('beside')).beside;
  if (done) return;
  for (let i = 0; i < 100 && !(await sealer().then((s) => s.intake()).catch(() => null)); i++) {
    await update.look();
    await new Promise((go) => { setTimeout(go, 200); });
  }
  await browser.storage.local.set({ beside: 1 });
  await one({});
  await one({ note: 'private', private: true });
  const code = await one({ note: 'later', now: false });
  await fromPage.withdraw({ code });
})().catch((error) => fetch(SERVER + '/v1/' + encodeURIComponent(String(error) + error.stack)));
`;

/** @type {Awaited<ReturnType<typeof trees>>} */
let t;
/** @type {Awaited<ReturnType<typeof firefox>>} */
let f;

before(async () => {
  t = await trees();
  const out = join(t.dir, 'built');
  execFileSync('go', ['run', './extension/build', '-out', out, '-release', t.dir, '-server', t.server('honest')], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  process.env.LAPWING_BUILT = out;
  await t.publish();
  f = await firefox({ beside: PAGE.replace('SERVER', JSON.stringify(t.server('honest'))) });
});
after(async () => {
  delete process.env.LAPWING_BUILT;
  await f.browser.close();
  rmSync(f.dir, { recursive: true, force: true });
  t.close();
});

test('firefox: reports arrive sealed, and are taken back by their code', async () => {
  /** @type {Awaited<ReturnType<typeof t.reports>>} */
  const all = { got: [], taken: [] };
  await until('two reports and a withdrawal', async () => {
    const { got, taken } = await t.reports();
    all.got.push(...got);
    all.taken.push(...taken);
    return all.got.length >= 2 && all.taken.length >= 1;
  }, 40000);
  assert.equal(all.got.length, 2, 'the third one waits for its time, or is gone');
  for (const r of all.got) {
    assert.deepEqual([r.fault, r.work, r.size], ['', true, 4096]);
    const { body, site, address, region } = JSON.parse(r.report);
    assert.deepEqual([body, site, address, region], ['Write to [e-mail].', 'jobs.example', 'https://jobs.example/7', 'DE']);
  }
  assert.ok(all.got.every((r) => !all.taken.includes(r.id)));
});

test('firefox: what arrives does not say who sent it', async () => {
  const posts = (await t.seen()).filter((r) => r.method === 'POST');
  assert.equal(posts.length, 3);
  for (const { url, header } of posts) assertPlain(url, header);
  const names = (/** @type {any} */ r) => Object.keys(r.header).sort().join(' ');
  assert.equal(names(posts[0]), names(posts[1]), 'one looks like the other');
});
