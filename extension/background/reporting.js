// SPDX-License-Identifier: Apache-2.0

// What the worker answers about reports. It never sees one that is open but as
// a draft that it keeps: sealing is done by the report page.

import { api } from '../shared/api.js';
import { asListing } from '../shared/messages.js';
import * as drafts from './drafts.js';
import * as reports from './reports.js';
import * as update from './update.js';
import { way } from './way.js';

/** @typedef {import('../shared/messages.js').FromPage} FromPage */

/** @type {(listing: import('../shared/messages.js').Listing, sort: import('../shared/messages.js').Draft['sort'], tab: chrome.tabs.Tab | undefined) => Promise<null>} */
export async function begin(listing, sort, tab) {
  await drafts.begin(listing, sort, tab);
  return null;
}

const HEX16 = /^[0-9a-f]{32}$/;

/** @type {Pick<import('../shared/messages.js').Handlers<FromPage>, 'beginReport' | 'reports' | 'draft' | 'keepDraft' | 'discardDraft' | 'queueReport' | 'withdraw' | 'seenReports'>} */
export const fromPage = {
  async beginReport({ listing, sort, tab }) {
    const sound = asListing(listing);
    if (!sound) throw new Error('refused');
    return begin(sound, sort, tab < 0 ? undefined : await api.tabs.get(tab).catch(() => undefined));
  },

  async reports() {
    const [where, outbox, kept] = await Promise.all([update.server(), reports.outbox(), drafts.kept()]);
    return { ...where, outbox, drafts: kept.map(({ key, begun, listing }) => ({ key, begun, title: listing.title || listing.body.slice(0, 80) })) };
  },

  draft: ({ key }) => drafts.read(key),

  async keepDraft({ draft }) {
    await drafts.keep(draft);
    return null;
  },

  async discardDraft({ key }) {
    await drafts.discard(key);
    return null;
  },

  async queueReport(sealed) {
    const open = await way();
    if (!open || !HEX16.test(sealed.id)) return { ok: false };
    const ok = await reports.add(sealed, open);
    if (ok && sealed.now && !sealed.private) void reports.flush(open);
    return { ok };
  },

  async withdraw({ code }) {
    if (!HEX16.test(code)) throw new Error('refused');
    return { ok: await reports.withdraw(code, await way()) };
  },

  async seenReports() {
    await reports.seen();
    return null;
  },
};
