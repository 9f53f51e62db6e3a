// SPDX-License-Identifier: Apache-2.0

// Which sites are read: those that the volunteer granted, one by one, and a
// page for once by the right of a click on the toolbar button.

import { api } from '../shared/api.js';
import { packaged } from './packaged.js';
import * as store from './store.js';

/** The content scripts, in the order in which they build on each other. */
export const SCRIPTS = ['dom', 'text', 'adapter', 'structured', 'generic', 'extract', 'slices', 'view', 'passages', 'mark', 'panel', 'finds', 'watch', 'main']
  .map((name) => `content/${name}.js`);

const ID = 'granted';

/** How permissions name where a server is. @param {string} server */
export function originOf(server) {
  const { protocol, hostname } = new URL(server);
  return `${protocol}//${hostname}/*`;
}

/** Origins that were granted for reading, as https://board.example/* */
export async function granted() {
  const { origins = [] } = await api.permissions.getAll();
  // Asked for lists, and no sites that are read.
  const { relay } = /** @type {{ relay?: string }} */ (await api.storage.local.get('relay'));
  const servers = new Set([store.settings().server, (await packaged())?.server, relay].map((s) => s && originOf(s)));
  return origins.filter((o) => (/^https?:/.test(o) && !servers.has(o)) || o === '<all_urls>' || o.startsWith('*://')).sort();
}

/**
 * Makes what is registered equal to what is granted. Nothing is registered
 * before consent.
 */
export async function sync() {
  const matches = store.settings().consent ? await granted() : [];
  const registered = await api.scripting.getRegisteredContentScripts({ ids: [ID] });
  if (!matches.length) {
    if (registered.length) await api.scripting.unregisterContentScripts({ ids: [ID] });
    return;
  }
  /** @type {chrome.scripting.RegisteredContentScript} */
  const script = { id: ID, js: SCRIPTS, matches, allFrames: true, runAt: 'document_idle', persistAcrossSessions: true };
  if (registered.length) await api.scripting.updateContentScripts([script]);
  else await api.scripting.registerContentScripts([script]);
}

/** Reads the tabs of granted sites that are open already: after a grant, and after an update of the extension. */
export async function readOpenTabs() {
  if (!store.settings().consent) return;
  const url = await granted();
  if (!url.length) return;
  const tabs = await api.tabs.query({ url });
  await Promise.all(tabs.map((t) => (t.id === undefined ? null : inject(t.id, true))));
}

/**
 * @param {number} tab
 * @param {boolean} allFrames
 * @returns {Promise<boolean>} whether the page can be read at all
 */
export async function inject(tab, allFrames) {
  try {
    await api.scripting.executeScript({ target: { tabId: tab, allFrames }, files: SCRIPTS });
    return true;
  } catch {
    return false; // a page of the browser, a store, or a site without permission
  }
}

/** @param {string} origin as granted() gives it */
export async function forget(origin) {
  await api.permissions.remove({ origins: [origin] });
}

/** Tells all scripts that something changed. */
export async function tellAll() {
  const tabs = await api.tabs.query({});
  await Promise.all(tabs.map(async (t) => {
    if (t.id === undefined) return;
    try {
      await api.tabs.sendMessage(t.id, { name: 'changed', body: {} });
    } catch {
      // No script of ours is there.
    }
  }));
}
