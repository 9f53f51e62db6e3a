// SPDX-License-Identifier: Apache-2.0

/**
 * Reports on their way out. What waits here is sealed: nobody can read it, this
 * program included. It is sent after a random delay, so that its time says
 * nothing of when somebody read what; tried again until it was taken; and given
 * up, and told, after a week. The collector takes the same envelope twice for
 * one, so a worker may die at any moment and the next one goes on.
 *
 *   local  reports: what waits, and what was given up
 *          reported: how many were taken; kept codes, if the reporter asked for that
 *
 * What comes from a private window is sent at once or not at all, and kept nowhere.
 */

import { api } from '../shared/api.js';
import * as carrier from './carrier.js';

/** @typedef {import('../shared/messages.js').Sealed} Sealed */
/** @typedef {import('../shared/messages.js').Outbox} Outbox */
/** @typedef {import('./carrier.js').Way} Way */

/**
 * Times are milliseconds since 1970; fate '' while it waits. failed counts attempts, until is when it is given up.
 * @typedef {{ id: string, envelope: string, due: number, until: number, failed: number, fate: '' | 'late' | 'refused', day: string, code: string }} Waiting
 * @typedef {{ count: number, kept: { day: string, code: string }[] }} Done
 */

export const ALARM = 'reports';

const MINUTE = 60e3, HOUR = 60 * MINUTE;

/** A report that is not sent now is sent at a time that is drawn from these. */
const SOONEST = HOUR, LATEST = 24 * HOUR;

/** For so long after it was due a report is tried again. */
const GIVE_UP = 7 * 24 * HOUR;

/** Between two attempts; doubled each time, up to the second. */
const FIRST_PAUSE = 15 * MINUTE, LONGEST_PAUSE = 12 * HOUR;

/** Whoever queues more than that is no person. */
const MOST = 100;

/** A number from 0 up to 1 that nobody can guess: Math.random would be enough, were it not for who reads the times. */
const chance = () => crypto.getRandomValues(new Uint32Array(1))[0] / 2 ** 32;

/** @returns {Promise<Waiting[]>} */
const waiting = async () => /** @type {Waiting[]} */ ((await api.storage.local.get('reports')).reports ?? []);

/** @returns {Promise<Done>} */
const done = async () => /** @type {Done} */ ((await api.storage.local.get('reported')).reported ?? { count: 0, kept: [] });

/** Changes come one after the other. @type {Promise<unknown>} */
let turn = Promise.resolve();

/** @template T @param {() => Promise<T>} f @returns {Promise<T>} */
function inTurn(f) {
  const next = turn.then(f);
  turn = next.catch(() => {});
  return next;
}

/** @param {(all: Waiting[]) => Waiting[]} f */
const change = (f) => inTurn(async () => {
  const all = f(await waiting());
  if (all.length) await api.storage.local.set({ reports: all });
  else await api.storage.local.remove('reports');
});

/** Counts a report that was taken, and forgets it, in one step: it is counted once, whoever dies. @param {Waiting} w */
const taken = (w) => inTurn(async () => {
  const all = await waiting(), rest = all.filter((x) => x.id !== w.id);
  if (rest.length === all.length) return;
  const { count, kept } = await done();
  const reported = { count: count + 1, kept: w.code ? [...kept, { day: w.day, code: w.code }].slice(-MOST) : kept };
  await api.storage.local.set({ reports: rest, reported });
  if (!rest.length) await api.storage.local.remove('reports');
});

/** Sees to it that what waits is looked at when it is due. */
export async function schedule() {
  const due = (await waiting()).filter((w) => w.fate === '').map((w) => w.due);
  if (due.length) await api.alarms.create(ALARM, { when: Math.max(Math.min(...due), Date.now() + 1000) });
  else await api.alarms.clear(ALARM);
}

/**
 * Takes a sealed report. One of a private window is sent now, or refused.
 * @param {Sealed} sealed
 * @param {Way} way
 * @returns {Promise<boolean>} whether it is on its way
 */
export async function add(sealed, way) {
  const { id, envelope, now, code, day } = sealed;
  if (sealed.private) {
    const { ok } = await carrier.send(way, bytesOf(envelope));
    return ok;
  }
  if ((await waiting()).length >= MOST) return false;
  const due = Date.now() + (now ? 0 : SOONEST + chance() * (LATEST - SOONEST));
  await change((all) => [...all.filter((w) => w.id !== id), { id, envelope, due, until: due + GIVE_UP, failed: 0, fate: '', day, code }]);
  await schedule();
  return true;
}

/** The one attempt of this worker. @type {Promise<void> | null} */
let sending = null;

/** Sends what is due. @param {Way | null} way null if there is none now */
export function flush(way) {
  sending ??= attempt(way).finally(() => { sending = null; });
  return sending;
}

/** @param {Way | null} way */
async function attempt(way) {
  for (const w of await waiting()) {
    if (w.fate === '' && w.due <= Date.now()) await one(w, way);
  }
  await schedule();
}

/** @param {Waiting} w @param {Way | null} way */
async function one(w, way) {
  const { ok, refused, after } = way ? await carrier.send(way, bytesOf(w.envelope)) : { ok: false, refused: false, after: 0 };
  if (ok) {
    await taken(w);
    return;
  }
  const pause = Math.max(Math.min(FIRST_PAUSE * 2 ** w.failed, LONGEST_PAUSE) * (0.5 + chance()), after * 1000);
  const late = Date.now() + pause > w.until;
  await change((all) => all.map((x) => {
    if (x.id !== w.id) return x;
    if (refused || late) return { ...x, fate: refused ? 'refused' : 'late', envelope: '' };
    return { ...x, failed: x.failed + 1, due: Date.now() + pause };
  }));
}

/**
 * Takes a report back: here if it still waits, and at the collector in any case.
 * @param {string} code
 * @param {Way | null} way
 * @returns {Promise<boolean>} whether the collector has heard of it
 */
export async function withdraw(code, way) {
  const bytes = fromHex(code), id = await idOf(bytes);
  await change((all) => all.filter((w) => w.id !== id));
  await schedule();
  if (!way) return false;
  const { ok } = await carrier.withdraw(way, bytes);
  if (!ok) return false;
  await inTurn(async () => {
    const { count, kept } = await done();
    await api.storage.local.set({ reported: { count, kept: kept.filter((k) => k.code !== code) } });
  });
  return true;
}

/** What a person is shown. @returns {Promise<Outbox>} */
export async function outbox() {
  const [all, { count, kept }] = await inTurn(() => Promise.all([waiting(), done()]));
  return { waiting: all.filter((w) => !w.fate).length, late: all.filter((w) => w.fate === 'late').length, refused: all.filter((w) => w.fate === 'refused').length, count, kept };
}

/** Those that were given up have been seen. */
export const seen = () => change((all) => all.filter((w) => !w.fate));

/** seal.IDOf: what the collector knows a report by. @param {Uint8Array<ArrayBuffer>} code */
async function idOf(code) {
  const title = new TextEncoder().encode('lapwing withdrawal v1\n');
  const all = new Uint8Array(title.length + code.length);
  all.set(title);
  all.set(code, title.length);
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', all), 0, 16));
}

/** @param {Uint8Array} bytes */
const toHex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');

/** @param {string} hex */
const fromHex = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (b) => parseInt(b, 16));

/** @param {string} base64 */
const bytesOf = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
