// SPDX-License-Identifier: Apache-2.0

// Listings that a page describes for machines: JSON-LD, then microdata, in the
// terms of schema.org. The twin is server/extract/structured.go.

lapwing.structured = (() => {
  const { dom, text, adapter } = lapwing;

  /** What of schema.org is a listing, and of which kind. @type {Record<string, string>} */
  const KINDS = {
    JobPosting: 'job',
    Accommodation: 'housing', Apartment: 'housing', ApartmentComplex: 'housing', House: 'housing', SingleFamilyResidence: 'housing',
    Room: 'housing', Residence: 'housing', RealEstateListing: 'housing',
    Service: 'services', TouristTrip: 'travel', Trip: 'travel',
    Product: 'other', IndividualProduct: 'other', Offer: 'other',
  };
  /** Where else to look inside a value that is no listing, in this order. */
  const INSIDE = ['@graph', 'itemListElement', 'item', 'mainEntity', 'mainEntityOfPage', 'hasPart', 'about'];
  const PERIOD = /** @type {Record<string, string>} */ ({ HOUR: 'per hour', DAY: 'per day', WEEK: 'per week', MONTH: 'per month', YEAR: 'per year' });
  const MAX_ITEMS = 500, MAX_SCRIPTS = 50, MAX_DEPTH = 6;

  /** @typedef {{[key: string]: unknown}} Thing */

  /** @param {unknown} v @returns {v is Thing} */
  const isThing = (v) => typeof v === 'object' && v !== null && !Array.isArray(v);

  /** @param {unknown} type */
  const shortType = (type) => (typeof type === 'string' ? type.slice(type.lastIndexOf('/') + 1) : '');

  /** @param {Thing} thing */
  function kindOf(thing) {
    const types = Array.isArray(thing['@type']) ? thing['@type'] : [thing['@type']];
    for (const t of types) if (Object.hasOwn(KINDS, shortType(t))) return KINDS[shortType(t)];
    return null;
  }

  /** @param {unknown} v @param {Thing[]} into @param {number} depth */
  function collect(v, into, depth) {
    if (depth > MAX_DEPTH || into.length >= MAX_ITEMS) return;
    if (Array.isArray(v)) {
      for (const x of v) collect(x, into, depth + 1);
    } else if (isThing(v)) {
      if (kindOf(v) !== null) into.push(v);
      else for (const key of INSIDE) collect(Object.hasOwn(v, key) ? v[key] : null, into, depth + 1);
    }
  }

  /** @param {Node} scope @returns {Thing[]} */
  function jsonld(scope) {
    /** @type {Thing[]} */
    const things = [];
    for (const script of dom.all(scope, 'script[type="application/ld+json"]').slice(0, MAX_SCRIPTS)) {
      const first = dom.firstChild(script);
      if (!first || !dom.isText(first)) continue;
      try {
        collect(JSON.parse(dom.data(first)), things, 0);
      } catch {
        // A page's broken data says nothing.
      }
    }
    return things;
  }

  /** @param {Node} scope @returns {{thing: Thing, root: Element}[]} */
  function microdata(scope) {
    const out = [], seen = new Set();
    for (const el of dom.all(scope, '[itemscope][itemtype]')) {
      if (out.length >= MAX_ITEMS) break;
      if (!Object.hasOwn(KINDS, shortType(dom.attr(el, 'itemtype')?.trim()))) continue;
      let up = dom.parent(el);
      while (up && !seen.has(up)) up = dom.parent(up);
      if (up) continue;
      seen.add(el);
      out.push({ thing: item(el, 0), root: el });
    }
    return out;
  }

  /** @param {Element} el @param {number} depth @returns {Thing} */
  function item(el, depth) {
    /** @type {Thing} */
    const thing = { '@type': shortType(dom.attr(el, 'itemtype')?.trim()) };
    properties(el, thing, depth);
    return thing;
  }

  /** @param {Element} el @param {Thing} thing @param {number} depth */
  function properties(el, thing, depth) {
    for (const child of dom.children(el)) {
      const name = dom.attr(child, 'itemprop')?.trim();
      const nested = dom.has(child, 'itemscope');
      if (name && !Object.hasOwn(thing, name)) {
        if (nested) { if (depth < MAX_DEPTH) thing[name] = item(child, depth + 1); }
        else thing[name] = property(child);
      }
      if (!nested) properties(child, thing, depth);
    }
  }

  /** @param {Element} el */
  function property(el) {
    const content = dom.attr(el, 'content');
    if (content !== null) return content;
    const name = dom.name(el);
    const attr = name === 'a' || name === 'link' ? 'href' : name === 'time' ? 'datetime' : name === 'data' || name === 'meter' ? 'value' : '';
    return (attr && dom.attr(el, attr)) || text.of(el);
  }

  /** Some text of a value, whatever shape it has. @param {unknown} v @returns {string} */
  function str(v) {
    if (typeof v === 'string') return v;
    if (typeof v === 'number') return String(v);
    if (Array.isArray(v)) {
      for (const x of v) { const s = str(x); if (s) return s; }
    } else if (isThing(v)) {
      return str(v['@value']) || str(v.name);
    }
    return '';
  }

  /** @param {unknown} v @returns {Thing} */
  const thing = (v) => (Array.isArray(v) ? thing(v[0]) : isThing(v) ? v : {});

  /** @param {unknown} v */
  function place(v) {
    const at = thing(v);
    if (str(v) && !at.address) return str(v);
    const a = at.address ?? v;
    if (typeof a === 'string') return a;
    const parts = ['streetAddress', 'postalCode', 'addressLocality', 'addressRegion', 'addressCountry'].map((k) => str(thing(a)[k]));
    return parts.filter((p) => p).join(', ');
  }

  /** @param {Thing} t */
  function pay(t) {
    if (t.baseSalary !== undefined) {
      const salary = thing(t.baseSalary), value = thing(salary.value);
      const low = str(value.minValue), high = str(value.maxValue);
      const amount = low && high && low !== high ? `${low} - ${high}` : low || high || str(value.value) || str(salary.value) || str(t.baseSalary);
      const unit = str(value.unitText) || str(salary.unitText);
      const currency = str(salary.currency) || str(t.salaryCurrency);
      return [amount, amount && currency, amount && (Object.hasOwn(PERIOD, unit) ? PERIOD[unit] : '')].filter((p) => p).join(' ');
    }
    const offer = thing(t.offers), price = str(offer.price) || str(offer.lowPrice) || str(t.price);
    const currency = str(offer.priceCurrency) || str(t.priceCurrency);
    return price && currency ? `${price} ${currency}` : price;
  }

  /** @param {Thing} t @param {URL} base @param {string} lang @returns {Listing} */
  function listing(t, base, lang) {
    const l = adapter.empty(kindOf(t) ?? '', lang);
    l.title = text.line(text.fragment(str(t.title) || str(t.name) || str(t.headline)));
    l.body = text.fragment(str(t.description));
    l.company = text.line(text.fragment(str(t.hiringOrganization) || str(t.seller) || str(t.offeredBy) || str(t.provider)));
    l.location = text.line(text.fragment(place(t.jobLocation ?? t.address)));
    l.pay = text.line(text.fragment(pay(t)));
    l.contact = text.line(text.fragment([str(t.telephone), str(t.email)].filter((p) => p).join(' ')));
    l.url = adapter.address(str(t.url), base);
    return l;
  }

  /**
   * @param {Node} scope @param {URL} base @param {string} lang
   * @returns {Found[]} those with a title or a body
   */
  function read(scope, base, lang) {
    /** @type {Found[]} */
    let found = jsonld(scope).map((t) => ({ listing: listing(t, base, lang), root: null, title: null, method: 'jsonld' }));
    found = found.filter((f) => f.listing.title || f.listing.body);
    if (found.length) return found;
    found = microdata(scope).map(({ thing, root }) => ({ listing: listing(thing, base, lang), root, title: null, method: 'microdata' }));
    return found.filter((f) => f.listing.title || f.listing.body);
  }

  return { read };
})();
