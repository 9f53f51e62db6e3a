// SPDX-License-Identifier: Apache-2.0

/**
 * Keeps the list up to date: every six hours, give or take three, asks the
 * server, lets the courier module decide, and stores what it decided. What the
 * extension was shipped with is the floor, and is in use whenever anything else
 * is missing or damaged.
 *
 * Nothing is asked of anybody in a build without a release (there are no keys to
 * check a list with), without a server, before consent, and without permission
 * for the server's address: without it a browser says who asks (disguise.js).
 */

import { api } from '../shared/api.js';
import { open } from './courier.js';
import { below, disguise } from './disguise.js';
import * as kept from './kept.js';
import * as list from './list.js';
import { file, packaged } from './packaged.js';
import * as sites from './sites.js';
import * as store from './store.js';
import { tree } from './tree.js';

/** @typedef {import('../shared/messages.js').ReleaseStatus} ReleaseStatus */
/** @typedef {import('./courier.js').Courier} Courier */

export { packaged };

export const ALARM = 'update';

const MINUTE = 60e3, HOUR = 60 * MINUTE;
const EVERY = 6 * HOUR, MOST = 7 * 24 * HOUR;

/** A first look comes at a random time, so that a million browsers that start at nine do not ask at nine. */
const FIRST = 30 * MINUTE;

/** What came of the last look; kept in the browser's local store. @typedef {{ at: number, outcome: string, refusal: string, slow: boolean }} Last */

const seconds = () => Math.floor(Date.now() / 1000);
const program = () => api.runtime.getManifest().version;

/** The address that is asked; '' for none. @param {{ server: string } | null} p */
const serverOf = (p) => store.settings().server || p?.server || '';

/**
 * Why nobody is asked; '' where somebody is.
 * @param {Awaited<ReturnType<typeof packaged>>} p
 * @returns {Promise<ReleaseStatus['off']>}
 */
async function off(p) {
  if (!p) return 'keys';
  const server = serverOf(p);
  if (!server) return 'server';
  if (!store.settings().consent) return 'consent';
  return await api.permissions.contains({ origins: [sites.originOf(server)] }) ? '' : 'permission';
}

/** The server that lists come from and reports go to; '' where nobody is asked, and why. */
export async function server() {
  const p = await packaged(), why = await off(p);
  return { server: why ? '' : serverOf(p), off: why };
}

/** Sees to it that there will be a next look, or none; called when the browser starts and when settings change. */
export async function schedule() {
  if (await off(await packaged())) {
    await api.alarms.clear(ALARM);
  } else if (!await api.alarms.get(ALARM)) {
    await api.alarms.create(ALARM, { when: Date.now() + MINUTE + Math.random() * FIRST });
  }
}

/** @param {number} ms on average: half as long to half as long again */
const next = (ms) => api.alarms.create(ALARM, { when: Date.now() + ms * (0.5 + Math.random()) });

/** The one attempt of this worker. @type {Promise<void> | null} */
let looking = null;

/** Looks for a newer list, once at a time. */
export function look() {
  looking ??= attempt().finally(() => { looking = null; });
  return looking;
}

async function attempt() {
  const p = await packaged();
  if (!p || await off(p)) return;
  await next(EVERY); // before anything else: this worker may die, and then another one goes on
  /** @type {Last} */
  const last = { at: Date.now(), outcome: 'kept', refusal: '', slow: false };
  try {
    await disguise(below(serverOf(p)), 'get');
    const from = await kept.read();
    const courier = await started(p, from.state);
    const now = seconds();
    const result = await courier.update(now, await inUse(courier.status(now), from.pack), tree(serverOf(p)));
    await settle(courier, result.status, result.saved, from);
    last.outcome = result.outcome;
    last.slow = result.status.clockSlow;
    last.refusal = result.refusal?.sentence ?? '';
    if (result.poll > 0) await next(Math.min(Math.max(result.poll * 1000, HOUR), MOST));
  } catch (error) {
    last.refusal = error instanceof Error ? error.message : String(error);
  }
  await api.storage.local.set({ update: last });
}

/** @param {NonNullable<Awaited<ReturnType<typeof packaged>>>} p @param {Uint8Array | null} state */
export async function started(p, state) {
  const module = await WebAssembly.compileStreaming(await fetch(api.runtime.getURL('lib/courier.wasm')));
  return open(module, { root: p.root, release: p.release, built: p.built, program: program(), state });
}

/**
 * The pack that scores, or null if it is lost.
 * @param {import('./courier.js').Status} status
 * @param {kept.Bytes | null} stored
 */
async function inUse(status, stored) {
  const pack = status.packaged ? await file('list.pack') : stored;
  return pack && await kept.digest(pack) === status.pack ? pack : null;
}

/**
 * Makes what is kept, and what scores, equal to what the courier says. A list
 * that the scoring module would not load is not kept, nor is any word of it.
 * @param {Courier} courier
 * @param {import('./courier.js').Status} status
 * @param {import('./courier.js').Saved | null} saved
 * @param {{ state: kept.Bytes | null, pack: kept.Bytes | null }} from
 */
async function settle(courier, status, saved, from) {
  const state = saved?.state ?? from.state;
  if (!state) return;
  if (status.packaged) {
    await kept.write(state, null);
    if (from.pack) await changed();
    return;
  }
  const pack = /** @type {kept.Bytes | null} */ (saved?.pack ?? await inUse(status, from.pack));
  if (pack && (saved?.pack || !await kept.ready(program()))) {
    await kept.write(state, { pack, ready: courier.prepare(pack), program: program() });
    await changed();
  } else if (saved) {
    await kept.write(state, undefined);
  }
}

async function changed() {
  list.forget();
  await sites.tellAll();
}

/**
 * After the extension itself was updated: its packaged list may be the newer
 * one now, and a kept one was made ready by another module.
 */
export async function afterUpdate() {
  const p = await packaged(), from = await kept.read();
  if (!from.state && !from.pack) return;
  try {
    if (!p) throw new Error('this build has no keys to trust a kept list by');
    const courier = await started(p, from.state);
    const status = courier.status(seconds());
    if (status.recovering) throw new Error(status.recovering.sentence);
    await settle(courier, status, null, from);
  } catch {
    await kept.drop();
    await changed();
  }
}

/** How things stand, for people. @returns {Promise<ReleaseStatus>} */
export async function status() {
  const p = await packaged();
  const last = /** @type {Last | undefined} */ ((await api.storage.local.get('update')).update);
  const alarm = await api.alarms.get(ALARM);
  /** @type {ReleaseStatus} */
  const s = {
    off: await off(p), server: serverOf(p), own: p?.server ?? '', lookedAt: last?.at ?? 0, nextAt: alarm?.scheduledTime ?? 0,
    outcome: last?.outcome ?? '', refusal: last?.refusal ?? '', release: null,
  };
  if (!p) return s;
  const { list: name, version, issued, packaged: isPackaged, staleHead, staleList, staleRoot, clockSlow, recovering } =
    (await started(p, (await kept.read()).state)).status(seconds());
  s.release = { list: name, version, issued, packaged: isPackaged, staleHead, staleList, staleRoot, clockSlow: clockSlow || last?.slow === true, recovering: recovering?.sentence ?? '' };
  return s;
}

/** Forgets what was ever fetched. */
export async function erase() {
  await kept.erase();
  list.forget();
}
