// SPDX-License-Identifier: Apache-2.0

// Follows a page that changes. It looks at what was added or changed and at
// nothing else, once per frame of the screen, in slices; it rests when nothing
// comes of it, and wakes when the volunteer scrolls or types. What a page can
// make it do is bounded, whatever the page does.

lapwing.watch = (() => {
  const { dom, adapter, extract, generic, finds, slices } = lapwing;

  /** Changed nodes that are looked at per round; more means that the whole page is read again. */
  const MOST_CHANGED = 2000;
  /** Rounds without a new listing: from then on slower, and from then on not at all. */
  const SLOW_AFTER = 16, REST_AFTER = 48;
  const SLOW = 250, HIDDEN = 1000, REREAD = 700, MOST_REREADS = 20, MOST_SHADOWS = 500;
  const WAKE = ['scroll', 'wheel', 'touchmove', 'pointerdown', 'keydown'];

  const observed = { childList: true, subtree: true, characterData: true };

  /** @type {Reading | null} */
  let reading = null;
  /** @type {Set<Node>} */
  let changed = new Set();
  let tooMany = false, scheduled = false, resting = false, fruitless = 0, rereads = 0, address = location.href, lastWake = 0;
  /** Shadow roots that are watched too. @type {WeakSet<ShadowRoot>} */
  let shadows = new WeakSet();
  let shadowCount = 0;

  const observer = new MutationObserver(note);

  /** @param {MutationRecord[]} records */
  function note(records) {
    const began = performance.now();
    for (const r of records) {
      if (changed.size > MOST_CHANGED) { tooMany = true; break; }
      changed.add(r.target);
      for (const n of r.addedNodes) if (dom.isElement(n)) changed.add(n);
    }
    slices.count(performance.now() - began);
    schedule();
  }

  /** Changes to the page that are our own are not looked at. @param {() => void} change */
  function ours(change) {
    note(observer.takeRecords());
    change();
    observer.takeRecords();
  }

  function schedule() {
    if (scheduled || !changed.size) return;
    scheduled = true;
    if (document.hidden) setTimeout(round, HIDDEN);
    else if (fruitless >= SLOW_AFTER) setTimeout(round, SLOW);
    else requestAnimationFrame(round);
  }

  async function round() {
    scheduled = false;
    if (!lapwing.alive()) return;
    const nodes = changed, all = tooMany;
    changed = new Set();
    tooMany = false;
    if (location.href !== address) { navigated(); return; }
    const before = finds.pending();
    const fresh = await slices.run(look(nodes, all));
    if (fresh || before) fruitless = 0; else fruitless++;
    if (finds.pending()) finds.score().catch(lapwing.failed);
    if (fruitless >= REST_AFTER) rest();
  }

  /** The address changed without a new page: what was found belonged to the old one. */
  function navigated() {
    address = location.href;
    rereads = 0;
    fruitless = 0;
    lapwing.panel.close();
    reread();
  }

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** Reads the whole page again, soon, and not for ever. */
  function reread() {
    if (rereads >= MOST_REREADS) return;
    clearTimeout(timer);
    timer = setTimeout(() => { rereads++; readAll().catch(lapwing.failed); }, rereads < 3 ? REREAD : REREAD * rereads);
  }

  /** @param {Set<Node>} nodes @param {boolean} all @returns {Generator<void, boolean>} whether anything is new */
  function* look(nodes, all) {
    let fresh = false;
    const roots = new Set();
    if (!reading || all) { reread(); return false; }
    const many = reading.page?.lists === 'many' || reading.group;
    for (const node of nodes) {
      yield;
      if (!dom.isConnected(node)) continue;
      if (!many) { reread(); break; }
      for (const root of rootsNear(node)) roots.add(root);
      yield* shadowsBelow(node);
    }
    for (const root of roots) {
      yield;
      const found = readRoot(root);
      if (found && finds.take(found)) fresh = true;
    }
    if (reading.group && !dom.isConnected(reading.group.parent)) reread();
    return fresh;
  }

  /** Roots of listings that a changed node is, is in, or has in it. @param {Node} node @returns {Element[]} */
  function rootsNear(node) {
    const el = dom.isElement(node) ? /** @type {Element} */ (node) : /** @type {Element | null} */ (dom.parent(node));
    if (!el || !dom.isElement(el) || !reading) return [];
    if (reading.page) {
      const css = reading.page.root.join(', ');
      const around = dom.closest(el, css);
      return around ? [around] : dom.isElement(node) && el !== dom.body(document) ? dom.all(el, css) : adapter.roots(reading.page, document);
    }
    return reading.group ? cardsNear(el, reading.group) : [];
  }

  /** @param {Element} el @param {CardGroup} group */
  function cardsNear(el, group) {
    if (el === group.parent) return generic.cards(group);
    for (let up = /** @type {Node | null} */ (el); up; up = dom.parent(up)) {
      if (dom.parent(up) === group.parent && generic.signature(/** @type {Element} */ (up)) === group.signature) return [/** @type {Element} */ (up)];
    }
    return [];
  }

  /** One root, read as its page is read. @param {Element} root @returns {Found | null} */
  function readRoot(root) {
    const url = new URL(location.href), r = reading;
    if (!r) return null;
    if (r.page) {
      const found = extract.one(r.page, url, root, r.lang);
      return found ?? null;
    }
    if (r.group && generic.signature(root) === r.group.signature) return generic.card(root, url, r.lang);
    return extract.readAll(document, url, []).found.find((f) => f.root === root) ?? null;
  }

  /** Watches shadow roots, and reads the listings in them. @param {Node} node @returns {Generator<void, void>} */
  function* shadowsBelow(node) {
    if (!dom.isElement(node) && node !== document) return;
    const candidates = [node, ...dom.all(node, '*')];
    for (let i = 0; i < candidates.length && shadowCount < MOST_SHADOWS; i++) {
      if (i % 256 === 0) yield;
      const el = /** @type {Element} */ (candidates[i]);
      if (el === /** @type {Node} */ (document)) continue;
      const shadow = dom.shadow(el);
      if (!shadow || shadows.has(shadow) || dom.name(el) === lapwing.mark.TAG) continue;
      shadows.add(shadow);
      shadowCount++;
      observer.observe(shadow, observed);
      yield* readShadow(shadow);
      yield* shadowsBelowRoot(shadow);
    }
  }

  /** @param {ShadowRoot} shadow @returns {Generator<void, void>} */
  function* shadowsBelowRoot(shadow) {
    for (let n = dom.firstChild(shadow); n; n = dom.nextSibling(n)) yield* shadowsBelow(n);
  }

  /** @param {ShadowRoot} shadow @returns {Generator<void, void>} */
  function* readShadow(shadow) {
    const url = new URL(location.href), lang = extract.language(document);
    if (reading?.page) {
      for (const root of adapter.roots(reading.page, shadow)) {
        const found = extract.one(reading.page, url, root, lang);
        if (found) finds.take(found);
        yield;
      }
      return;
    }
    const group = yield* generic.findCards(shadow);
    if (!group) return;
    if (reading && !reading.group) Object.assign(reading, { group, method: 'cards' });
    for (const root of generic.cards(group)) {
      const found = generic.card(root, url, lang);
      if (found) finds.take(found);
      yield;
    }
  }

  /** Reads the page as a whole. */
  async function readAll() {
    if (!lapwing.alive()) return;
    address = location.href;
    const now = await slices.run(extract.read(document, new URL(address), lapwing.adapters));
    reading = now;
    await slices.run(takeAll(now.found));
    if (now.method === 'cards' || now.method === 'adapter') await slices.run(shadowsBelow(document));
    else await slices.run(shadowsFirst());
    lapwing.report();
    await finds.score();
  }

  /** A page whose own text says little may keep its listings in shadow roots. @returns {Generator<void, void>} */
  function* shadowsFirst() {
    yield* shadowsBelow(document);
  }

  /** @param {Found[]} found @returns {Generator<void, void>} */
  function* takeAll(found) {
    for (const f of found) { finds.take(f); yield; }
  }

  function rest() {
    if (resting) return;
    resting = true;
    observer.disconnect();
    shadows = new WeakSet();
    shadowCount = 0;
    lapwing.report();
  }

  /** The volunteer does something: look again. */
  function wake() {
    if (!resting || performance.now() - lastWake < 500) return;
    lastWake = performance.now();
    resting = false;
    fruitless = SLOW_AFTER - 4;
    observer.observe(document, observed);
    if (location.href !== address) navigated();
    else if (reading?.page || reading?.group) { changed.add(reading.group?.parent ?? dom.documentElement(document)); schedule(); }
    else reread();
  }

  function start() {
    observer.observe(document, observed);
    for (const type of WAKE) addEventListener(type, wake, { capture: true, passive: true });
    addEventListener('popstate', onHistory);
    /** @type {any} */ (globalThis).navigation?.addEventListener?.('navigatesuccess', onHistory);
    return readAll();
  }

  function onHistory() {
    if (location.href !== address) navigated();
  }

  function stop() {
    observer.disconnect();
    clearTimeout(timer);
    for (const type of WAKE) removeEventListener(type, wake, { capture: true });
    removeEventListener('popstate', onHistory);
    /** @type {any} */ (globalThis).navigation?.removeEventListener?.('navigatesuccess', onHistory);
    reading = null;
    changed.clear();
  }

  return { start, stop, ours, readRoot, state: () => ({ site: reading?.site ?? '', method: reading?.method ?? '', drift: reading?.drift ?? false, resting }) };
})();
