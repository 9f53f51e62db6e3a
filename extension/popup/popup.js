// SPDX-License-Identifier: Apache-2.0

// The popup, and the same as a side list: what was found in the tab in front,
// and what can be done about it. It keeps nothing; what it shows it asks the
// page's scripts and the worker for.

import { api, ask, askTab } from '../shared/api.js';
import { listLine, news } from '../shared/news.js';
import { speakOn } from '../shared/words.js';

/** @typedef {import('../shared/messages.js').State} State */
/** @typedef {import('../shared/messages.js').Finding} Finding */
/** @typedef {import('../shared/messages.js').Mute} Mute */

const { view } = lapwing;
const isSide = document.body.classList.contains('side');

/** @param {string} id @returns {HTMLElement} */
const $ = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @type {State} */
let state = await ask('state', {});
const say = await speakOn(state.settings.language);

/** The tab in front. @type {chrome.tabs.Tab | null} */
let tab = null;
/** The finding whose explanation is shown. @type {{frame: number, id: number} | null} */
let shown = null;
let scanning = false;

/** An address that pages can be read at. */
function origin() {
  try {
    const u = new URL(tab?.url ?? '');
    return /^https?:$/.test(u.protocol) ? u : null;
  } catch {
    return null;
  }
}

/** @param {string} host */
const isGranted = (host) => state.sites.some((s) => s === '<all_urls>' || s.includes(`//${host}/`) || s.includes('//*/') ||
  (s.includes('//*.') && (`.${host}`).endsWith(s.slice(s.indexOf('//*.') + 3, s.lastIndexOf('/')))));

/** @param {string} text */
function tell(text) { $('status').textContent = text; }

/** @param {string} id @param {boolean} on */
function visible(id, on) { $(id).hidden = !on; }

async function refresh() {
  [tab] = await api.tabs.query({ active: true, currentWindow: true });
  state = await ask('state', {});
  const { settings } = state;
  const paused = settings.pausedUntil > Date.now();
  visible('setup', !settings.consent);
  visible('controls', settings.consent);
  visible('page', settings.consent && shown === null);
  visible('detail', settings.consent && shown !== null);
  /** @type {HTMLInputElement} */ ($('low-profile')).checked = settings.lowProfile;
  /** @type {HTMLInputElement} */ ($('low-profile')).disabled = state.managed.includes('lowProfile');
  for (const id of ['hour', 'day']) visible(id, !paused);
  visible('resume', paused);
  $('list').textContent = state.list ? listLine(say, state.list) : say('list_broken', state.problem);
  if (settings.consent && shown === null) await showPage(paused);
  await showReports();
}

/** What there is to say of reports: begun, waiting, given up. */
async function showReports() {
  const { outbox, drafts } = await ask('reports', {});
  const lines = [
    drafts.length ? say('report_drafts', drafts.length) : '', outbox.waiting ? say('report_waiting', outbox.waiting) : '',
    outbox.late + outbox.refused ? say('report_given_up', outbox.late + outbox.refused) : '',
  ].filter((l) => l);
  $('reports').textContent = lines.join(' ');
  visible('reports', lines.length > 0);
  visible('open-reports', lines.length > 0 || outbox.count > 0);
}

/** Opens the report page. @param {import('../shared/messages.js').Listing} listing @param {import('../shared/messages.js').Draft['sort']} sort */
async function report(listing, sort) {
  await ask('beginReport', { listing, sort, tab: tab?.id ?? -1 });
  if (!isSide) window.close();
}

/** @param {boolean} paused */
async function showPage(paused) {
  const at = origin(), host = at?.hostname ?? '';
  const muted = state.settings.mutedSites.includes(host);
  const counts = tab?.id === undefined ? [] : await ask('counts', { tab: tab.id });
  const scanned = counts.reduce((n, c) => n + c.count.scanned, 0);
  const read = counts.length > 0 && counts.some((c) => c.count.method !== '');
  const findings = paused || muted ? [] : await collect(counts.map((c) => c.frame));
  $('summary').textContent = summary(Boolean(at), paused, muted, read, scanned, findings.length);
  visible('drift', !paused && !muted && counts.some((c) => c.count.drift));
  visible('scan', Boolean(at) && !paused && !muted && !read && !scanning);
  visible('grant', Boolean(at) && !muted && !isGranted(host));
  $('grant').textContent = say('popup_grant', host);
  visible('unmute-site', muted);
  visible('report', Boolean(at) && !muted && !paused);
  visible('mute-site', Boolean(at) && !muted && (read || isGranted(host)));
  visible('list-title', findings.length > 0);
  list(findings);
}

/** @param {boolean} readable @param {boolean} paused @param {boolean} muted @param {boolean} read @param {number} scanned @param {number} found */
function summary(readable, paused, muted, read, scanned, found) {
  if (paused) return say('popup_paused', new Date(state.settings.pausedUntil).toLocaleString(document.documentElement.lang, { timeStyle: 'short', dateStyle: 'short' }));
  if (muted) return say('popup_muted');
  if (scanning && !read) return say('popup_reading');
  if (!read) return say(readable ? 'popup_not_read' : 'popup_unreadable');
  if (found) return say('popup_some', found, Math.max(scanned, found));
  return scanned ? say('popup_none', scanned) : say('popup_empty');
}

/** @param {number[]} frames @returns {Promise<(Finding & {frame: number})[]>} */
async function collect(frames) {
  const id = tab?.id;
  if (id === undefined) return [];
  const all = await Promise.all(frames.map(async (frame) => ((await askTab(id, frame, 'findings', {})) ?? []).map((f) => ({ ...f, frame }))));
  return all.flat();
}

/** @param {(Finding & {frame: number})[]} findings */
function list(findings) {
  const items = findings.map((f) => {
    const text = view.el('span', {}, [view.el('strong', {}, [f.label]), view.el('span', { dir: 'auto' }, [f.title])]);
    const button = view.button('', () => detail(f));
    button.append(view.icon(f.level), text);
    return view.el('li', {}, [button]);
  });
  $('findings').replaceChildren(...items);
}

/** @param {{frame: number, id: number}} finding */
async function detail(finding) {
  const id = tab?.id;
  const listing = id === undefined ? null : await askTab(id, finding.frame, 'listing', { id: finding.id });
  if (!listing) { await refresh(); return; }
  const explanation = await ask('explainHere', { listing });
  shown = finding;
  /** @param {Mute} what @param {'mute' | 'unmute'} how */
  const mute = async (what, how) => {
    await api.runtime.sendMessage({ name: how, body: what });
    const undo = view.button(say('undo'), () => mute(what, how === 'mute' ? 'unmute' : 'mute'), { class: 'small' });
    $('status').replaceChildren(say(how === 'mute' ? `muted_${what.what}` : 'unmuted'), ' ', undo);
  };
  $('detail-title').textContent = explanation.level === 'none' ? explanation.title : say(`level_${explanation.level}`);
  $('explanation').replaceChildren(view.explanation(explanation, listing, {
    say, site: false, locate: null, mute: (w) => mute(w, 'mute'), unmute: (w) => mute(w, 'unmute'),
    report: (sort) => report(listing, sort),
  }));
  await refresh();
  $('detail-title').focus();
}

/** @param {Partial<State['settings']>} changes */
async function set(changes) {
  state = await ask('set', changes);
  await refresh();
}

/** @param {string} id @param {() => unknown} act */
const onClick = (id, act) => $(id).addEventListener('click', () => act());

/** @param {string} path */
function openPage(path) {
  api.tabs.create({ url: api.runtime.getURL(path) });
  if (!isSide) window.close();
}

/** @param {number} hours */
const pause = (hours) => set({ pausedUntil: Date.now() + hours * 3600e3 });

onClick('set-up', () => openPage('welcome/welcome.html'));
onClick('options', () => openPage('options/options.html'));
onClick('help', () => openPage('help/help.html'));
onClick('hour', () => pause(1));
onClick('day', () => pause(24));
onClick('resume', () => set({ pausedUntil: 0 }));
onClick('back', () => { shown = null; tell(''); return refresh(); });
onClick('low-profile', () => set({ lowProfile: /** @type {HTMLInputElement} */ ($('low-profile')).checked }));
onClick('mute-site', () => set({ mutedSites: [...state.settings.mutedSites, origin()?.hostname ?? ''] }));
onClick('unmute-site', () => set({ mutedSites: state.settings.mutedSites.filter((s) => s !== origin()?.hostname) }));

onClick('open-reports', () => openPage('report/report.html'));
onClick('report', async () => {
  const id = tab?.id;
  if (id === undefined) return;
  let listing = await askTab(id, 0, 'page', {});
  if (!listing && (await ask('scan', { tab: id })).ok) listing = await askTab(id, 0, 'page', {});
  if (listing) await report(listing, 'missed');
  else tell(say('popup_unreadable'));
});

onClick('goto', async () => {
  if (tab?.id !== undefined && shown) await askTab(tab.id, shown.frame, 'show', { id: shown.id });
  if (!isSide) window.close();
});

onClick('scan', async () => {
  if (tab?.id === undefined) return;
  scanning = true;
  const { ok } = await ask('scan', { tab: tab.id });
  if (!ok) { scanning = false; tell(say('popup_unreadable')); }
  await refresh();
});

onClick('grant', () => {
  // The browser asks the volunteer now, so nothing may be waited for before.
  const at = origin();
  if (!at) return;
  api.permissions.request({ origins: [`${at.protocol}//${at.hostname}/*`] }).then(refresh);
});

/** Chromium has a panel, Firefox a sidebar, Android neither. */
const sidebar = /** @type {any} */ (api).sidebarAction;
visible('side', !isSide && Boolean(api.sidePanel ?? sidebar));
onClick('side', () => {
  const opened = api.sidePanel && tab ? api.sidePanel.open({ windowId: tab.windowId }) : sidebar.open();
  opened.then(() => window.close());
});

/** What happens meanwhile is shown soon after, not each time. @type {ReturnType<typeof setTimeout> | undefined} */
let soon;
function later() {
  clearTimeout(soon);
  soon = setTimeout(refresh, 120);
}
api.storage.session.onChanged.addListener(later);
if (isSide) {
  const other = () => { shown = null; later(); };
  api.tabs.onActivated.addListener(other);
  api.tabs.onUpdated.addListener((_id, change) => { if (change.status) other(); });
}

await refresh();
// The courier takes its time to start, and nothing here waits for it.
news({ button: /** @type {HTMLButtonElement} */ ($('look')), told: $('news'), more: null, say, then: refresh }).draw().catch(() => {});
