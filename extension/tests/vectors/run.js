// SPDX-License-Identifier: Apache-2.0

/**
 * What the runners of the vectors have in common: listings as JSONL go through
 * the module, and verdict lines come out. Node and pages of browsers import it.
 */

import { load } from '../../background/scorer.js';

/**
 * @param {BufferSource} module
 * @param {Uint8Array} pack
 * @param {string} jsonl
 */
export async function verdictLines(module, pack, jsonl) {
  const scorer = await load(module, pack);
  /** @type {import('../../background/scorer.js').Listing[]} */
  const listings = jsonl.split('\n').filter(Boolean).map((line) => JSON.parse(line));
  // Together, and then each for itself: what was scored before must not matter.
  const together = lines(scorer, listings, scorer.score(listings));
  const alone = lines(scorer, listings, listings.map((listing) => scorer.score([listing])[0]));
  if (together !== alone) throw new Error('verdicts of a batch differ from those of single calls');
  return together;
}

/**
 * @param {import('../../background/scorer.js').Scorer} scorer
 * @param {import('../../background/scorer.js').Listing[]} listings
 * @param {import('../../background/scorer.js').Verdict[]} verdicts
 */
function lines(scorer, listings, verdicts) {
  return verdicts.map((verdict, i) => scorer.verdictLine(listings[i], verdict) + '\n').join('');
}
