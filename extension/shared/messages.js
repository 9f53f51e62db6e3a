// SPDX-License-Identifier: Apache-2.0

// Every message that crosses a boundary inside the extension: name, sender,
// body, answer. The worker has one table of handlers per sender, typed by the
// maps at the end. What a content script sends is input from a hostile page.

/**
 * What one advert says; a field that is '' is unknown. DESIGN, section 11.
 * @typedef {{kind: string, lang: string, title: string, body: string, company: string, location: string,
 *   pay: string, contact: string, url: string}} Listing
 */

/** @typedef {'none' | 'notice' | 'elevated' | 'high'} Level */

/** A passage of a field, in code points. @typedef {{field: string, start: number, end: number}} Span */

/**
 * An indicator that fired, as the scoring module tells it.
 * @typedef {{indicator: string, dimension: string, strength: string, points: number, spans: Span[]}} Reason
 */

/** @typedef {{level: Level, score: number, reasons: Reason[]}} Verdict */

/**
 * How to find the listings of one site; server/lists/sites/README.md.
 * @typedef {{css?: string, attr?: string, all?: boolean, omit?: string[], strip?: string[]}} Way
 * @typedef {{name: string, lists: 'one' | 'many', paths?: string[], kind?: string,
 *   kinds?: {path?: string, has?: string, kind: string}[], lang?: string, root: string[],
 *   fields: {title?: Way[], body?: Way[], company?: Way[], location?: Way[], pay?: Way[], contact?: Way[], link?: Way[]}}} AdapterPage
 * @typedef {{id: string, title: string, hosts: string[], checked: string, pages: AdapterPage[]}} Adapter
 */

/** What a mark needs to know of a listing. @typedef {{level: Level, reasons: number}} Brief */

/**
 * One reason in words.
 * @typedef {{indicator: string, title: string, means: string, benign: string, dimension: string, strength: string,
 *   sources: string[], test: boolean, muted: boolean, spans: Span[]}} ReasonInWords
 */

/**
 * @typedef {{name: string, number?: string | number, text?: string | number, web?: string, who?: string, languages?: string[] | string,
 *   hours?: string, anonymous?: boolean, checked?: string, status?: string}} HelpContact
 * @typedef {{country: string, emergency: string | number, lines: HelpContact[], directory: {name: string, web: string}, old: boolean}} Help
 */

/** The list that verdicts come from. @typedef {{name: string, version: number, created: string, indicators: number, old: boolean}} ListStatus */

/**
 * A verdict explained.
 * @typedef {{level: Level, title: string, means: string, reasons: ReasonInWords[], help: Help, advice: string[],
 *   list: ListStatus, lang: string, dir: 'ltr' | 'rtl', listingMuted: boolean}} Explanation
 */

/**
 * What a volunteer has set; shared/settings.js has the defaults.
 * @typedef {{consent: boolean, lowProfile: boolean, threshold: 'notice' | 'elevated' | 'high', language: string,
 *   country: string, history: boolean, pausedUntil: number, server: string, mutedSites: string[], mutedIndicators: string[], mutedListings: string[]}} Settings
 */

/**
 * How it stands with updates; times are milliseconds since 1970, but issued is Unix seconds. off is why
 * nobody is asked: no keys in this build, no server, no consent, no permission for the server's address.
 * own is the server that this build was made for.
 * @typedef {{off: '' | 'keys' | 'server' | 'consent' | 'permission', server: string, own: string, lookedAt: number, nextAt: number,
 *   outcome: string, refusal: string, release: {list: string, version: number, issued: number, packaged: boolean, staleHead: boolean,
 *   staleList: boolean, staleRoot: boolean, clockSlow: boolean, recovering: string} | null}} ReleaseStatus
 */

/** What a frame found, in numbers; no text. @typedef {{notice: number, elevated: number, high: number, scanned: number,
 *   site: string, method: string, drift: boolean, resting: boolean, busy: number}} Count */

/** A listing that is at or above the threshold, as the popup lists it. @typedef {{id: number, level: Level, label: string, title: string}} Finding */

/** Why nothing is scanned here. @typedef {'consent' | 'paused' | 'muted' | 'broken'} Off */

/**
 * @typedef {{on: false, why: Off} | {on: true, adapters: Adapter[], lowProfile: boolean,
 *   threshold: 'notice' | 'elevated' | 'high', words: Record<string, string> | null, lang: string, dir: 'ltr' | 'rtl'}} Hello
 */

/** @typedef {{what: 'listing', listing: Listing} | {what: 'indicator', indicator: string} | {what: 'site'}} Mute */

/** @typedef {{day: string, url: string, level: Level, indicators: string[]}} HistoryEntry */

/**
 * A report that somebody has begun. degree is of the address; out names fields that were taken out, shown the
 * redactions that were taken back ('body/17'), cut to how many code points a field was shortened.
 * @typedef {{key: string, begun: number, private: boolean, sort: 'flagged' | 'missed' | 'wrong-flag' | 'page', listing: Listing,
 *   address: string, verdict: Verdict | null, list: string, degree: 'full' | 'path' | 'host' | 'none', region: string, note: string,
 *   out: string[], shown: string[], cut: Record<string, number>, now: boolean, trace: boolean}} Draft
 */

/** A report ready to be sent: id and code in hexadecimal digits, envelope in base64; code '' if no trace is to stay. @typedef {{id: string,
 *   envelope: string, now: boolean, private: boolean, code: string, day: string}} Sealed */

/** Numbers of reports, and the codes that the reporter wanted kept. @typedef {{waiting: number, late: number, refused: number, count: number,
 *   kept: {day: string, code: string}[]}} Outbox */

/** How it stands with reports; server '' where they cannot be sent, and why not. @typedef {{server: string, off: ReleaseStatus['off'], outbox: Outbox,
 *   drafts: {key: string, begun: number, title: string}[]}} Reports */

/**
 * All that a page of ours shows.
 * @typedef {{settings: Settings, managed: string[], list: ListStatus | null, problem: string, sites: string[],
 *   history: number, version: string, languages: string[], countries: string[]}} State
 */

/**
 * Content script → worker.
 * @typedef {object} FromContent
 * @property {{body: {url: string}, answer: Hello}} hello a frame asks whether to scan, and how
 * @property {{body: {listings: Listing[]}, answer: Brief[]}} score one batch
 * @property {{body: {listing: Listing}, answer: Explanation}} explain what a verdict rests on
 * @property {{body: Count, answer: null}} found what the frame has found so far
 * @property {{body: {on: boolean}, answer: null}} passages put the style of marked passages into the frame, or take it out
 * @property {{body: Mute, answer: null}} mute
 * @property {{body: Mute, answer: null}} unmute
 * @property {{body: {listing: Listing, sort: 'flagged' | 'wrong-flag'}, answer: null}} report opens the report page; sends nothing
 */

/**
 * Our own pages → worker.
 * @typedef {object} FromPage
 * @property {{body: {}, answer: State}} state
 * @property {{body: Partial<Settings>, answer: State}} set
 * @property {{body: {listing: Listing}, answer: Explanation}} explainHere the same for a page of ours
 * @property {{body: {tab: number}, answer: {ok: boolean}}} scan reads a tab once, by the right of the click
 * @property {{body: {tab: number}, answer: {frame: number, count: Count}[]}} counts
 * @property {{body: {origin: string}, answer: State}} forget takes a site's permission back
 * @property {{body: {}, answer: HistoryEntry[]}} history
 * @property {{body: {}, answer: ReleaseStatus}} release how it stands with updates
 * @property {{body: {}, answer: ReleaseStatus}} update looks for a newer list now
 * @property {{body: {}, answer: State}} erase everything that was kept
 * @property {{body: {listing: Listing, sort: Draft['sort'], tab: number}, answer: null}} beginReport opens the report page about something in a tab; below 0 in none
 * @property {{body: {}, answer: Reports}} reports how it stands with them
 * @property {{body: {key: string}, answer: Draft | null}} draft
 * @property {{body: {draft: Draft}, answer: null}} keepDraft
 * @property {{body: {key: string}, answer: null}} discardDraft
 * @property {{body: Sealed, answer: {ok: boolean}}} queueReport takes a sealed report
 * @property {{body: {code: string}, answer: {ok: boolean}}} withdraw takes a report back
 * @property {{body: {}, answer: null}} seenReports those that were given up have been told
 */

/**
 * Worker or popup → content script.
 * @typedef {object} ToContent
 * @property {{body: {}, answer: null}} changed settings or list changed: ask again
 * @property {{body: {}, answer: Finding[]}} findings
 * @property {{body: {id: number}, answer: Listing | null}} listing
 * @property {{body: {}, answer: Listing | null}} page what the page says, or what is selected in it, as one listing
 * @property {{body: {id: number}, answer: null}} show scrolls to a listing, and opens its panel where drawing is on
 */

/**
 * @template {object} T
 * @typedef {{[K in keyof T]: T[K] extends {body: infer B, answer: infer A} ? (body: B, sender: chrome.runtime.MessageSender) => Promise<A> : never}} Handlers
 */

/** @template {object} T @template {keyof T} K @typedef {T[K] extends {body: infer B} ? B : never} Body */
/** @template {object} T @template {keyof T} K @typedef {T[K] extends {answer: infer A} ? A : never} Answer */

/** The most listings of one batch. */
export const MAX_BATCH = 128;

/** The most UTF-16 units of one field. */
export const MAX_FIELD = 20000;

export const FIELDS = /** @type {const} */ (['title', 'body', 'company', 'location', 'pay', 'contact', 'url']);
export const LEVELS = /** @type {const} */ (['none', 'notice', 'elevated', 'high']);
export const KINDS = /** @type {const} */ (['', 'job', 'au-pair', 'modelling', 'housing', 'services', 'travel', 'other']);

/**
 * A listing from outside, or null where it is none.
 * @param {unknown} value
 * @returns {Listing | null}
 */
export function asListing(value) {
  if (typeof value !== 'object' || value === null) return null;
  const from = /** @type {Record<string, unknown>} */ (value);
  const text = (/** @type {unknown} */ v) => (typeof v === 'string' ? v.slice(0, MAX_FIELD) : '');
  const kind = text(from.kind);
  return {
    kind: /** @type {readonly string[]} */ (KINDS).includes(kind) ? kind : '',
    lang: /^[a-z]{2,3}$/.test(text(from.lang)) ? text(from.lang) : '',
    title: text(from.title), body: text(from.body), company: text(from.company), location: text(from.location),
    pay: text(from.pay), contact: text(from.contact), url: text(from.url),
  };
}
