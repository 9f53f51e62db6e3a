// SPDX-License-Identifier: Apache-2.0

// Starts the publisher of tests/tree and its servers.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** @returns where the packaged release is, what the servers are called, and what they saw */
export async function trees() {
  const dir = mkdtempSync(join(tmpdir(), 'lapwing-tree-'));
  const program = join(dir, 'tree');
  execFileSync('go', ['build', '-o', program, './extension/tests/tree'], { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
  const child = spawn(program, [dir], { stdio: ['pipe', 'pipe', 'inherit'] });
  const { value: url } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  return {
    dir,
    /** @param {string} name of a server */
    server: (name) => `${url}/${name}`,
    /** Releases the next list. @returns {Promise<number>} its version */
    publish: async () => Number(await (await fetch(`${url}/publish`, { method: 'POST' })).text()),
    /** The same; this one names a relay, the server "relay". */
    publishRelay: async () => Number(await (await fetch(`${url}/publish?relay`, { method: 'POST' })).text()),
    /**
     * What a collector got since it was last asked.
     * @returns {Promise<{got: {id: string, size: number, work: boolean, report: string, fault: string}[], taken: string[]}>}
     */
    reports: async () => {
      const { got, taken } = await (await fetch(`${url}/reports`)).json();
      return { got: got ?? [], taken: taken ?? [] };
    },
    /** @returns {Promise<{method: string, url: string, header: Record<string, string[]>}[]>} */
    seen: async () => (await (await fetch(`${url}/seen`)).json()) ?? [],
    close() {
      child.stdin.end();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** What a request for a list must not have, since it would tell one from another. */
const TELLING = ['Cookie', 'Referer', 'Origin', 'If-None-Match', 'If-Modified-Since', 'Accept-Language', 'Dnt', 'Sec-Gpc', 'Sec-Ch-Ua', 'Sec-Ch-Ua-Mobile', 'Sec-Ch-Ua-Platform'];

/** Fails where a request from a browser says who asks. @param {string} url @param {Record<string, string[]>} header */
export function assertPlain(url, header) {
  for (const name of TELLING) assert.equal(header[name], undefined, `${url}: ${name}`);
  assert.deepEqual(header['User-Agent'], ['Lapwing'], url);
}

/** Builds the courier module. @param {string} file */
export function courierModule(file) {
  const flags = ['-buildmode=c-shared', '-trimpath', '-buildvcs=false', '-ldflags=-s -w'];
  execFileSync('go', ['build', ...flags, '-o', file, './wasm/courier'], { cwd: ROOT, env: { ...process.env, GOOS: 'wasip1', GOARCH: 'wasm', GOFLAGS: '' } });
}
