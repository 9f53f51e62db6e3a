// SPDX-License-Identifier: Apache-2.0

/**
 * From a draft to what the module composes: which fields, how much of the
 * address, which redactions. Pure; the page shows what comes out and nothing else.
 */

import { TEXTS } from '../background/sealing.js';

/** @typedef {import('../shared/messages.js').Draft} Draft */
/** @typedef {import('../shared/messages.js').Verdict} Verdict */
/** @typedef {import('../background/sealing.js').Redaction} Redaction */
/** @typedef {import('../background/sealing.js').Passage} Passage */
/** What was found in each text, by name of the field, and in the note. @typedef {Record<string, Redaction[]>} Found */

/** The most code points of the reporter's own words. */
export const MAX_NOTE = 1000;

/** A longer address is not sent. */
const MAX_ADDRESS = 2048;

/** How a redaction is named where somebody took it back. @param {string} field @param {Redaction} r */
export const nameOf = (field, r) => `${field}/${r.start}`;

/** A text as far as it is sent. @param {Draft} draft @param {string} field */
export function textOf(draft, field) {
  const text = field === 'note' ? draft.note : /** @type {Record<string, string>} */ (/** @type {unknown} */ (draft.listing))[field] ?? '';
  const cut = draft.cut[field];
  return cut === undefined ? text : [...text].slice(0, cut).join('');
}

/** The fields that have something to send. @param {Draft} draft */
export const fieldsOf = (draft) => TEXTS.filter((f) => textOf(draft, f).trim() !== '');

/**
 * @param {Draft} draft @param {Found} found @param {string} field
 * @returns {Passage}
 */
function passage(draft, found, field) {
  if (draft.out.includes(field)) return { text: '', redact: [] };
  return { text: textOf(draft, field), redact: (found[field] ?? []).filter((r) => !draft.shown.includes(nameOf(field, r))) };
}

/** The address in the degree that was chosen; site alone where that is enough. @param {Draft} draft */
export function addressOf(draft) {
  if (!draft.address || draft.degree === 'none') return { site: '', address: '' };
  const u = new URL(draft.address);
  if (draft.degree === 'host') return { site: u.hostname, address: '' };
  if (draft.degree === 'path') u.search = u.hash = '';
  return { site: u.hostname, address: u.href.length > MAX_ADDRESS ? '' : u.href };
}

/** The verdict without what points at text that is not sent. @param {Draft} draft @returns {Verdict | null} */
function verdictOf(draft) {
  if (!draft.verdict || draft.out.includes('verdict')) return null;
  const length = (/** @type {string} */ f) => (draft.out.includes(f) ? 0 : [...textOf(draft, f)].length);
  const reasons = draft.verdict.reasons.map((r) => ({ ...r, spans: r.spans.filter((s) => s.end <= length(s.field)) }));
  return { ...draft.verdict, reasons };
}

/**
 * @param {Draft} draft @param {Found} found
 * @param {{ id: Uint8Array<ArrayBuffer>, release: number, program: string, day: string }} now
 * @returns {import('../background/sealing.js').Draft}
 */
export function compose(draft, found, { id, release, program, day }) {
  return {
    id, sort: draft.sort, day, list: draft.list, release, program, ...addressOf(draft), region: draft.region,
    kind: draft.listing.kind, language: draft.listing.lang, verdict: verdictOf(draft), note: passage(draft, found, 'note'),
    fields: Object.fromEntries(TEXTS.map((f) => [f, passage(draft, found, f)])),
  };
}

/**
 * Cuts the longest text by so many bytes, and a few.
 * @param {Draft} draft @param {number} over
 * @returns {Draft}
 */
export function shorten(draft, over) {
  const size = (/** @type {string} */ s) => new TextEncoder().encode(JSON.stringify(s)).length;
  const [longest] = fieldsOf(draft).filter((f) => !draft.out.includes(f)).sort((a, b) => size(textOf(draft, b)) - size(textOf(draft, a)));
  if (!longest) return draft;
  const points = [...textOf(draft, longest)];
  let kept = points.length;
  for (let less = 0; kept > 0 && less < over; kept--) less += size(points[kept - 1]) - 2;
  return { ...draft, cut: { ...draft.cut, [longest]: kept } };
}
