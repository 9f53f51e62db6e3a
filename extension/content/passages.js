// SPDX-License-Identifier: Apache-2.0

// Marks passages without touching the page's nodes: ranges in the CSS Custom
// Highlight registry. The style is put into the frame while a panel is open,
// and taken out with it. Where the browser has no registry, the panel's
// quotations have to do.

lapwing.passages = (() => {
  const { dom, text } = lapwing;
  const NAME = 'lapwing-passage';

  /** Where code point n of a string begins. @param {string} s @param {number} n */
  function unit(s, n) {
    let at = 0;
    for (; n > 0 && at < s.length; n--) at += /** @type {number} */ (s.codePointAt(at)) > 0xffff ? 2 : 1;
    return at;
  }

  /** The words of a span. @param {Listing} listing @param {{field: string, start: number, end: number}} span */
  function quote(listing, span) {
    const s = listing[/** @type {keyof Listing} */ (span.field)] ?? '';
    const from = unit(s, span.start);
    return s.slice(from, from + unit(s.slice(from), span.end - span.start));
  }

  /** The same words around it, for context. @param {Listing} listing @param {{field: string, start: number, end: number}} span */
  function around(listing, span) {
    const s = listing[/** @type {keyof Listing} */ (span.field)] ?? '';
    const from = unit(s, span.start), to = from + unit(s.slice(from), span.end - span.start);
    const left = s.slice(Math.max(0, from - 60), from), right = s.slice(to, to + 60);
    return {
      before: from > 60 ? '…' + left.slice(left.search(/\s/) + 1) : left,
      hit: s.slice(from, to),
      after: to + 60 < s.length ? right.slice(0, Math.max(0, right.search(/\s\S*$/))) + '…' : right,
    };
  }

  /**
   * Where quoted words stand below an element. The element's text is read once
   * more with the place of each word; fields that were joined from several
   * places are found by their words all the same.
   * @param {Element} root @param {string[]} quotes
   * @returns {Range[]}
   */
  function find(root, quotes) {
    /** @type {TextPiece[]} */
    const pieces = [];
    const all = text.line(text.of(root, { pieces }));
    /** @type {Range[]} */
    const ranges = [];
    for (const q of quotes) {
      const words = text.line(q);
      const at = words ? all.indexOf(words) : -1;
      if (at < 0) continue;
      const range = rangeOf(pieces, at, at + words.length);
      if (range) ranges.push(range);
    }
    return ranges;
  }

  /** @param {TextPiece[]} pieces @param {number} from @param {number} to */
  function rangeOf(pieces, from, to) {
    const first = pieces.find((p) => p.start + p.length > from);
    const last = pieces.findLast((p) => p.start < to);
    if (!first || !last) return null;
    const range = document.createRange();
    range.setStart(first.node, first.at + Math.max(0, from - first.start));
    range.setEnd(last.node, last.at + Math.min(last.length, to - last.start));
    return range;
  }

  /** @param {Range[]} ranges */
  function show(ranges) {
    if (typeof Highlight === 'undefined' || !CSS.highlights || !ranges.length) return;
    CSS.highlights.set(NAME, new Highlight(...ranges));
    lapwing.send('passages', { on: true }).catch(() => {});
  }

  function clear() {
    if (typeof Highlight === 'undefined' || !CSS.highlights?.delete(NAME)) return;
    lapwing.send('passages', { on: false }).catch(() => {});
  }

  /** @param {Range} range */
  function scrollTo(range) {
    const el = /** @type {Element | null} */ (dom.isElement(range.startContainer) ? range.startContainer : dom.parent(range.startContainer));
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    el?.scrollIntoView({ block: 'center', behavior: calm ? 'auto' : 'smooth' });
  }

  return { quote, around, find, show, clear, scrollTo };
})();
