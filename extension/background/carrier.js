// SPDX-License-Identifier: Apache-2.0

/**
 * Carries a sealed report, or a withdrawal, to the collector: the one place that
 * ever sends anything. Every request is the same for everybody but for its
 * sealed body; disguise.js takes off what a browser would add.
 */

import { below, disguise } from './disguise.js';

/** How long a request may take, in milliseconds. */
const PATIENCE = 60_000;

/** More than any answer of ours. */
const MOST = 4096;

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */
/** @typedef {'reports' | 'withdrawals'} Name */

/**
 * Where to, and through what: a relay, if the release in use names one, learns who sends and not
 * what, and the collector behind it learns what comes and not from whom (RFC 9458).
 * @typedef {{ server: string, relay: { url: string, wrap: (to: Name, host: string, content: Bytes) => { sealed: Bytes, status: (answer: Bytes) => number } } | null }} Way
 */

/** @typedef {{ ok: boolean, refused: boolean, after: number }} Fate of a request; after: seconds that the server asks to wait */

/** @type {Fate} */
const FAILED = { ok: false, refused: false, after: 0 };

/**
 * @param {string} url @param {Bytes} body @param {string} type
 * @param {string} prefix of all addresses that this way leads to: one rule is for all of them
 * @returns {Promise<Response>}
 */
async function request(url, body, type, prefix) {
  await disguise(prefix, 'post');
  return fetch(url, {
    method: 'POST', body, headers: { 'Content-Type': type },
    credentials: 'omit', cache: 'no-store', referrerPolicy: 'no-referrer', redirect: 'error', signal: AbortSignal.timeout(PATIENCE),
  });
}

/** @param {number} status @param {Response} answer @returns {Fate} */
function fate(status, answer) {
  const wait = Number(answer.headers.get('retry-after'));
  return { ok: status === 202, refused: [400, 413, 415].includes(status), after: wait > 0 && wait < 86400 ? wait : 0 };
}

/**
 * @param {Way} way @param {Name} name @param {Bytes} body
 * @returns {Promise<Fate>}
 */
async function post({ server, relay }, name, body) {
  try {
    if (!relay) {
      const answer = await request(below(server) + name, body, 'application/octet-stream', below(server));
      await answer.body?.cancel();
      return fate(answer.status, answer);
    }
    const { sealed, status } = relay.wrap(name, new URL(server).host, body);
    const answer = await request(relay.url, sealed, 'message/ohttp-req', relay.url);
    // What the relay itself says is never the collector's word: nothing is refused by it.
    if (answer.status !== 200 || Number(answer.headers.get('content-length')) > MOST) {
      await answer.body?.cancel();
      return { ...fate(0, answer), refused: false };
    }
    return fate(status(new Uint8Array(await answer.arrayBuffer())), answer);
  } catch {
    return FAILED;
  }
}

/** @param {Way} way @param {Bytes} envelope */
export const send = (way, envelope) => post(way, 'reports', envelope);

/** @param {Way} way @param {Bytes} code */
export const withdraw = (way, code) => post(way, 'withdrawals', code);
