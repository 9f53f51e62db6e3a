// SPDX-License-Identifier: Apache-2.0

/**
 * Takes off requests what a browser would add to say who asks: languages, its
 * name and version, in Firefox an Origin that is different for each install. A
 * rule lasts no longer than the browser, so it is put in place before each
 * request; it concerns one server, and nothing else.
 */

import { api } from '../shared/api.js';

/** What is taken off; a browser sends some of them only. */
const OFF = ['origin', 'referer', 'cookie', 'accept-language', 'dnt', 'sec-gpc', 'sec-ch-ua', 'sec-ch-ua-mobile', 'sec-ch-ua-platform',
  'sec-ch-ua-full-version-list', 'sec-ch-ua-arch', 'sec-ch-ua-model'];

/** What everybody says that they are. */
const AGENT = 'Lapwing';

/** The rules: reports go up, lists come down. */
const RULES = { post: 1, get: 2 };

/** Where a server's files and its collector are. @param {string} server */
export const below = (server) => `${server.replace(/\/*$/, '/')}v1/`;

/** @param {string} prefix of the addresses that are going to be asked @param {keyof typeof RULES} method */
export async function disguise(prefix, method) {
  /** @type {any[]} */
  const off = OFF.map((header) => ({ header, operation: 'remove' }));
  await api.declarativeNetRequest.updateSessionRules({
    removeRuleIds: [RULES[method]],
    addRules: [{
      id: RULES[method],
      action: { type: /** @type {any} */ ('modifyHeaders'), requestHeaders: [...off, { header: 'user-agent', operation: 'set', value: AGENT }] },
      condition: {
        urlFilter: `|${prefix}`, requestMethods: /** @type {any} */ ([method]),
        resourceTypes: /** @type {any} */ (['xmlhttprequest', 'other']),
      },
    }],
  });
}
