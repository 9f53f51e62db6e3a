// SPDX-License-Identifier: Apache-2.0

// Finds the listings of one page as a site's adapter says. An adapter is data
// (server/lists/sites/README.md): selectors and field names, no code. The twin
// is server/extract/adapter.go; both run the pages below testdata/pages.

lapwing.adapter = (() => {
  const { dom, text } = lapwing;

  const FIELDS = /** @type {const} */ (['title', 'body', 'company', 'location', 'pay', 'contact']);

  /** @param {string} host @param {string} rule */
  const hostFits = (host, rule) => host === rule || host.endsWith('.' + rule);

  /** Anchored at both ends; "*" is any run of characters. @param {string} path @param {string} glob */
  function pathFits(path, glob) {
    const parts = glob.split('*');
    if (parts.length === 1) return path === glob;
    const first = /** @type {string} */ (parts.shift()), last = /** @type {string} */ (parts.pop());
    if (!path.startsWith(first)) return false;
    let at = first.length;
    for (const part of parts) {
      const found = path.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return path.length - last.length >= at && path.endsWith(last);
  }

  /** The adapter for an address, if there is one. @param {Adapter[]} adapters @param {URL} url */
  function pick(adapters, url) {
    return adapters.find((a) => a.hosts.some((h) => hostFits(url.hostname, h))) ?? null;
  }

  /** The adapter's page descriptions that the address allows. @param {Adapter} adapter @param {URL} url */
  function pagesFor(adapter, url) {
    return adapter.pages.filter((p) => !p.paths || p.paths.some((glob) => pathFits(url.pathname, glob)));
  }

  /**
   * The roots of the listings in scope: all matches of the first selector that has any.
   * @param {AdapterPage} page @param {Node} scope
   */
  function roots(page, scope) {
    for (const css of page.root) {
      const found = dom.all(scope, css);
      if (found.length) return page.lists === 'one' ? found.slice(0, 1) : found;
    }
    return [];
  }

  /** @param {AdapterPage} page @param {URL} url @param {Node} root */
  function kindOf(page, url, root) {
    for (const k of page.kinds ?? []) {
      if (k.path && !pathFits(url.pathname, k.path)) continue;
      if (k.has && !dom.one(root, k.has)) continue;
      return k.kind;
    }
    return page.kind ?? '';
  }

  /** The elements that one way of finding a field selects. @param {Element} root @param {Way} way */
  function targets(root, way) {
    if (!way.css) return [root];
    if (way.all) return dom.all(root, way.css);
    const one = dom.one(root, way.css);
    return one ? [one] : [];
  }

  /** @param {string} value @param {string[]} strip */
  function stripped(value, strip) {
    for (const s of strip) {
      if (value.startsWith(s)) value = value.slice(s.length);
      if (value.endsWith(s)) value = value.slice(0, value.length - s.length);
    }
    return text.plain(value);
  }

  /** @param {Element} root @param {Way} way */
  function valueOf(root, way) {
    const values = [];
    for (const el of targets(root, way)) {
      const raw = way.attr ? text.plain(dom.attr(el, way.attr) ?? '') : text.of(el, { omit: way.omit?.join(', ') });
      const value = stripped(raw, way.strip ?? []);
      if (value) values.push(value);
    }
    return values.join('\n');
  }

  /** The first way that gives something. @param {Element} root @param {Way[] | undefined} ways */
  function field(root, ways) {
    for (const way of ways ?? []) {
      const value = valueOf(root, way);
      if (value) return value;
    }
    return '';
  }

  /** The element that a field's text stands in, for the mark to stand beside. @param {AdapterPage} page @param {Element} root */
  function titleElement(page, root) {
    for (const way of page.fields.title ?? []) {
      if (way.css && !way.attr && valueOf(root, way)) return dom.one(root, way.css);
    }
    return null;
  }

  /**
   * @param {AdapterPage} page @param {URL} url @param {Element} root @param {string} lang of the page
   * @returns {Listing}
   */
  function listing(page, url, root, lang) {
    const out = empty(kindOf(page, url, root), page.lang ?? lang);
    for (const name of FIELDS) {
      const value = field(root, page.fields[name]);
      out[name] = name === 'body' ? value : text.line(value);
    }
    out.url = page.fields.link ? address(field(root, page.fields.link), url) : '';
    if (!out.url && page.lists === 'one') out.url = address(url.href, url);
    return out;
  }

  /** @param {string} kind @param {string} lang @returns {Listing} */
  const empty = (kind, lang) => ({ kind, lang, title: '', body: '', company: '', location: '', pay: '', contact: '', url: '' });

  /** A web address without its fragment, or nothing. @param {string} href @param {URL} base */
  function address(href, base) {
    if (!href) return '';
    try {
      const u = new URL(href, base);
      u.hash = '';
      return u.protocol === 'https:' || u.protocol === 'http:' ? u.href : '';
    } catch {
      return '';
    }
  }

  return { pick, pagesFor, roots, listing, titleElement, address, empty, pathFits };
})();
