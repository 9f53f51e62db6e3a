// SPDX-License-Identifier: Apache-2.0

/**
 * The courier module's part in reports, for the report page: what is to be
 * redacted, the bytes that a person is shown, and the envelope that they are
 * sealed in. Package seal says what all of that is, wasm/wire/report.go has the
 * bytes. The keys are those of the release that the module itself has verified.
 */

import { Writer } from './courier.js';
import { FIELDS, KINDS, LEVELS } from '../shared/messages.js';

/** @typedef {import('./courier.js').Courier} Courier */
/** @typedef {import('./wire.js').Reader} Reader */
/** @typedef {import('../shared/messages.js').Verdict} Verdict */
/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

/** What the release in use says of reports. @typedef {{ note: Bytes, version: number, work: number, retention: number, keys: number, relay: string, config: Bytes }} Intake */
/** A passage to be redacted, in code points. @typedef {{ kind: number, start: number, end: number }} Redaction */
/** @typedef {{ text: string, redact: Redaction[] }} Passage */

/**
 * A report before redaction; '' is absent. fields are those of a listing, without its address.
 * @typedef {{ id: Bytes, sort: string, day: string, list: string, release: number, program: string, site: string,
 *   address: string, region: string, kind: string, language: string, fields: Record<string, Passage>,
 *   verdict: Verdict | null, note: Passage }} Draft
 */

export const SORTS = /** @type {const} */ (['', 'flagged', 'missed', 'wrong-flag', 'page']);

/** By kind, what stands in the place of what was redacted. */
export const PLACEHOLDERS = ['[account]', '[e-mail]', '[link]', '[phone]', '[handle]'];

/** Fields that a report can have: a listing's own address is the report's. */
export const TEXTS = FIELDS.slice(0, 6);

/** How many nonces are tried at once: some hundredths of a second. */
const TRIES = 8192;

/** @type {Passage} */
const NOTHING = { text: '', redact: [] };

export class Sealer {
  #courier;

  /** @param {Courier} courier opened */
  constructor(courier) {
    this.#courier = courier;
  }

  /** Throws a ModuleError with status 'no pack' where there are no keys. @returns {Intake} */
  intake() {
    return this.#courier.ask('intake', new Writer().done(), (r) => ({
      note: r.take(32), version: r.uv(), work: r.u8(), retention: r.u16(), keys: r.uv(), relay: new TextDecoder().decode(r.blob()), config: r.blob(),
    }));
  }

  /** A new code that takes a report back, and the id of that report. @returns {{ code: Bytes, id: Bytes }} */
  code() {
    return this.#courier.ask('code', new Writer().done(), (r) => ({ code: r.take(16), id: r.take(16) }));
  }

  /** What had better not leave. @param {string[]} texts @returns {Redaction[][]} in the same order */
  redact(texts) {
    const w = new Writer().uv(texts.length);
    for (const text of texts) w.text(text);
    return this.#courier.ask('redact', w.done(), (r) => Array.from({ length: r.count(1) }, () => readRedactions(r)));
  }

  /**
   * The report as it will be sealed, or by how many bytes it is too long.
   * @param {Draft} draft
   * @returns {{ over: number, report: Bytes }}
   */
  compose(draft) {
    return this.#courier.ask('compose', encodeDraft(draft), (r) => ({ over: r.u32(), report: r.blob() }));
  }

  /** @param {Bytes} id @param {Bytes} report as composed @returns {Bytes} an envelope without work */
  seal(id, report) {
    return this.#courier.ask('seal', new Writer().bytes(id).blob(report).done(), (r) => r.take(r.left));
  }

  /**
   * Does an envelope's work, in slices between which the page can be used.
   * @param {Bytes} envelope
   * @param {number} bits
   * @param {(expected: number) => void} progress is told how much of the work that is expected has been done; it may go past 1
   * @param {AbortSignal} signal ends it
   * @returns {Promise<Bytes>} the envelope, ready to be sent
   */
  async work(envelope, bits, progress, signal) {
    for (let start = 0; ; start += TRIES) {
      signal.throwIfAborted();
      const found = this.#search(envelope, bits, start);
      if (found) return found;
      progress((start + TRIES) / 2 ** bits);
      await new Promise((done) => { setTimeout(done); });
    }
  }

  /**
   * What the release's relay is sent in place of a request to the collector.
   * @param {'reports' | 'withdrawals'} to @param {string} host the collector's @param {Bytes} content
   * @returns {{ sealed: Bytes, status: (answer: Bytes) => number }} status reads the collector's status from the relay's answer
   */
  wrap(to, host, content) {
    const request = new Writer().u8(to === 'reports' ? 0 : 1).str(host).blob(content).done();
    const { enc, secret, sealed } = this.#courier.ask('wrap', request, (r) => ({ enc: r.take(32), secret: r.take(16), sealed: r.take(r.left) }));
    const status = (/** @type {Bytes} */ answer) => this.#courier.ask('unwrap', new Writer().bytes(enc).bytes(secret).blob(answer).done(), (r) => r.u16());
    return { sealed, status };
  }

  /** @param {Bytes} envelope @param {number} bits @param {number} start @returns {Bytes | null} */
  #search(envelope, bits, start) {
    const request = new Writer().time(start).u32(TRIES).u8(bits).blob(envelope).done();
    return this.#courier.ask('work', request, (r) => (r.bool() ? r.blob() : (r.blob(), null)));
  }
}

/** @param {Reader} r @returns {Redaction[]} */
function readRedactions(r) {
  return Array.from({ length: r.count(3) }, () => {
    const kind = r.u8(), start = r.uv();
    return { kind, start, end: start + r.uv() };
  });
}

/** @param {Draft} d */
function encodeDraft(d) {
  const w = new Writer().bytes(d.id).u8(Math.max(0, SORTS.indexOf(/** @type {any} */ (d.sort))));
  w.str(d.day).str(d.list).uv(d.release).str(d.program).str(d.site).text(d.address).str(d.region);
  w.u8(Math.max(0, KINDS.indexOf(/** @type {any} */ (d.kind)))).str(d.language);
  for (const field of TEXTS) writePassage(w, d.fields[field] ?? NOTHING);
  writeVerdict(w.bool(d.verdict !== null), d.verdict);
  return writePassage(w, d.note).done();
}

/** @param {Writer} w @param {Passage} p */
function writePassage(w, p) {
  w.text(p.text).uv(p.redact.length);
  for (const { kind, start, end } of p.redact) w.u8(kind).uv(start).uv(end - start);
  return w;
}

/** @param {Writer} w @param {Verdict | null} verdict */
function writeVerdict(w, verdict) {
  if (!verdict) return;
  w.u8(LEVELS.indexOf(verdict.level)).u16(Math.round(verdict.score * 100)).uv(verdict.reasons.length);
  for (const { indicator, points, spans } of verdict.reasons) {
    const within = spans.filter((s) => TEXTS.includes(/** @type {any} */ (s.field)));
    w.str(indicator).u8(points).uv(within.length);
    for (const s of within) w.u8(TEXTS.indexOf(/** @type {any} */ (s.field))).uv(s.start).uv(s.end - s.start);
  }
}
