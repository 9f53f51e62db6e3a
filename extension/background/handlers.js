// SPDX-License-Identifier: Apache-2.0

// What the worker answers: one table for content scripts, one for our own
// pages, both typed by shared/messages.js. A content script speaks for a page
// that may be hostile, so everything it says is checked, and it can change
// nothing but what a click of the volunteer may have asked for.

import { api } from '../shared/api.js';
import { LEVELS, MAX_BATCH, asListing } from '../shared/messages.js';
import { LANGUAGES } from '../shared/settings.js';
import { direction, languageOf, wordsOf } from '../shared/words.js';
import * as badge from './badge.js';
import { explain, judge } from './explain.js';
import * as list from './list.js';
import * as reporting from './reporting.js';
import * as sites from './sites.js';
import * as store from './store.js';
import * as update from './update.js';

/** @typedef {import('../shared/messages.js').FromContent} FromContent */
/** @typedef {import('../shared/messages.js').FromPage} FromPage */
/** @typedef {import('../shared/messages.js').Mute} Mute */
/** @typedef {import('../shared/messages.js').State} State */
/** @typedef {import('../shared/messages.js').Settings} Settings */
/** @typedef {import('../shared/messages.js').Listing} Listing */

/** The page that a content script runs in; what it claims of itself does not count. @param {chrome.runtime.MessageSender} sender */
function hostOf(sender) {
  try {
    return new URL(sender.tab?.url ?? sender.url ?? '').hostname;
  } catch {
    return '';
  }
}

/** @param {chrome.runtime.MessageSender} sender */
export const isPage = (sender) => sender.id === api.runtime.id && (sender.url ?? '').startsWith(api.runtime.getURL(''));

/** @param {chrome.runtime.MessageSender} sender @returns {import('../shared/messages.js').Off | null} */
function whyOff(sender) {
  if (isPage(sender)) return null; // the practice page reads nothing but its own invented adverts
  const s = store.settings();
  if (!s.consent) return 'consent';
  if (s.pausedUntil > Date.now()) return 'paused';
  return s.mutedSites.includes(hostOf(sender)) ? 'muted' : null;
}

/** @type {import('../shared/messages.js').Handlers<FromContent>} */
export const fromContent = {
  async hello(_body, sender) {
    const why = whyOff(sender);
    if (why) return { on: false, why };
    try {
      const { language, lowProfile, threshold } = store.settings();
      const own = new URL(sender.url ?? '').hostname;
      const [adapters, words] = await Promise.all([list.adaptersFor(own), wordsOf(language)]);
      const lang = languageOf(language);
      return { on: true, adapters, lowProfile, threshold, words, lang, dir: direction(lang) };
    } catch {
      return { on: false, why: 'broken' };
    }
  },

  async score({ listings }, sender) {
    if (whyOff(sender) || !Array.isArray(listings) || listings.length > MAX_BATCH) throw new Error('refused');
    const sound = listings.map(asListing);
    if (sound.some((l) => l === null)) throw new Error('refused');
    const judged = await judge(/** @type {Listing[]} */ (sound));
    if (store.settings().history) await keep(/** @type {Listing[]} */ (sound), judged, sender);
    return judged.map((j) => j.brief);
  },

  async explain({ listing }, sender) {
    const sound = asListing(listing);
    if (whyOff(sender) || !sound) throw new Error('refused');
    return explain(sound);
  },

  async found(count, sender) {
    const tab = sender.tab?.id;
    if (tab === undefined) return null;
    const number = (/** @type {unknown} */ v) => (Number.isFinite(v) ? Math.max(0, Number(v)) : 0);
    const word = (/** @type {unknown} */ v) => (typeof v === 'string' ? v.slice(0, 64) : '');
    const frames = await store.setCount(tab, sender.frameId ?? 0, {
      notice: number(count.notice), elevated: number(count.elevated), high: number(count.high), scanned: number(count.scanned),
      site: word(count.site), method: word(count.method), drift: count.drift === true, resting: count.resting === true, busy: number(count.busy),
    });
    await badge.show(tab, frames);
    return null;
  },

  async passages({ on }, sender) {
    const tab = sender.tab?.id;
    if (tab === undefined) return null;
    const style = { target: { tabId: tab, frameIds: [sender.frameId ?? 0] }, files: ['content/passages.css'] };
    await (on === true ? api.scripting.insertCSS(style) : api.scripting.removeCSS(style));
    return null;
  },

  async mute(what, sender) { return setMute(what, sender, true); },
  async unmute(what, sender) { return setMute(what, sender, false); },

  async report({ listing, sort }, sender) {
    const sound = asListing(listing);
    if (whyOff(sender) || !sound || (sort !== 'flagged' && sort !== 'wrong-flag')) throw new Error('refused');
    return reporting.begin(sound, sort, sender.tab);
  },
};

/**
 * @param {Mute} what
 * @param {chrome.runtime.MessageSender} sender
 * @param {boolean} on
 * @returns {Promise<null>}
 */
async function setMute(what, sender, on) {
  const s = store.settings();
  /** @param {string[]} all @param {string} one */
  const changed = (all, one) => (on ? [...new Set([...all, one])] : all.filter((x) => x !== one));
  if (what.what === 'listing') {
    const sound = asListing(what.listing);
    if (!sound) throw new Error('refused');
    await store.change({ mutedListings: changed(s.mutedListings, await store.listingKey(sound)) });
  } else if (what.what === 'indicator' && /^[a-z0-9.-]{1,100}$/.test(what.indicator)) {
    await store.change({ mutedIndicators: changed(s.mutedIndicators, what.indicator) });
  } else if (what.what === 'site' && hostOf(sender)) {
    await store.change({ mutedSites: changed(s.mutedSites, hostOf(sender)) });
  } else {
    throw new Error('refused');
  }
  await sites.tellAll();
  return null;
}

/**
 * @param {Listing[]} listings @param {Awaited<ReturnType<typeof judge>>} judged
 * @param {chrome.runtime.MessageSender} sender
 */
async function keep(listings, judged, sender) {
  if (sender.tab?.incognito) return; // nothing of a private window is kept, whatever is set
  const least = LEVELS.indexOf(store.settings().threshold);
  const day = new Date().toISOString().slice(0, 10);
  const entries = listings.map((l, i) => ({ day, url: l.url, level: judged[i].brief.level, indicators: judged[i].indicators }))
    .filter((e) => e.url && LEVELS.indexOf(e.level) >= least);
  await store.remember(entries);
}

/** @type {import('../shared/messages.js').Handlers<FromPage>} */
export const fromPage = {
  ...reporting.fromPage,
  state,

  async set(changes) {
    const before = store.settings();
    await store.change(changes);
    if (changes.history === false) await store.forgetHistory();
    if (before.consent !== store.settings().consent) await sites.sync();
    if (before.consent !== store.settings().consent) await sites.readOpenTabs();
    await setPauseAlarm();
    await update.schedule();
    await sites.tellAll();
    return state();
  },

  async explainHere({ listing }) {
    const sound = asListing(listing);
    if (!sound) throw new Error('refused');
    return explain(sound);
  },

  async scan({ tab }) {
    if (!store.settings().consent) return { ok: false };
    return { ok: await sites.inject(tab, true) || await sites.inject(tab, false) };
  },

  async counts({ tab }) {
    return Object.entries(await store.counts(tab)).map(([frame, count]) => ({ frame: Number(frame), count }));
  },

  async forget({ origin }) {
    await sites.forget(origin);
    return state();
  },

  history: () => store.history(),

  release: () => update.status(),

  async update() {
    await update.look();
    return update.status();
  },

  async erase() {
    await api.alarms.clearAll();
    const origins = await sites.granted();
    if (origins.length) await api.permissions.remove({ origins }).catch(() => false); // what policy granted stays
    await store.erase();
    await update.erase();
    await sites.sync();
    await sites.tellAll();
    for (const tab of await api.tabs.query({})) if (tab.id !== undefined) await badge.show(tab.id, {});
    return state();
  },
};

/** @returns {Promise<State>} */
async function state() {
  let status = null, countries = /** @type {string[]} */ ([]);
  try {
    [status, countries] = await Promise.all([list.status(), list.countries()]);
  } catch {
    // The page shows list.problemOfList().
  }
  return {
    settings: store.settings(), managed: store.managedKeys(), list: status, problem: list.problemOfList(),
    sites: await sites.granted(), history: (await store.history()).length,
    version: api.runtime.getManifest().version, languages: LANGUAGES, countries,
  };
}

/** A pause ends by itself. */
async function setPauseAlarm() {
  const { pausedUntil } = store.settings();
  if (pausedUntil > Date.now()) await api.alarms.create('pause', { when: pausedUntil });
  else await api.alarms.clear('pause');
}
