// SPDX-License-Identifier: Apache-2.0

/**
 * The module on the report page: what is composed here is what is sealed here.
 * Nothing of it leaves but through the worker's queue, sealed.
 */

import { api, ask } from '../shared/api.js';
import * as kept from '../background/kept.js';
import { Sealer } from '../background/sealing.js';
import { packaged, started } from '../background/update.js';

/** @typedef {import('../shared/messages.js').Draft} Draft */
/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

/** Opens the module with the release that is in use; null in a build that has none. */
export async function sealer() {
  const p = await packaged();
  return p ? new Sealer(await started(p, (await kept.read()).state)) : null;
}

/** @param {Uint8Array} bytes */
export const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');

/** A code as people see it: groups of eight. @param {string} code */
export const grouped = (code) => code.replace(/.{8}(?=.)/g, '$& ');

/** A code that somebody typed; '' if it is none. @param {string} typed */
export function codeOf(typed) {
  const code = typed.replace(/[\s-]/g, '').toLowerCase();
  return /^[0-9a-f]{32}$/.test(code) ? code : '';
}

/** UTC: the day of a report tells as little as it can of where it was written. */
export const today = () => new Date().toISOString().slice(0, 10);

/**
 * Firefox asks once, at the click, whether data may leave; other browsers have no such question.
 * @param {Draft} draft
 * @returns {Promise<boolean>}
 */
export async function mayLeave(draft) {
  const asked = /** @type {any} */ (api.runtime.getManifest()).browser_specific_settings?.gecko?.data_collection_permissions;
  if (!asked) return true;
  const data_collection = ['websiteContent', ...(draft.degree === 'none' ? [] : ['browsingActivity']), ...(draft.region ? ['locationInfo'] : [])];
  return api.permissions.request(/** @type {any} */ ({ data_collection }));
}

/**
 * Seals, works, and hands the envelope to the worker.
 * @param {Sealer} s @param {Draft} draft @param {{ code: Bytes, id: Bytes }} who @param {Bytes} report as it was shown
 * @param {(done: number) => void} progress @param {AbortSignal} signal
 * @returns {Promise<boolean>} whether it is on its way
 */
export async function send(s, draft, who, report, progress, signal) {
  const envelope = await s.work(s.seal(who.id, report), s.intake().work, progress, signal);
  const { ok } = await ask('queueReport', {
    id: hex(who.id), envelope: btoa(Array.from(envelope, (b) => String.fromCharCode(b)).join('')),
    now: draft.now || draft.private, private: draft.private, code: draft.trace && !draft.private ? hex(who.code) : '', day: today(),
  });
  return ok;
}
