// SPDX-License-Identifier: Apache-2.0

/**
 * Brings a file of a list server's tree, and no byte more than it may have: a
 * server is not trusted to stop. Every request is the same for everybody. There
 * is no cookie, no referrer, no validator from a cache, and no redirect, so that
 * one volunteer looks like the other. What the bytes are worth is not decided here.
 */

/** How long one file may take, in milliseconds. */
const PATIENCE = 60_000;

/** What is decompressed at once: deflate makes at most a thousand times as much of it. */
const SLICE = 4096;

/** @typedef {import('./courier.js').Want} Want */

/**
 * Makes a function that gets files from a server.
 * @param {string} base address of the tree
 * @param {number} [patience]
 * @returns {(want: Want) => Promise<Uint8Array>}
 */
export function tree(base, patience = PATIENCE) {
  const root = base.replace(/\/*$/, '/');
  return async (want) => {
    if (want.gzip > 0) {
      const packed = await request(`${root}${want.path}.gz`, patience).catch(() => null);
      if (packed) return unpack(packed, want);
      // A copy of the tree may lack the compressed forms.
    }
    const plain = await request(root + want.path, patience);
    return collect(plain.body, want.most);
  };
}

/**
 * @param {string} url
 * @param {number} patience
 * @returns {Promise<{ body: ReadableStream<Uint8Array<ArrayBuffer>>, decoded: boolean }>}
 */
async function request(url, patience) {
  const answer = await fetch(url, {
    credentials: 'omit', cache: 'no-store', referrerPolicy: 'no-referrer', redirect: 'error', signal: AbortSignal.timeout(patience),
  });
  if (answer.status !== 200 || !answer.body) {
    await answer.body?.cancel();
    throw new Error(`${url}: ${answer.status}`);
  }
  return { body: answer.body, decoded: answer.headers.has('content-encoding') };
}

/**
 * A server that calls a .gz file a compressed answer makes the browser unpack it.
 * @param {Awaited<ReturnType<typeof request>>} packed
 * @param {Want} want
 */
function unpack({ body, decoded }, want) {
  if (decoded) return collect(body, want.most);
  const unpacked = sliced(body, want.gzip).pipeThrough(new DecompressionStream('gzip'));
  return collect(unpacked, want.most);
}

/**
 * The same bytes in small pieces, and an error after the last that may come.
 * @param {ReadableStream<Uint8Array<ArrayBuffer>>} body
 * @param {number} most
 * @returns {ReadableStream<Uint8Array<ArrayBuffer>>}
 */
function sliced(body, most) {
  const reader = body.getReader();
  let seen = 0, rest = new Uint8Array();
  return new ReadableStream({
    async pull(controller) {
      if (!rest.length) {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        if ((seen += value.length) > most) {
          await reader.cancel();
          return controller.error(new RangeError('longer than announced'));
        }
        rest = value;
      }
      controller.enqueue(rest.slice(0, SLICE));
      rest = rest.subarray(SLICE);
    },
    cancel: (why) => reader.cancel(why),
  }, { highWaterMark: 0 });
}

/**
 * @param {ReadableStream<Uint8Array>} stream
 * @param {number} most
 */
async function collect(stream, most) {
  const reader = stream.getReader();
  /** @type {Uint8Array[]} */
  const parts = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if ((length += value.length) > most) {
      await reader.cancel().catch(() => {});
      throw new RangeError('longer than announced');
    }
    parts.push(value);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
