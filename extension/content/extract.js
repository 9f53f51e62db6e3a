// SPDX-License-Identifier: Apache-2.0

// The listings of a page: by the site's adapter, else as the page describes
// them for machines, else as repeated cards, else its main text. The twin is
// server/extract/extract.go.

lapwing.extract = (() => {
  const { dom, text, adapter, structured, generic } = lapwing;

  /** @param {Document} doc */
  function language(doc) {
    const root = dom.documentElement(doc);
    const lang = ((root && dom.attr(root, 'lang')) || '').trim().toLowerCase();
    const primary = lang.split(/[-_]/)[0];
    return /^[a-z]{2,3}$/.test(primary) ? primary : '';
  }

  /**
   * @param {Document | ShadowRoot} scope
   * @param {URL} url
   * @param {string} lang
   * @param {Adapter} site
   * @returns {{page: AdapterPage, found: Found[]} | null}
   */
  function byAdapter(scope, url, lang, site) {
    for (const page of adapter.pagesFor(site, url)) {
      /** @type {Found[]} */
      const found = [];
      for (const root of adapter.roots(page, scope)) {
        const f = one(page, url, root, lang);
        if (f) found.push(f);
      }
      if (found.length) return { page, found };
    }
    return null;
  }

  /** One root as its adapter reads it. @param {AdapterPage} page @param {URL} url @param {Element} root @param {string} lang @returns {Found | null} */
  function one(page, url, root, lang) {
    const listing = adapter.listing(page, url, root, lang);
    if (!listing.title && !listing.body) return null;
    return { listing, root, title: adapter.titleElement(page, root), method: 'adapter' };
  }

  /** What the adapter left open is taken from the page's own data, if that tells of one listing. @param {Found} found @param {Found[]} data */
  function complete(found, data) {
    if (data.length !== 1) return;
    const from = data[0].listing, to = found.listing;
    if (!to.kind) to.kind = from.kind;
    for (const name of /** @type {const} */ (['title', 'body', 'company', 'location', 'pay', 'contact'])) to[name] ||= from[name];
  }

  /** A described listing whose text is thin gets the text that the page shows. @param {Found} found @param {Document} doc @param {URL} url @param {string} lang */
  function thicken(found, doc, url, lang) {
    const main = found.root ? null : generic.main(doc, url, lang);
    found.root ??= main?.root ?? null;
    found.title ??= main?.title ?? null;
    if (main && found.listing.body.length < 200 && main.listing.body.length > found.listing.body.length) found.listing.body = main.listing.body;
    found.listing.url ||= adapter.address(url.href, url);
  }

  /**
   * All of a page, slice by slice.
   * @param {Document} doc
   * @param {URL} url
   * @param {Adapter[]} adapters
   * @returns {Generator<void, Reading>}
   */
  function* read(doc, url, adapters) {
    const lang = language(doc);
    const site = adapter.pick(adapters, url);
    const expected = site ? adapter.pagesFor(site, url).length > 0 : false;
    const adapted = site && byAdapter(doc, url, lang, site);
    yield;
    if (site && adapted) {
      if (adapted.page.lists === 'one') complete(adapted.found[0], structured.read(doc, url, lang));
      return { site: site.id, method: 'adapter', drift: false, found: adapted.found, page: adapted.page, group: null, lang };
    }
    const rest = yield* byItself(doc, url, lang);
    return { site: site?.id ?? '', drift: expected, page: null, lang, ...rest };
  }

  /** @param {Document} doc @param {URL} url @param {string} lang @returns {Generator<void, {method: string, found: Found[], group: CardGroup | null}>} */
  function* byItself(doc, url, lang) {
    const data = structured.read(doc, url, lang);
    yield;
    if (data.length === 1) thicken(data[0], doc, url, lang);
    if (data.length) return { method: data[0].method, found: data, group: null };
    const group = yield* generic.findCards(dom.body(doc) ?? doc);
    const found = [];
    for (const root of group ? generic.cards(group) : []) {
      const f = generic.card(root, url, lang);
      if (f) found.push(f);
      yield;
    }
    if (found.length) return { method: 'cards', found, group };
    const main = generic.main(doc, url, lang);
    return main ? { method: 'main', found: [main], group: null } : { method: 'none', found: [], group: null };
  }

  /** The same without pauses, for tests and for what is not a live page. @param {Document} doc @param {URL} url @param {Adapter[]} adapters @returns {Reading} */
  function readAll(doc, url, adapters) {
    const steps = read(doc, url, adapters);
    for (;;) { const s = steps.next(); if (s.done) return s.value; }
  }

  return { read, readAll, one, language, text };
})();
