// SPDX-License-Identifier: Apache-2.0

// Pages that no adapter knows: cards that repeat, else the page's main text.
// The twin is server/extract/generic.go. Finding cards is a generator, so that
// a page of a hundred thousand elements costs many short slices and no long one.

lapwing.generic = (() => {
  const { dom, text, adapter } = lapwing;

  const CARD = new Set(['li', 'article', 'div', 'section', 'tr', 'a']);
  const OUTSIDE = new Set(['nav', 'header', 'footer', 'aside', 'form', 'dialog', 'script', 'style', 'template', 'noscript', 'svg', 'select']);
  const AROUND = 'nav, header, footer, aside, form, dialog, [role="navigation"], [role="banner"], [role="contentinfo"]';
  const HEADING = 'h1, h2, h3, h4, h5, h6';
  const MAIN = ['main article', 'article', 'main', '[role="main"]', '#content', '#main'];

  /** Bounds: the least number and text of cards, and how much of a page is looked at. */
  const LEAST_CARDS = 4, LEAST_TEXT = 40, LEAST_MEAN = 60, MOST_MEAN = 6000, COUNTED = 600, MOST_NODES = 65536, LEAST_MAIN = 80;

  /** What cards of one list have in common. @param {Element} el */
  function signature(el) {
    const name = dom.name(el);
    if (!CARD.has(name) && !name.includes('-')) return '';
    const first = (dom.attr(el, 'class') ?? '').split(/[\t\n\f\r ]+/).find((c) => c) ?? '';
    return `${name}.${first}`;
  }

  /** Children that could be cards, by signature, in the order of the page. @param {Element} parent */
  function groups(parent) {
    /** @type {Map<string, Element[]>} */
    const by = new Map();
    for (const child of dom.children(parent)) {
      const sig = signature(child);
      if (!sig) continue;
      const group = by.get(sig);
      if (group) group.push(child); else by.set(sig, [child]);
    }
    return [...by].filter(([, els]) => els.length >= LEAST_CARDS);
  }

  /** A card of a page that builds its own elements keeps its parts in a shadow root. @param {Element} el */
  const inner = (el) => dom.shadow(el) ?? el;

  /** @param {Element} el */
  const isCard = (el) => (dom.name(el) === 'a' ? dom.has(el, 'href') : dom.one(inner(el), 'a[href]') !== null);

  /** Texts that were read to compare groups, and are asked for once more right after. @type {WeakMap<Element, string>} */
  const recent = new WeakMap();

  /** @param {Element} el */
  function lengthOf(el) {
    const body = text.of(el, { limit: MOST_MEAN });
    if (body.length < MOST_MEAN - 2) recent.set(el, body);
    return body.length;
  }

  /** @param {Element} el */
  function textOf(el) {
    const body = recent.get(el) ?? text.of(el);
    recent.delete(el);
    return body;
  }

  /**
   * The group of repeated cards with the most text.
   * @param {Node} scope
   * @returns {Generator<void, CardGroup | null>}
   */
  function* findCards(scope) {
    /** @type {CardGroup | null} */
    let best = null;
    let bestScore = 0, seen = 0;
    /** @type {Node[]} */
    const stack = [scope];
    while (stack.length && seen < MOST_NODES) {
      const node = /** @type {Node} */ (stack.pop());
      if (++seen % 64 === 0) yield;
      const parent = /** @type {Element} */ (node);
      for (const [sig, els] of groups(parent)) {
        let cards = 0, sum = 0, total = 0;
        for (const el of els) {
          yield;
          if (!isCard(el)) continue;
          const length = lengthOf(el);
          if (length < LEAST_TEXT) continue;
          cards++;
          total += length;
          sum += Math.min(length, COUNTED);
        }
        const fits = cards >= LEAST_CARDS && total >= LEAST_MEAN * cards && total < MOST_MEAN * cards;
        if (fits && sum > bestScore) { best = { parent, signature: sig }; bestScore = sum; }
      }
      const children = dom.children(parent).filter((c) => !OUTSIDE.has(dom.name(c)));
      for (let i = children.length - 1; i >= 0; i--) stack.push(children[i]);
    }
    return best;
  }

  /** The cards of a group as the page has them now. @param {CardGroup} group */
  function cards(group) {
    return dom.children(group.parent).filter((el) => signature(el) === group.signature && isCard(el));
  }

  /** @param {Element} root */
  function titleOf(root) {
    const heading = dom.one(inner(root), HEADING);
    if (heading && text.of(heading)) return heading;
    let best = null, length = 0;
    for (const a of dom.all(inner(root), 'a[href]')) {
      const n = text.of(a).length;
      if (n > length) { best = a; length = n; }
    }
    return best;
  }

  /** @param {Element} root @param {Element | null} title */
  function linkOf(root, title) {
    if (dom.name(root) === 'a') return root;
    if (title) {
      const around = dom.closest(title, 'a[href]');
      if (around && dom.contains(inner(root), around)) return around;
      const inside = dom.one(title, 'a[href]');
      if (inside) return inside;
    }
    return dom.one(inner(root), 'a[href]');
  }

  /** @param {Element} root @param {URL} url @param {string} lang @returns {Found | null} */
  function card(root, url, lang) {
    const body = textOf(root);
    if (body.length < LEAST_TEXT) return null;
    const title = titleOf(root), link = linkOf(root, title);
    const listing = adapter.empty('', lang);
    listing.title = title ? text.line(text.of(title)) : '';
    listing.body = body;
    listing.url = link ? adapter.address(dom.attr(link, 'href') ?? '', url) : '';
    return { listing, root, title, method: 'cards' };
  }

  /** The element with the page's own text. @param {Document} doc */
  function mainRoot(doc) {
    for (const css of MAIN) {
      const found = dom.all(doc, css);
      if (found.length === 1) return found[0];
    }
    return dom.body(doc);
  }

  /** @param {Document} doc @param {URL} url @param {string} lang @returns {Found | null} */
  function main(doc, url, lang) {
    const root = mainRoot(doc);
    if (!root) return null;
    const body = text.of(root, { omit: AROUND });
    if (body.length < LEAST_MAIN) return null;
    const title = dom.one(root, 'h1') ?? dom.one(doc, 'h1');
    const listing = adapter.empty('', lang);
    listing.title = text.line((title && text.of(title)) || meta(doc, 'og:title') || text.plain(dom.one(doc, 'head > title')?.textContent ?? ''));
    listing.body = body;
    listing.url = adapter.address(url.href, url);
    return { listing, root, title: title && dom.contains(root, title) ? title : null, method: 'main' };
  }

  /** @param {Document} doc @param {string} property */
  function meta(doc, property) {
    const el = dom.one(doc, `meta[property="${property}"]`);
    return text.plain((el && dom.attr(el, 'content')) || '');
  }

  return { findCards, cards, card, main, mainRoot, signature };
})();
