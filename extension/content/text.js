// SPDX-License-Identifier: Apache-2.0

// What a person would read of an element, as text: blocks end lines, runs of
// white space are one space, and what is never shown is left out. It does not
// ask for computed styles (slow here, impossible in Go). Its twin is
// server/extract/text.go; both run the pages below testdata/pages.

lapwing.text = (() => {
  const { dom } = lapwing;

  const SKIP = new Set('script style noscript template svg math iframe object embed select textarea input button canvas audio video map head title'.split(' '));
  const BLOCK = new Set(('address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form ' +
    'h1 h2 h3 h4 h5 h6 header hgroup hr html li main menu nav ol p pre search section summary table tbody tfoot thead tr ul').split(' '));
  const CELL = new Set(['td', 'th']);

  /** The most UTF-16 units of one field that are read; a hostile page can have more. */
  const LIMIT = 20000;

  const SPACE = '\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff';
  const WORDS = new RegExp(`[^${SPACE}]+`, 'g');
  /** Anything but single plain spaces between words. */
  const ODD = new RegExp(`  |(?! )[${SPACE}]`);

  /**
   * Collects words; a Line break or a space comes between them as the page has it.
   * @param {number} limit
   * @param {TextPiece[] | null} pieces where each word came from, if wanted
   */
  function writer(limit, pieces) {
    let out = '', gap = '', full = false;
    const w = {
      full: () => full,
      text: () => out,
      space() { if (gap === '') gap = ' '; },
      line() { gap = '\n'; },
      /** @param {string} data @param {Node | null} node @param {boolean} pre */
      add(data, node, pre) {
        if (!pieces && data.length > 8 && !ODD.test(data)) { w.run(data); return; }
        WORDS.lastIndex = 0;
        let end = 0, m;
        while (!full && (m = WORDS.exec(data))) {
          if (m.index > end) w.between(data.slice(end, m.index), pre);
          end = WORDS.lastIndex;
          w.word(m[0], node, m.index);
        }
        if (end < data.length) w.between(data.slice(end), pre);
      },
      /** Words with single spaces between them, at once: nearly all text of nearly all pages. @param {string} data */
      run(data) {
        const from = data.charCodeAt(0) === 32 ? 1 : 0, to = data.charCodeAt(data.length - 1) === 32 ? data.length - 1 : data.length;
        if (from) w.space();
        if (from < to) w.word(data.slice(from, to), null, 0);
        if (to < data.length) w.space();
      },
      /** @param {string} white @param {boolean} pre */
      between(white, pre) {
        if (pre && white.includes('\n')) w.line(); else w.space();
      },
      /** @param {string} word @param {Node | null} node @param {number} at */
      word(word, node, at) {
        const lead = out === '' ? '' : gap;
        const room = limit - out.length - lead.length;
        if (word.length > room) { full = true; word = cut(word, room).trimEnd(); }
        if (word === '') return;
        out += lead;
        if (pieces && node) pieces.push({ node, at, start: out.length, length: word.length });
        out += word;
        gap = '';
      },
    };
    return w;
  }

  /** The first n units, but no half of a pair. @param {string} s @param {number} n */
  function cut(s, n) {
    if (n <= 0) return '';
    const last = s.charCodeAt(n - 1);
    return s.slice(0, last >= 0xd800 && last < 0xdc00 ? n - 1 : n);
  }

  /**
   * @param {Node} root
   * @param {{omit?: string, limit?: number, pieces?: TextPiece[]}} [how]
   */
  function of(root, how = {}) {
    const omit = how.omit ? new Set(dom.all(root, how.omit)) : null;
    const w = writer(how.limit ?? LIMIT, how.pieces ?? null);
    const shadow = dom.isElement(root) ? dom.shadow(/** @type {Element} */ (root)) : null;
    if (shadow) walk(shadow, w, omit, false, 0);
    walk(root, w, omit, false, 0);
    return w.text();
  }

  /**
   * @param {Node} node
   * @param {ReturnType<typeof writer>} w
   * @param {Set<Element> | null} omit
   * @param {boolean} pre
   * @param {number} depth
   */
  function walk(node, w, omit, pre, depth) {
    if (depth > 400) return;
    for (let n = dom.firstChild(node); n && !w.full(); n = dom.nextSibling(n)) {
      if (dom.isText(n)) { w.add(dom.data(n), n, pre); continue; }
      if (!dom.isElement(n)) continue;
      const el = /** @type {Element} */ (n), name = dom.name(el);
      if (SKIP.has(name) || omit?.has(el) || dom.has(el, 'hidden')) continue;
      if (name === 'br') { w.line(); continue; }
      const block = BLOCK.has(name);
      if (block) w.line(); else if (CELL.has(name)) w.space();
      const shadow = dom.shadow(el);
      if (shadow) walk(shadow, w, omit, pre, depth + 1);
      walk(el, w, omit, pre || name === 'pre', depth + 1);
      if (block) w.line(); else if (CELL.has(name)) w.space();
    }
  }

  /** Text that is no markup: lines are kept. @param {string} s */
  function plain(s) {
    const w = writer(LIMIT, null);
    w.add(s, /** @type {any} */ (null), true);
    return w.text();
  }

  /**
   * Text that may be markup, even markup escaped once more, as structured data
   * often is. The parser's document is inert: nothing in it loads or runs.
   * @param {string} s
   */
  function fragment(s) {
    s = cut(s, Math.min(s.length, 4 * LIMIT));
    for (let round = 0; round < 2; round++) {
      if (/<[A-Za-z/!]/.test(s)) {
        s = of(dom.body(new DOMParser().parseFromString(s, 'text/html')));
      } else if (/&[A-Za-z#]/.test(s)) {
        s = entities(s);
      } else break;
    }
    return plain(s);
  }

  /** @param {string} s without tags */
  function entities(s) {
    const doc = new DOMParser().parseFromString('<!doctype html><body><pre>\n' + s, 'text/html');
    return dom.one(doc, 'pre')?.textContent ?? '';
  }

  /** One line. @param {string} s */
  const line = (s) => s.replaceAll('\n', ' ');

  return { of, plain, fragment, line, LIMIT };
})();
