// SPDX-License-Identifier: Apache-2.0

// The report page. Everything that is chosen is kept in the draft, and what is
// shown at the end is composed from it by the module, byte for byte as it will be
// sealed. Nothing is sent before the button is pressed.

import { api, ask } from '../shared/api.js';
import { speakOn } from '../shared/words.js';
import { MAX_NOTE, compose, fieldsOf, shorten, textOf } from './compose.js';
import { drawFields, drawText, toggled } from './fields.js';
import { drawOverview } from './overview.js';
import { countries, regionOf } from './places.js';
import { codeOf, grouped, hex, mayLeave, sealer, send, today } from './sending.js';

/** @typedef {import('../shared/messages.js').Draft} Draft */

/** @template {HTMLElement} [T=HTMLElement] @param {string} id @returns {T} */
const $ = (id) => /** @type {T} */ (document.getElementById(id));

const { settings } = await ask('state', {});
const say = await speakOn(settings.language);

/** The draft that is shown. @type {Draft | null} */
let draft = await ask('draft', { key: location.hash.slice(1) });
const s = await sealer().catch(() => null);
const intake = keys();
const who = draft && intake && s ? s.code() : null;

/** What the module last composed. @type {Uint8Array<ArrayBuffer>} */
let report = new Uint8Array();
let over = 0;
/** @type {import('./compose.js').Found} */
let found = {};
/** @type {AbortController | null} */
let working = null;

/** @param {string} text */
function tell(text) {
  $('status').textContent = text;
  if (text) $('status').scrollIntoView({ block: 'nearest' });
}

function keys() {
  try {
    return s?.intake() ?? null;
  } catch {
    return null; // the release in use names none
  }
}

/** Draws all that depends on the draft. */
function draw() {
  if (!draft || !s || !intake || !who) return;
  const fields = fieldsOf(draft);
  const lists = s.redact([...fields, 'note'].map((f) => textOf(/** @type {Draft} */ (draft), f)));
  found = Object.fromEntries([...fields, 'note'].map((f, i) => [f, lists[i]]));
  drawFields($('fields'), draft, found, say, change);
  $('note-redacted').hidden = !found.note.length;
  if (found.note.length) drawText($('note-redacted'), draft, found, 'note', say, change);
  $('note-left').textContent = say('report_note_left', MAX_NOTE - [...draft.note].length);
  const composed = s.compose(compose(draft, found, { id: who.id, release: intake.version, program: api.runtime.getManifest().version, day: today() }));
  ({ over, report } = composed);
  $('bytes').textContent = new TextDecoder().decode(report);
  $('size').textContent = over ? '' : say('report_size', report.length);
  $('long').hidden = !over;
  $('over').textContent = say('report_over', over);
  /** @type {HTMLButtonElement} */ ($('send')).disabled = over > 0 || working !== null;
}

/** Drafts are kept a moment after the last change. @type {ReturnType<typeof setTimeout> | undefined} */
let soon;

/** @param {Partial<Draft>} changes */
function change(changes) {
  if (!draft) return;
  draft = { ...draft, ...changes };
  const kept = draft;
  clearTimeout(soon);
  soon = setTimeout(() => { ask('keepDraft', { draft: kept }).catch((error) => tell(String(error))); }, 200);
  draw();
}

/** @param {string} name @param {string} value @param {(value: string) => void} act */
function radios(name, value, act) {
  for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll(`[name="${name}"]`))) {
    input.checked = input.value === value;
    input.addEventListener('change', () => act(input.value));
  }
}

/** @param {Draft} d */
function begin(d) {
  if (intake?.relay) api.storage.local.set({ relay: intake.relay }); // whose address is then no site that is read
  $('form').hidden = false;
  $('private').hidden = !d.private;
  $('consent').textContent = say('report_consent', intake?.retention ?? 0, intake?.keys ?? 0);
  radios('sort', d.sort, (sort) => change({ sort: /** @type {Draft['sort']} */ (sort) }));
  radios('degree', d.degree, (degree) => change({ degree: /** @type {Draft['degree']} */ (degree) }));
  radios('when', d.now || d.private ? 'now' : 'later', (when) => change({ now: when === 'now' }));
  for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll('[name="when"], #trace'))) input.disabled = d.private;
  box('verdict', !d.out.includes('verdict'), (on) => change({ out: toggled(/** @type {Draft} */ (draft).out, 'verdict', !on) }));
  box('trace', d.trace, (trace) => change({ trace }));
  $('verdict').closest('label')?.toggleAttribute('hidden', !d.verdict);
  place(d);
  const note = /** @type {HTMLTextAreaElement} */ ($('note'));
  note.value = d.note;
  note.addEventListener('input', () => {
    // Counted in code points: an attribute would count what UTF-16 makes of them.
    if ([...note.value].length > MAX_NOTE) note.value = [...note.value].slice(0, MAX_NOTE).join('');
    change({ note: note.value });
  });
  draw();
}

/** @param {string} id @param {boolean} on @param {(on: boolean) => void} act */
function box(id, on, act) {
  const input = /** @type {HTMLInputElement} */ ($(id));
  input.checked = on;
  input.addEventListener('change', () => act(input.checked));
}

/** @param {Draft} d */
function place(d) {
  const country = /** @type {HTMLSelectElement} */ ($('country')), part = /** @type {HTMLInputElement} */ ($('part'));
  country.append(new Option(say('report_nowhere'), ''), ...countries(document.documentElement.lang).map(([code, name]) => new Option(name, code)));
  [country.value, part.value] = [d.region.slice(0, 2), d.region.slice(3)];
  const chosen = () => {
    const region = regionOf(country.value, part.value);
    $('parts').hidden = !country.value;
    part.setAttribute('aria-invalid', String(region === null));
    if (region !== null) change({ region });
  };
  country.addEventListener('change', chosen);
  part.addEventListener('input', chosen);
  $('parts').hidden = !country.value;
}

/** @param {boolean} on */
function busy(on) {
  $('working').hidden = !on;
  for (const id of ['send', 'discard']) /** @type {HTMLButtonElement} */ ($(id)).disabled = on;
}

$('form').addEventListener('submit', (event) => {
  event.preventDefault();
  if (!draft || !s || !who || over || working) return;
  // The browser's question must come at the click, so nothing is waited for before.
  submit(mayLeave(draft, intake?.relay ?? '')).catch((error) => tell(say('report_failed', error instanceof Error ? error.message : String(error))));
});

/** @param {Promise<boolean>} asked */
async function submit(asked) {
  if (!await asked) { tell(say('report_not_allowed')); return; }
  if (!draft || !s || !who) return;
  const progress = /** @type {HTMLProgressElement} */ ($('progress'));
  working = new AbortController();
  busy(true);
  tell('');
  try {
    // Work is a lottery: the bar nears its end and waits there.
    const ok = await send(s, draft, who, report, (done) => { progress.value = 1 - Math.exp(-done); }, working.signal);
    if (ok) await finish();
    else tell(say(draft.private ? 'report_unsent' : 'report_refused'));
  } catch (error) {
    if (!working.signal.aborted) throw error;
    tell(say('report_cancelled'));
  } finally {
    working = null;
    busy(false);
  }
}

async function finish() {
  if (!draft || !who) return;
  clearTimeout(soon);
  await ask('discardDraft', { key: draft.key });
  const code = hex(who.code), now = draft.now || draft.private;
  draft = null;
  history.replaceState(null, '', location.pathname);
  $('form').hidden = true;
  $('private').hidden = true;
  $('done').hidden = false;
  $('done-when').textContent = say(now ? 'report_done_now' : 'report_done_later');
  $('code').textContent = grouped(code);
  $('undo').addEventListener('click', () => takeBack(code));
  $('done-title').focus();
  await drawOverview(say, takeBack);
}

/** @param {string} code */
async function takeBack(code) {
  const { ok } = await ask('withdraw', { code });
  tell(say(ok ? 'report_withdrawn' : 'report_withdraw_failed'));
  if (ok) $('done').hidden = true;
  await drawOverview(say, takeBack);
}

$('cancel').addEventListener('click', () => working?.abort());
$('shorten').addEventListener('click', () => draft && change(shorten(draft, over)));
$('discard').addEventListener('click', async () => {
  if (!draft) return;
  clearTimeout(soon);
  await ask('discardDraft', { key: draft.key });
  draft = null;
  $('form').hidden = true;
  tell(say('report_discarded'));
  await drawOverview(say, takeBack);
});
$('take').addEventListener('submit', (event) => {
  event.preventDefault();
  const code = codeOf(/** @type {HTMLInputElement} */ ($('taken')).value);
  if (code) takeBack(code);
  else tell(say('report_bad_code'));
});
addEventListener('hashchange', () => location.reload());

const { server } = await ask('reports', {});
if (draft && (!intake || !server)) tell(say('report_impossible'));
else if (draft) begin(draft);
await drawOverview(say, takeBack);
