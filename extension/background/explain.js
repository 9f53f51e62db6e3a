// SPDX-License-Identifier: Apache-2.0

// From a verdict to what a person is shown: which reasons count for this
// volunteer, and how they are said.

import { api } from '../shared/api.js';
import { direction, languageOf } from '../shared/words.js';
import { LEVELS } from '../shared/messages.js';
import * as list from './list.js';
import * as store from './store.js';

/** @typedef {import('../shared/messages.js').Verdict} Verdict */
/** @typedef {import('../shared/messages.js').Listing} Listing */
/** @typedef {import('../shared/messages.js').Brief} Brief */
/** @typedef {import('../shared/messages.js').Level} Level */
/** @typedef {import('../shared/messages.js').Reason} Reason */

/** Advice under every explanation, in this order; the list has the words. */
const ADVICE = ['do-not-contact', 'do-not-investigate', 'talk-to-helpline', 'immediate-danger', 'keep-evidence', 'report-to-site', 'if-this-is-you'];

/** The language of reasons. */
const readerLanguage = () => languageOf(store.settings().language).split(/[-_]/)[0];

/** Reasons that bring points and are not muted. @param {Verdict} verdict @param {Set<string>} muted */
function counting(verdict, muted) {
  return verdict.reasons.filter((r) => !muted.has(r.indicator) && (r.points > 0 || isHint(r)));
}

/** @param {Reason} r */
const isHint = (r) => r.indicator.startsWith('wording.');

/**
 * The level for somebody who muted indicators: what is left must carry it, and
 * one reason alone is never more than a notice.
 * @param {Verdict} verdict @param {Set<string>} muted
 * @returns {Level}
 */
export function levelFor(verdict, muted) {
  const left = counting(verdict, muted).length;
  if (left === 0) return 'none';
  if (left === 1 && verdict.reasons.some((r) => muted.has(r.indicator))) return LEVELS.indexOf(verdict.level) > 1 ? 'notice' : verdict.level;
  return verdict.level;
}

/**
 * What marks need of a batch, and which indicators it rests on.
 * @param {Listing[]} listings
 * @returns {Promise<{brief: Brief, indicators: string[]}[]>}
 */
export async function judge(listings) {
  const verdicts = /** @type {Verdict[]} */ (await list.withScorer((s) => s.score(listings)));
  const { mutedIndicators, mutedListings } = store.settings();
  const indicators = new Set(mutedIndicators), hidden = new Set(mutedListings);
  return Promise.all(verdicts.map(async (v, i) => {
    let level = levelFor(v, indicators);
    if (level !== 'none' && hidden.size && hidden.has(await store.listingKey(listings[i]))) level = 'none';
    const reasons = level === 'none' ? [] : counting(v, indicators);
    const brief = { level, reasons: reasons.length };
    return { brief, indicators: reasons.map((r) => r.indicator) };
  }));
}

/** @param {Listing} listing @returns {Promise<import('../shared/messages.js').Explanation>} */
export async function explain(listing) {
  const lang = readerLanguage();
  const [[verdict], say, status, help, key, catalog] = await Promise.all([
    list.withScorer((s) => /** @type {Verdict[]} */ (s.score([listing]))),
    list.texts(lang), list.status(), list.help(country()), store.listingKey(listing),
    list.withScorer((s) => s.catalog),
  ]);
  const muted = new Set(store.settings().mutedIndicators);
  const level = levelFor(verdict, muted);
  return {
    level, title: say(`level/${level}/title`), means: say(`level/${level}/means`),
    reasons: verdict.reasons.map((r) => inWords(r, say, catalog, muted)),
    help, advice: ADVICE.map((a) => say(`advice/${a}`)).filter((a) => a),
    list: status, lang, dir: direction(lang), listingMuted: store.settings().mutedListings.includes(key),
  };
}

/**
 * @param {Reason} reason @param {(key: string) => string} say
 * @param {import('./scorer.js').Catalog} catalog @param {Set<string>} muted
 */
function inWords(reason, say, catalog, muted) {
  const about = catalog.indicators.find((i) => i.id === reason.indicator);
  const key = isHint(reason) ? reason.indicator.replace('.', '/') : reason.indicator;
  return {
    indicator: reason.indicator,
    title: say(`${key}/title`) || reason.indicator,
    means: say(`${key}/means`),
    benign: say(`${key}/benign`),
    dimension: say(`dimension/${reason.dimension}/title`),
    strength: reason.strength,
    sources: about?.sources ?? [],
    test: about?.test ?? false,
    muted: muted.has(reason.indicator),
    spans: reason.spans,
  };
}

/** The country whose help line is shown: as set, else the browser's region. */
function country() {
  const set = store.settings().country;
  if (set) return set;
  for (const tag of [api.i18n.getUILanguage(), ...(globalThis.navigator?.languages ?? [])]) {
    const region = /[-_]([A-Z]{2})\b/.exec(tag);
    if (region) return region[1];
  }
  return 'world';
}
