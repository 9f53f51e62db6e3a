// SPDX-License-Identifier: Apache-2.0

// The listing's fields as the reporter sees them: each can be taken out, and each
// redaction is a button in the text that takes it back. Text is set as text.

import { PLACEHOLDERS } from '../background/sealing.js';
import { fieldsOf, nameOf, textOf } from './compose.js';

/** @typedef {import('../shared/messages.js').Draft} Draft */
/** @typedef {import('../shared/words.js').Say} Say */
/** @typedef {import('./compose.js').Found} Found */
/** @typedef {(changes: Partial<Draft>) => void} Change */

/** @param {string[]} all @param {string} one @param {boolean} on */
export const toggled = (all, one, on) => (on ? [...new Set([...all, one])] : all.filter((x) => x !== one));

/**
 * A text with its redactions as buttons.
 * @param {HTMLElement} into @param {Draft} draft @param {Found} found @param {string} field @param {Say} say @param {Change} change
 */
export function drawText(into, draft, found, field, say, change) {
  const points = [...textOf(draft, field)];
  /** @type {(string | Node)[]} */
  const parts = [];
  let at = 0;
  for (const r of found[field] ?? []) {
    const original = points.slice(r.start, r.end).join('');
    const name = nameOf(field, r), shown = draft.shown.includes(name);
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'redaction';
    button.dataset.redaction = name;
    button.setAttribute('aria-pressed', String(!shown));
    button.textContent = shown ? original : PLACEHOLDERS[r.kind];
    button.title = say(shown ? 'report_redact_again' : 'report_unredact', original);
    button.addEventListener('click', () => change({ shown: toggled(draft.shown, name, !shown) }));
    parts.push(points.slice(at, r.start).join(''), button);
    at = r.end;
  }
  into.replaceChildren(...parts, points.slice(at).join(''));
}

/**
 * @param {HTMLElement} into @param {Draft} draft @param {Found} found @param {Say} say @param {Change} change
 */
export function drawFields(into, draft, found, say, change) {
  const focus = /** @type {HTMLElement | null} */ (document.activeElement);
  const again = focus?.dataset.redaction ?? focus?.id;
  into.replaceChildren(...fieldsOf(draft).map((field) => {
    const out = draft.out.includes(field);
    const row = document.createElement('div'), label = document.createElement('label'), box = document.createElement('input'), text = document.createElement('div');
    row.className = 'field';
    label.className = 'check';
    box.type = 'checkbox';
    box.id = `field-${field}`;
    box.checked = !out;
    box.addEventListener('change', () => change({ out: toggled(draft.out, field, !box.checked) }));
    const name = document.createElement('strong');
    name.textContent = say(`report_field_${field}`) + (draft.cut[field] === undefined ? '' : ` ${say('report_cut')}`);
    label.append(box, name);
    text.className = out ? 'text out' : 'text';
    text.dir = 'auto';
    if (out) text.textContent = textOf(draft, field);
    else drawText(text, draft, found, field, say, change);
    row.append(label, text);
    return row;
  }));
  // What was pressed has been drawn anew, and keeps the focus.
  if (again) /** @type {HTMLElement | null} */ (into.querySelector(`[data-redaction="${CSS.escape(again)}"], #${CSS.escape(again)}`))?.focus();
}
