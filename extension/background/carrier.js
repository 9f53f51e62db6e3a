// SPDX-License-Identifier: Apache-2.0

/**
 * Carries a sealed report, or a withdrawal, to the collector: the one place that
 * ever sends anything. Every request is the same for everybody but for its
 * sealed body; disguise.js takes off what a browser would add.
 */

import { disguise } from './disguise.js';

/** How long a request may take, in milliseconds. */
const PATIENCE = 60_000;

/** @typedef {{ ok: boolean, refused: boolean, after: number }} Fate of a request; after: seconds that the server asks to wait */

/** Where reports and withdrawals go, below a server's address. @param {string} server */
const below = (server) => `${server.replace(/\/*$/, '/')}v1/`;

/**
 * @param {string} server
 * @param {string} name
 * @param {Uint8Array<ArrayBuffer>} body
 * @returns {Promise<Fate>}
 */
async function post(server, name, body) {
  try {
    await disguise(server, 'post');
    const answer = await fetch(below(server) + name, {
      method: 'POST', body, headers: { 'Content-Type': 'application/octet-stream' },
      credentials: 'omit', cache: 'no-store', referrerPolicy: 'no-referrer', redirect: 'error', signal: AbortSignal.timeout(PATIENCE),
    });
    await answer.body?.cancel();
    const wait = Number(answer.headers.get('retry-after'));
    return { ok: answer.status === 202, refused: [400, 413, 415].includes(answer.status), after: wait > 0 && wait < 86400 ? wait : 0 };
  } catch {
    return { ok: false, refused: false, after: 0 };
  }
}

/** @param {string} server @param {Uint8Array<ArrayBuffer>} envelope */
export const send = (server, envelope) => post(server, 'reports', envelope);

/** @param {string} server @param {Uint8Array<ArrayBuffer>} code */
export const withdraw = (server, code) => post(server, 'withdrawals', code);
