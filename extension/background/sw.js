// SPDX-License-Identifier: Apache-2.0

// The worker: every listener is registered here, at the top, since the browser
// starts this file to deliver an event and may end it after. Handlers wait for
// one `ready` promise; what they know comes from store.js.

import { api } from '../shared/api.js';
import { fromContent, fromPage, isPage } from './handlers.js';
import * as list from './list.js';
import * as reports from './reports.js';
import * as sites from './sites.js';
import * as store from './store.js';
import * as update from './update.js';
import { way } from './way.js';

const ready = store.load();

/**
 * @param {unknown} message
 * @param {chrome.runtime.MessageSender} sender
 */
async function answer(message, sender) {
  const { name, body } = /** @type {{name: string, body: any}} */ (message);
  // A page of ours may also act as one with listings on it: the practice page does.
  const table = isPage(sender) && !Object.hasOwn(fromContent, name) ? fromPage : fromContent;
  if (!Object.hasOwn(table, name) || typeof body !== 'object' || body === null) throw new Error('refused');
  // A page waits for a verdict: the module starts while the settings are still being read.
  if (table === fromContent && name !== 'found') list.scorer().catch(() => {}); // whoever needs it hears why
  await ready;
  return /** @type {any} */ (table)[name](body, sender);
}

api.runtime.onMessage.addListener((message, sender, respond) => {
  if (sender.id !== api.runtime.id || typeof message !== 'object' || message === null) return false;
  answer(message, sender).then(
    (value) => respond({ ok: true, value }),
    (error) => respond({ ok: false, error: error instanceof Error ? error.message : String(error) }),
  );
  return true; // the answer comes later
});

api.runtime.onInstalled.addListener(async ({ reason }) => {
  await ready;
  await sites.sync();
  if (reason === 'install' && !store.settings().consent) await api.tabs.create({ url: api.runtime.getURL('welcome/welcome.html') });
  // Scripts of the version before stop by themselves; open pages get those of this one.
  await sites.readOpenTabs();
  if (reason === 'update') await update.afterUpdate();
  await update.schedule();
  await reports.schedule();
});

api.runtime.onStartup.addListener(async () => {
  await ready;
  await sites.sync();
  await update.schedule();
  await reports.schedule();
});

api.permissions.onAdded.addListener(async () => {
  await ready;
  await sites.sync();
  await sites.readOpenTabs();
  await update.schedule();
});

api.permissions.onRemoved.addListener(async () => {
  await ready;
  await sites.sync();
  await update.schedule();
});

api.alarms.onAlarm.addListener(async ({ name }) => {
  await ready;
  if (name === 'pause') await sites.tellAll();
  if (name === update.ALARM) await update.look();
  if (name === reports.ALARM) await reports.flush(await way());
});

api.storage.onChanged.addListener(async (_changes, area) => {
  if (area !== 'managed') return;
  await api.storage.session.remove('settings');
  await store.load();
  await sites.sync();
  await sites.tellAll();
  await update.schedule();
});

api.tabs.onRemoved.addListener(async (tab) => {
  await ready;
  await store.forgetTab(tab);
});

api.tabs.onUpdated.addListener(async (tab, change) => {
  if (change.status !== 'loading') return;
  await ready;
  await store.forgetTab(tab); // the browser itself takes the number off the button
});
