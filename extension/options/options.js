// SPDX-License-Identifier: Apache-2.0

// The options: every change is kept at once; what an organisation has fixed is
// shown and cannot be changed.

import { api, ask } from '../shared/api.js';
import { listLine, news } from '../shared/news.js';
import { speakOn } from '../shared/words.js';

/** @typedef {import('../shared/messages.js').State} State */
/** @typedef {import('../shared/messages.js').Settings} Settings */

/** @template {HTMLElement} [T=HTMLElement] @param {string} id @returns {T} */
const $ = (id) => /** @type {T} */ (document.getElementById(id));

let state = await ask('state', {});
let say = await speakOn(state.settings.language);

const latest = news({
  button: /** @type {HTMLButtonElement} */ ($('look')), told: $('news'), more: $('news-times'), say: (...words) => say(...words),
  then: async () => { state = await ask('state', {}); draw(); },
});
/** @type {import('../shared/messages.js').ReleaseStatus} */
let release;

/** @param {string} text */
function tell(text) { $('status').textContent = text; }

/** @param {string} label @param {() => void} act @param {string} name for a screen reader */
function smallButton(label, act, name) {
  const button = document.createElement('button');
  button.className = 'small';
  button.textContent = label;
  button.setAttribute('aria-label', name);
  button.addEventListener('click', act);
  return button;
}

/** @param {string} text @param {HTMLElement} button */
function entry(text, button) {
  const li = document.createElement('li');
  const span = document.createElement('span');
  span.textContent = text;
  span.dir = 'ltr';
  li.append(span, ' ', button);
  return li;
}

/** @param {keyof Settings} key @param {HTMLInputElement | HTMLSelectElement | HTMLFieldSetElement} control */
function lock(key, control) {
  control.disabled = state.managed.includes(key);
  control.title = control.disabled ? say('opt_managed') : '';
}

function draw() {
  const { settings } = state;
  for (const key of /** @type {const} */ (['consent', 'lowProfile', 'history'])) {
    const box = /** @type {HTMLInputElement} */ ($(key));
    box.checked = settings[key];
    lock(key, box);
  }
  for (const radio of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll('[name="threshold"]'))) radio.checked = radio.value === settings.threshold;
  lock('threshold', /** @type {HTMLFieldSetElement} */ ($('threshold')));
  drawSites();
  drawChoices();
  drawList();
  drawMuted();
  $('show-history').hidden = !state.history;
  $('show-history').textContent = say('opt_history_show', state.history);
  if (!state.history) $('entries').hidden = true;
  $('version').textContent = state.version;
}

function drawSites() {
  $('no-sites').hidden = state.sites.length > 0;
  $('sites').replaceChildren(...state.sites.map((origin) => {
    const name = origin.replace(/\/\*$/, '');
    return entry(name, smallButton('×', () => apply(ask('forget', { origin })), say('opt_remove', name)));
  }));
}

function drawChoices() {
  const languages = new Intl.DisplayNames([document.documentElement.lang], { type: 'language' });
  const regions = new Intl.DisplayNames([document.documentElement.lang], { type: 'region' });
  choose('language', [['', say('opt_auto')], ...state.languages.map((l) => /** @type {[string, string]} */ ([l, `${new Intl.DisplayNames([l], { type: 'language' }).of(l)} (${languages.of(l)})`]))]);
  const countries = state.countries.map((c) => /** @type {[string, string]} */ ([c, regions.of(c) ?? c])).sort((a, b) => a[1].localeCompare(b[1]));
  choose('country', [['', say('opt_auto')], ...countries]);
}

/** @param {'language' | 'country'} key @param {[string, string][]} choices */
function choose(key, choices) {
  const select = /** @type {HTMLSelectElement} */ ($(key));
  select.replaceChildren(...choices.map(([value, label]) => new Option(label, value, false, value === state.settings[key])));
  lock(key, select);
}

function drawList() {
  const l = state.list;
  $('list').textContent = l ? listLine(say, l) : say('list_broken', state.problem);
  drawNews();
}

/** What is known of newer lists, and where they come from. */
async function drawNews() {
  release = await latest.draw();
  const l = state.list, fetched = release.release && !release.release.packaged;
  $('list-more').textContent = l ? say(fetched ? 'opt_list_fetched' : 'opt_list_packaged', l.indicators) : '';
  $('allow-server').hidden = release.off !== 'permission';
  const server = /** @type {HTMLInputElement} */ ($('server')), none = release.off === 'keys';
  $('server-form').hidden = none;
  if (document.activeElement !== server) server.value = state.settings.server;
  server.placeholder = release.own;
  $('server-note').textContent = say('opt_server_note', release.own || say('opt_server_none'));
  for (const control of [server, /** @type {HTMLButtonElement} */ ($('set-server'))]) {
    control.disabled = state.managed.includes('server');
    control.title = control.disabled ? say('opt_managed') : '';
  }
}

/** How permissions name where a server is; null for what is no server. @param {string} typed */
function serverOrigin(typed) {
  try {
    const { protocol, hostname } = new URL(typed);
    return protocol === 'https:' || protocol === 'http:' && hostname === '127.0.0.1' ? `${protocol}//${hostname}/*` : null;
  } catch {
    return null;
  }
}

/** Asks the browser, and then sets a server. @param {string} typed */
async function useServer(typed) {
  const origin = typed === '' ? null : serverOrigin(typed);
  if (typed !== '' && !origin) return tell(say('opt_bad_server'));
  // The browser asks the volunteer now, so nothing may be waited for before.
  if (origin && !await api.permissions.request({ origins: [origin] }).catch(() => api.permissions.contains({ origins: [origin] }))) return;
  const before = state.settings.server;
  await set({ server: typed });
  if (typed && state.settings.server === before && before !== typed) tell(say('opt_bad_server'));
}

function drawMuted() {
  const { mutedSites, mutedIndicators, mutedListings } = state.settings;
  /** @param {'mutedSites' | 'mutedIndicators'} key @param {string} one */
  const item = (key, one) => entry(one, smallButton('×', () => set({ [key]: state.settings[key].filter((x) => x !== one) }), say('opt_remove', one)));
  const items = [...mutedSites.map((s) => item('mutedSites', s)), ...mutedIndicators.map((i) => item('mutedIndicators', i))];
  if (mutedListings.length) items.push(entry(say('opt_muted_listings', mutedListings.length), smallButton('×', () => set({ mutedListings: [] }), say('opt_remove', say('opt_muted_listings', mutedListings.length)))));
  $('muted').replaceChildren(...items);
  $('muted-none').hidden = items.length > 0;
  $('unmute').hidden = items.length === 0;
}

/** @param {Promise<State>} change @param {string} [word] */
async function apply(change, word = 'opt_saved') {
  const before = state.settings.language;
  state = await change;
  if (state.settings.language !== before) say = await speakOn(state.settings.language);
  draw();
  tell(say(word));
}

/** @param {Partial<Settings>} changes */
const set = (changes) => apply(ask('set', changes));

for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll('[data-key]'))) {
  box.addEventListener('change', () => set({ [box.dataset.key ?? '']: box.checked }));
}
$('threshold').addEventListener('change', (event) => set({ threshold: /** @type {any} */ (event.target).value }));
for (const key of ['language', 'country']) $(key).addEventListener('change', (event) => set({ [key]: /** @type {HTMLSelectElement} */ (event.target).value }));
$('unmute').addEventListener('click', () => set({ mutedSites: [], mutedIndicators: [], mutedListings: [] }));

$('add').addEventListener('submit', (event) => {
  event.preventDefault();
  const input = /** @type {HTMLInputElement} */ ($('site')), typed = input.value.trim();
  let origins;
  try {
    const u = new URL(/^https?:\/\//.test(typed) ? typed : `https://${typed}`);
    if (!u.hostname.includes('.') && u.hostname !== 'localhost') throw new TypeError('no host name');
    origins = [`${u.protocol}//${u.hostname}/*`];
  } catch {
    tell(say('opt_bad_address'));
    return;
  }
  // The browser asks the volunteer now, so nothing may be waited for before.
  api.permissions.request({ origins }).then((given) => { if (given) { input.value = ''; apply(ask('state', {})); } });
});

$('server-form').addEventListener('submit', (event) => {
  event.preventDefault();
  useServer(/** @type {HTMLInputElement} */ ($('server')).value.trim());
});
$('allow-server').addEventListener('click', () => {
  const origin = serverOrigin(release.server);
  if (origin) api.permissions.request({ origins: [origin] }).then(() => apply(ask('state', {})));
});

$('show-history').addEventListener('click', async () => {
  const rows = (await ask('history', {})).map((e) => {
    const tr = document.createElement('tr');
    for (const text of [e.day, say(`level_${e.level}`), e.url]) tr.insertCell().textContent = text;
    return tr;
  });
  $('entries').querySelector('tbody')?.replaceChildren(...rows);
  $('entries').hidden = false;
});

// Two clicks: the second is on a button that was not there before.
$('erase').addEventListener('click', () => { $('erase-sure').hidden = false; $('erase-sure').focus(); });
$('erase-sure').addEventListener('click', async () => {
  await apply(ask('erase', {}), 'opt_erased');
  $('erase-sure').hidden = true;
});

draw();
