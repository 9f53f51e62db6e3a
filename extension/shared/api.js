// SPDX-License-Identifier: Apache-2.0

// The browser's interface under one name: Firefox's answers promises as `browser`.

/** @type {typeof chrome} */
export const api = /** @type {any} */ (globalThis).browser ?? globalThis.chrome;

/**
 * Asks the worker.
 * @template {keyof import('./messages.js').FromPage} K
 * @param {K} name
 * @param {import('./messages.js').Body<import('./messages.js').FromPage, K>} body
 * @returns {Promise<import('./messages.js').Answer<import('./messages.js').FromPage, K>>}
 */
export async function ask(name, body) {
  const message = { name, body };
  // A worker that the browser is just ending loses what it was asked; the next one answers.
  let answer;
  for (let pause = 25; !answer && pause < 1000; pause *= 2) {
    answer = await api.runtime.sendMessage(message).catch(() => null);
    if (!answer) await new Promise((done) => { setTimeout(done, pause); });
  }
  if (!answer?.ok) throw new Error(answer?.error ?? 'no answer');
  return answer.value;
}

/**
 * Asks the scripts of one frame; null where none are.
 * @template {keyof import('./messages.js').ToContent} K
 * @param {number} tab
 * @param {number} frame
 * @param {K} name
 * @param {import('./messages.js').Body<import('./messages.js').ToContent, K>} body
 * @returns {Promise<import('./messages.js').Answer<import('./messages.js').ToContent, K> | null>}
 */
export async function askTab(tab, frame, name, body) {
  try {
    return await api.tabs.sendMessage(tab, { name, body }, { frameId: frame });
  } catch {
    return null; // the frame is gone, or never was ours
  }
}
