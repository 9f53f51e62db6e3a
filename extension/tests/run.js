// SPDX-License-Identifier: Apache-2.0

/**
 * Runs the test files one after the other, since each drives browsers of its own. A
 * file that fails is run once more by itself: on a busy machine a browser may miss a
 * moment. What fails twice fails; what passes the second time is named at the end,
 * and is to be looked into.
 */

import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const files = process.argv.length > 2 ? process.argv.slice(2) : readdirSync(here).filter((f) => f.endsWith('.test.js')).sort().map((f) => here + f);

/** @param {string} file */
const passes = (file) => spawnSync(process.execPath, ['--test', file], { stdio: 'inherit' }).status === 0;

const failed = files.filter((file) => !passes(file));
const twice = failed.filter((file) => !passes(file));
for (const file of failed) console.log(`${twice.includes(file) ? 'failed twice' : 'passed only the second time'}: ${file}`);
process.exitCode = twice.length > 0 ? 1 : 0;
