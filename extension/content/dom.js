// SPDX-License-Identifier: Apache-2.0

// Reading a page that may be hostile. A form with an input named "childNodes"
// answers that input when asked for its children, and an image named "body"
// hides the document's; so everything here is asked of the prototypes, which a
// page cannot reach from its own world.

globalThis.lapwing?.stop?.(); // an older copy of these scripts in this very world steps aside

globalThis.lapwing = /** @type {Lapwing} */ ({});

/** The browser's interface; Firefox's answers promises as `browser`. @type {typeof chrome} */
lapwing.api = /** @type {any} */ (globalThis).browser ?? globalThis.chrome;

lapwing.dom = (() => {
  /** @param {object} proto @param {string} name */
  const getter = (proto, name) => {
    const get = Object.getOwnPropertyDescriptor(proto, name)?.get;
    if (!get) throw new Error(`no getter ${name}`);
    return (/** @type {unknown} */ of) => get.call(of);
  };
  const nodeType = getter(Node.prototype, 'nodeType');
  const firstChild = getter(Node.prototype, 'firstChild');
  const nextSibling = getter(Node.prototype, 'nextSibling');
  const parentNode = getter(Node.prototype, 'parentNode');
  const isConnected = getter(Node.prototype, 'isConnected');
  const data = getter(CharacterData.prototype, 'data');
  const localName = getter(Element.prototype, 'localName');
  const body = getter(Document.prototype, 'body');
  const root = getter(Document.prototype, 'documentElement');
  const { getAttribute, hasAttribute, matches, closest } = Element.prototype;
  const { contains } = Node.prototype;

  const ELEMENT = 1, TEXT = 3, DOCUMENT = 9;

  /** What extensions may ask for: also a closed shadow root. @param {Element} el @returns {ShadowRoot | null} */
  function shadow(el) {
    if (!localName(el).includes('-')) return null;
    try {
      return lapwing.api.dom?.openOrClosedShadowRoot(/** @type {HTMLElement} */ (el)) ?? /** @type {any} */ (el).openOrClosedShadowRoot ?? el.shadowRoot;
    } catch {
      return null;
    }
  }

  /** @param {Node} scope */
  const protoOf = (scope) => {
    const type = nodeType(scope);
    return type === ELEMENT ? Element.prototype : type === DOCUMENT ? Document.prototype : DocumentFragment.prototype;
  };

  return {
    firstChild: (node) => firstChild(node),
    nextSibling: (node) => nextSibling(node),
    parent: (node) => parentNode(node),
    isConnected: (node) => isConnected(node),
    isElement: (node) => nodeType(node) === ELEMENT,
    isText: (node) => nodeType(node) === TEXT,
    data: (node) => data(node),
    name: (el) => localName(el),
    shadow,
    body: (doc) => body(doc),
    documentElement: (doc) => root(doc),
    attr: (el, name) => getAttribute.call(el, name),
    has: (el, name) => hasAttribute.call(el, name),
    matches: (el, css) => matches.call(el, css),
    closest: (el, css) => closest.call(el, css),
    contains: (a, b) => contains.call(a, b),
    all: (scope, css) => [...protoOf(scope).querySelectorAll.call(scope, css)],
    one: (scope, css) => protoOf(scope).querySelector.call(scope, css),
    children(el) {
      const out = [];
      for (let n = firstChild(el); n; n = nextSibling(n)) if (nodeType(n) === ELEMENT) out.push(n);
      return out;
    },
  };
})();
