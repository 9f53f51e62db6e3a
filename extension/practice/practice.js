// SPDX-License-Identifier: Apache-2.0

// The practice page: its invented adverts are read by the very scripts that read
// other pages, which this page loads itself.

import { ask } from '../shared/api.js';
import { speakOn } from '../shared/words.js';

const { settings } = await ask('state', {});
await speakOn(settings.language);
