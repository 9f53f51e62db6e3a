// SPDX-License-Identifier: Apache-2.0

// The number on the toolbar button. It says how many; an exclamation mark, not
// a colour, says that one of them is high.

import { api } from '../shared/api.js';
import * as store from './store.js';

/** @typedef {import('../shared/messages.js').Count} Count */

/** @param {Count} c */
export function shown(c) {
  const t = store.settings().threshold;
  return c.high + (t === 'high' ? 0 : c.elevated) + (t === 'notice' ? c.notice : 0);
}

/** @param {number} tab @param {Record<string, Count>} frames */
export async function show(tab, frames) {
  const all = Object.values(frames);
  const n = all.reduce((sum, c) => sum + shown(c), 0);
  const high = all.some((c) => c.high > 0);
  const text = n === 0 ? '' : `${n > 99 ? '99+' : n}${high ? '!' : ''}`;
  try {
    await Promise.all([
      api.action.setBadgeText({ tabId: tab, text }),
      api.action.setBadgeBackgroundColor({ tabId: tab, color: '#5b2a86' }),
      api.action.setBadgeTextColor?.({ tabId: tab, color: '#ffffff' }),
    ]);
  } catch {
    // The tab was closed meanwhile.
  }
}
