// SPDX-License-Identifier: Apache-2.0

/**
 * The way that reports take: to the server that lists come from, through the
 * relay that the release in use names, if it names one. Without permission for
 * an address there is no way: a browser would say who sends.
 */

import { api } from '../shared/api.js';
import * as kept from './kept.js';
import { Sealer } from './sealing.js';
import { originOf } from './sites.js';
import { packaged, server, started } from './update.js';

/** Opens the courier with the release in use; null in a build that has none. */
export async function sealer() {
  const p = await packaged();
  return p ? new Sealer(await started(p, (await kept.read()).state)) : null;
}

/** @returns {Promise<import('./carrier.js').Way | null>} null: reports cannot be sent now */
export async function way() {
  const to = (await server()).server, s = to ? await sealer() : null;
  if (!s) return null;
  const url = relayOf(s);
  if (!url) return { server: to, relay: null };
  if (!await api.permissions.contains({ origins: [originOf(url)] })) return null;
  return { server: to, relay: { url, wrap: (name, host, content) => s.wrap(name, host, content) } };
}

/** The relay's address; '' if there is none, or are no keys. @param {Sealer} s */
export function relayOf(s) {
  try {
    return s.intake().relay;
  } catch {
    return '';
  }
}
