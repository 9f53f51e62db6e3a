// SPDX-License-Identifier: Apache-2.0

// The listings of this frame: which were seen, what became of them, and the
// marks that stand for them. A listing's text is kept only until its verdict is
// there; afterwards a root remembers a number, and its text is read again when
// somebody asks.

lapwing.finds = (() => {
  const { dom, mark, panel, slices } = lapwing;

  const BATCH = 100, MOST_FINDINGS = 500, MOST_REPAIRS = 3;
  const ORDER = ['none', 'notice', 'elevated', 'high'];

  /** @typedef {{hash: number, id: number, level: import('../shared/messages.js').Level, host: WeakRef<HTMLElement> | null, repairs: number, brief: import('../shared/messages.js').Brief | null}} Entry */

  /** @type {WeakMap<Element, Entry>} */
  let seen = new WeakMap();
  /** Listings that are marked, or listed in the popup, newest last. @type {Map<number, {root: WeakRef<Element> | null, level: import('../shared/messages.js').Level, label: string, listing: Listing | null}>} */
  const findings = new Map();
  /** @type {Found[]} */
  let queue = [];
  /** Hashes of listings whose place in the page is not known. @type {Set<number>} */
  const placeless = new Set();

  let nextId = 1, scoring = false;
  const count = { notice: 0, elevated: 0, high: 0, scanned: 0 };

  /** Tells equal listings from others; no secret is in it. @param {Listing} l */
  function hash(l) {
    let h = 0x811c9dc5;
    for (const s of [l.title, l.body, l.company, l.location, l.pay, l.contact, l.url]) {
      for (let i = 0; i < s.length; i++) h = Math.imul(h ^ s.charCodeAt(i), 0x01000193);
      h = Math.imul(h ^ 0x1f, 0x01000193);
    }
    return h;
  }

  /** Takes what was read of the page. @param {Found} found @returns {boolean} whether it is new */
  function take(found) {
    const h = hash(found.listing);
    const { root } = found;
    if (!root) {
      if (placeless.has(h)) return false;
      placeless.add(h);
      queue.push(found);
      return true;
    }
    const entry = seen.get(root);
    if (entry?.hash === h) {
      repair(entry, found);
      return false;
    }
    if (entry) unmark(entry);
    seen.set(root, { hash: h, id: 0, level: 'none', host: null, repairs: 0, brief: null });
    queue.push(found);
    return true;
  }

  /** A mark that the page's own script threw away is put back, but not for ever. @param {Entry} entry @param {Found} found */
  function repair(entry, found) {
    const host = entry.host?.deref();
    if (!entry.brief || (host && dom.isConnected(host)) || entry.repairs >= MOST_REPAIRS) return;
    entry.repairs++;
    draw(found, entry, entry.brief);
  }

  /** @param {Entry} entry */
  function unmark(entry) {
    if (entry.level !== 'none' && entry.id) count[/** @type {'notice'} */ (entry.level)]--;
    entry.host?.deref()?.remove();
    findings.delete(entry.id);
    entry.id = 0;
  }

  /** Sends what was taken, batch by batch, and draws what comes back. */
  async function score() {
    if (scoring) return;
    scoring = true;
    try {
      while (queue.length) {
        const batch = queue.splice(0, BATCH);
        const briefs = await lapwing.send('score', { listings: batch.map((f) => f.listing) });
        if (!lapwing.running) return;
        count.scanned += batch.length;
        await slices.run(drawAll(batch, briefs));
      }
    } finally {
      scoring = false;
    }
    lapwing.times.marked = performance.now();
    lapwing.report();
  }

  /** @param {Found[]} batch @param {import('../shared/messages.js').Brief[]} briefs */
  function* drawAll(batch, briefs) {
    for (let i = 0; i < batch.length; i++) {
      accept(batch[i], briefs[i]);
      yield;
    }
  }

  /** @param {Found} found @param {import('../shared/messages.js').Brief} brief */
  function accept(found, brief) {
    if (ORDER.indexOf(brief.level) < ORDER.indexOf(lapwing.threshold)) return;
    const entry = found.root && seen.get(found.root);
    if (found.root && (!entry || entry.hash !== hash(found.listing))) return; // it changed meanwhile
    const id = nextId++;
    count[/** @type {'notice'} */ (brief.level)]++;
    const place = found.root && { root: new WeakRef(found.root), listing: null };
    findings.set(id, { root: null, listing: found.listing, ...place, level: brief.level, label: lapwing.say(`level_${brief.level}`) });
    prune();
    if (!entry) return;
    Object.assign(entry, { id, level: brief.level, brief });
    if (!lapwing.lowProfile) draw(found, entry, brief);
  }

  /** Forgets findings whose listing is gone, and the oldest where there are too many. */
  function prune() {
    if (findings.size <= MOST_FINDINGS) return;
    for (const [id, f] of findings) {
      const root = f.root?.deref();
      if (f.root && (!root || !dom.isConnected(root))) findings.delete(id);
    }
    for (const id of findings.keys()) {
      if (findings.size <= MOST_FINDINGS) break;
      findings.delete(id);
    }
  }

  /** @param {Found} found @param {Entry} entry @param {import('../shared/messages.js').Brief} brief */
  function draw(found, entry, brief) {
    if (lapwing.lowProfile || !found.root) return;
    const root = new WeakRef(found.root);
    const host = mark.make(brief, (host) => { openPanel(root.deref() ?? null, host).catch(lapwing.failed); });
    entry.host = new WeakRef(host);
    lapwing.watch.ours(() => mark.place(host, /** @type {Element} */ (found.root), found.title));
  }

  /** @param {Element | null} root @param {HTMLElement | null} back */
  async function openPanel(root, back) {
    const found = root && lapwing.watch.readRoot(root);
    if (!found) return;
    const explanation = await lapwing.send('explain', { listing: found.listing });
    if (lapwing.running) lapwing.watch.ours(() => panel.show(explanation, found.listing, root, back));
  }

  return {
    take, score,
    pending: () => queue.length > 0,
    count: () => ({ ...count }),

    /** For the popup; titles are read from the page at the moment of asking. */
    list() {
      const out = [];
      for (const [id, f] of findings) {
        const listing = f.listing ?? read(f.root?.deref());
        if (listing) out.push({ id, level: f.level, label: f.label, title: listing.title || listing.body.slice(0, 80) });
        else findings.delete(id);
      }
      return out.sort((a, b) => ORDER.indexOf(b.level) - ORDER.indexOf(a.level) || a.id - b.id);
    },

    /** @param {number} id */
    listing(id) {
      const f = findings.get(id);
      return f ? f.listing ?? read(f.root?.deref()) : null;
    },

    /** Scrolls to a listing; opens its panel where drawing is on. @param {number} id */
    show(id) {
      const root = findings.get(id)?.root?.deref();
      if (!root) return;
      const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
      root.scrollIntoView({ block: 'center', behavior: calm ? 'auto' : 'smooth' });
      if (!lapwing.lowProfile) openPanel(root, seen.get(root)?.host?.deref() ?? null).catch(lapwing.failed);
    },

    /** Takes all marks away and forgets all listings. */
    clear() {
      for (const f of findings.values()) {
        const root = f.root?.deref(), entry = root && seen.get(root);
        if (entry) entry.host?.deref()?.remove();
      }
      findings.clear();
      placeless.clear();
      seen = new WeakMap();
      queue = [];
      Object.assign(count, { notice: 0, elevated: 0, high: 0, scanned: 0 });
    },
  };

  /** @param {Element | undefined} root @returns {Listing | null} */
  function read(root) {
    return (root && dom.isConnected(root) && lapwing.watch.readRoot(root)?.listing) || null;
  }
})();
