// SPDX-License-Identifier: Apache-2.0

/**
 * The module on the report page: what is composed here is what is sealed here.
 * Nothing of it leaves but through the worker's queue, sealed.
 */

import { api, ask } from '../shared/api.js';
import { originOf } from '../background/sites.js';

export { sealer } from '../background/way.js';

/** @typedef {import('../shared/messages.js').Draft} Draft */
/** @typedef {import('../background/sealing.js').Sealer} Sealer */
/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

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
 * Asks at the click, and where it was not asked before: every browser whether the relay's address may be used,
 * Firefox whether data may leave.
 * @param {Draft} draft @param {string} relay '' if there is none
 * @returns {Promise<boolean>}
 */
export async function mayLeave(draft, relay) {
  const asked = /** @type {any} */ (api.runtime.getManifest()).browser_specific_settings?.gecko?.data_collection_permissions;
  const origins = relay ? [originOf(relay)] : [];
  if (!asked) return relay ? api.permissions.request({ origins }) : true;
  const data_collection = ['websiteContent', ...(draft.degree === 'none' ? [] : ['browsingActivity']), ...(draft.region ? ['locationInfo'] : [])];
  return api.permissions.request(/** @type {any} */ ({ origins, data_collection }));
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
