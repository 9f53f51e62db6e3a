// SPDX-License-Identifier: Apache-2.0

// Countries by their codes (ISO 3166-1); the browser knows their names.

const CODES = 'AD AE AF AG AI AL AM AO AR AT AU AW AZ BA BB BD BE BF BG BH BI BJ BM BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM CN CO CR CU CV CW CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FM FR GA GB GD GE GH GM GN GQ GR GT GW GY HK HN HR HT HU ID IE IL IN IQ IR IS IT JM JO JP KE KG KH KI KM KN KP KR KW KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MH MK ML MM MN MO MR MT MU MV MW MX MY MZ NA NE NG NI NL NO NP NR NZ OM PA PE PG PH PK PL PR PS PT PW PY QA RO RS RU RW SA SB SC SD SE SG SI SK SL SM SN SO SR SS ST SV SY SZ TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VN VU WS XK YE ZA ZM ZW';

/** @param {string} lang @returns {[code: string, name: string][]} by name */
export function countries(lang) {
  const names = new Intl.DisplayNames(lang, { type: 'region' });
  const all = CODES.split(' ').map((code) => /** @type {[string, string]} */ ([code, names.of(code) ?? code]));
  return all.sort((a, b) => a[1].localeCompare(b[1], lang));
}

/** A region's code, or '' where none was chosen; null where the part is none. @param {string} country @param {string} part */
export function regionOf(country, part) {
  const code = part.trim().toUpperCase().replace(/^[A-Z]{2}-/, '');
  if (!country || !code) return country;
  return /^[A-Z0-9]{1,3}$/.test(code) ? `${country}-${code}` : null;
}
