// SPDX-License-Identifier: Apache-2.0

// Starts the publisher of tests/tree and its servers.

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
    /** @returns {Promise<{url: string, header: Record<string, string[]>}[]>} */
    seen: async () => (await (await fetch(`${url}/seen`)).json()) ?? [],
    close() {
      child.stdin.end();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Builds the courier module. @param {string} file */
export function courierModule(file) {
  const flags = ['-buildmode=c-shared', '-trimpath', '-buildvcs=false', '-ldflags=-s -w'];
  execFileSync('go', ['build', ...flags, '-o', file, './wasm/courier'], { cwd: ROOT, env: { ...process.env, GOOS: 'wasip1', GOARCH: 'wasm', GOFLAGS: '' } });
}
