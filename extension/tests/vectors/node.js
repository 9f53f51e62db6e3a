// SPDX-License-Identifier: Apache-2.0

// node node.js MODULE LIST LISTINGS.jsonl: writes verdict lines, scored in Node.

import { readFileSync } from 'node:fs';
import { verdictLines } from './run.js';

const [module, pack, listings] = process.argv.slice(2);
const lines = await verdictLines(readFileSync(module), new Uint8Array(readFileSync(pack)), readFileSync(listings, 'utf8'));
await new Promise((resolve) => process.stdout.write(lines, () => resolve(undefined)));
