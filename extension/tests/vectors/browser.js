// SPDX-License-Identifier: Apache-2.0

// node browser.js chromium|firefox MODULE LIST LISTINGS.jsonl: writes verdict
// lines, scored in a page of a headless browser. The page may do what an
// extension's background may: run its own scripts and WebAssembly, no more.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { launch } from './launch.js';

const [browserName, module, pack, listings] = process.argv.slice(2);

const scripts = ['tests/vectors/run.js', 'tests/vectors/page.js', 'background/scorer.js', 'background/guest.js', 'background/wire.js', 'background/wasi.js'];
/** @type {Map<string, { type: string, path: string }>} */
const files = new Map([
  ['/module', { type: 'application/wasm', path: module }],
  ['/pack', { type: 'application/octet-stream', path: pack }],
  ['/listings', { type: 'text/plain; charset=utf-8', path: listings }],
]);
for (const script of scripts) {
  const path = fileURLToPath(new URL(`../../${script}`, import.meta.url));
  files.set(`/${script}`, { type: 'text/javascript', path });
}

const PAGE = '<!doctype html><meta charset="utf-8"><script type="module" src="/tests/vectors/page.js"></script>';

const server = createServer((request, response) => {
  const file = files.get(request.url ?? '');
  if (request.url !== '/' && !file) {
    response.writeHead(404).end();
    return;
  }
  response.setHeader('Content-Type', file?.type ?? 'text/html');
  response.setHeader('Content-Security-Policy', "default-src 'none'; connect-src 'self'; script-src 'self' 'wasm-unsafe-eval'");
  response.end(file ? readFileSync(file.path) : PAGE);
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
const address = /** @type {import('node:net').AddressInfo} */ (server.address());

const browser = await launch(browserName);
try {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${address.port}/`);
  await page.waitForFunction('"result" in globalThis', { timeout: 120_000 });
  const { lines, error } = /** @type {{ lines?: string, error?: string }} */ (await page.evaluate('globalThis.result'));
  if (error !== undefined) throw new Error(`in the page: ${error}`);
  await new Promise((resolve) => process.stdout.write(lines ?? '', () => resolve(undefined)));
} finally {
  await browser.close();
  server.close();
}
