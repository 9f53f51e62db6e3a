// SPDX-License-Identifier: Apache-2.0

// What axe finds to complain of in a page, one line for each rule; for tests.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** @param {import('puppeteer-core').Page} page */
export async function complaints(page) {
  const client = await page.createCDPSession();
  await client.send('Runtime.evaluate', { expression: AXE });
  const { result } = await client.send('Runtime.evaluate', {
    expression: `axe.run(document, { resultTypes: ['violations'] }).then((r) => JSON.stringify(r.violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.html + ' ' + n.failureSummary).join(' | '))))`,
    awaitPromise: true,
  });
  return JSON.parse(/** @type {string} */ (result.value));
}
