// SPDX-License-Identifier: Apache-2.0

// The help page: words only, and the shapes that stand beside listings.

import { ask } from '../shared/api.js';
import { speakOn } from '../shared/words.js';

const { settings } = await ask('state', {});
await speakOn(settings.language);
for (const card of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-level]'))) {
  card.querySelector('h3')?.prepend(lapwing.view.icon(card.dataset.level ?? ''));
}
