// SPDX-License-Identifier: Apache-2.0

// The mark beside a listing: a small button with an icon and a text, in a
// closed shadow root below an element whose name is another on every page load.
// The page sees that something was inserted, and nothing of what it says.

lapwing.mark = (() => {
  const { dom, view } = lapwing;

  const letters = (/** @type {number} */ n) => Array.from(crypto.getRandomValues(new Uint8Array(n)), (b) => String.fromCharCode(97 + (b % 26))).join('');
  const TAG = `${letters(5)}-${letters(6)}`;

  const STYLE = `
    :host { all: initial !important; display: inline-block !important; margin: 0 6px 2px 0 !important; vertical-align: middle !important;
      position: relative !important; z-index: 1 !important; max-width: 100% !important; }
    button { all: unset; box-sizing: border-box; display: inline-flex; align-items: center; gap: 5px; min-height: 24px; padding: 2px 9px 2px 6px;
      border: 1.5px solid; border-radius: 13px; cursor: pointer; font: 600 13px/1.35 system-ui, sans-serif; max-width: 100%; }
    button:focus-visible { outline: 3px solid #1a5fd0; outline-offset: 2px; }
    .icon { inline-size: 16px; block-size: 16px; flex: none; fill: currentColor; }
    .notice { background: #fff; color: #3f4756; border-color: #6d7688; }
    .elevated { background: #fff4d6; color: #5f4200; border-color: #8a6300; }
    .high { background: #7a1f3d; color: #fff; border-color: #fff; box-shadow: 0 0 0 1.5px #7a1f3d; }
    @media (prefers-color-scheme: dark) {
      .notice { background: #23272f; color: #d5dae4; border-color: #98a1b3; }
      .elevated { background: #3a2f10; color: #ffe3a1; border-color: #d9ad4a; }
      .high { background: #ffd9e3; color: #5c0f2b; border-color: #5c0f2b; box-shadow: 0 0 0 1.5px #ffd9e3; }
    }
    @media print { :host { display: none !important; } }
    @media (forced-colors: active) { button { border-color: ButtonText; } }`;

  /** @type {CSSStyleSheet | null} */
  let sheet = null;

  /**
   * A style for a shadow root: a constructed sheet, or an element where the
   * browser does not let content scripts share one.
   * @param {ShadowRoot} shadow @param {string} css @param {CSSStyleSheet | null} shared
   */
  function dress(shadow, css, shared) {
    try {
      const s = shared ?? new CSSStyleSheet();
      if (!shared) s.replaceSync(css);
      shadow.adoptedStyleSheets = [s];
      return s;
    } catch {
      shadow.append(view.el('style', {}, [css]));
      return null;
    }
  }

  /**
   * @param {import('../shared/messages.js').Brief} brief
   * @param {(anchor: HTMLElement) => void} open
   * @returns {HTMLElement}
   */
  function make(brief, open) {
    const { say } = lapwing;
    const title = say(`level_${brief.level}`);
    const host = document.createElement(TAG);
    const shadow = host.attachShadow({ mode: 'closed' });
    sheet = dress(shadow, STYLE, sheet);
    const button = view.el('button', {
      type: 'button', class: brief.level, 'aria-haspopup': 'dialog', dir: lapwing.dir, lang: lapwing.lang,
      'aria-label': say('mark_label', title, brief.reasons),
    }, [title]);
    button.prepend(view.icon(brief.level));
    button.addEventListener('click', (event) => {
      event.preventDefault();
      event.stopPropagation();
      if (event.isTrusted) open(host);
    });
    for (const type of ['keydown', 'keyup', 'mousedown', 'pointerdown']) button.addEventListener(type, (event) => event.stopPropagation());
    shadow.append(button);
    buttons.set(host, button);
    return host;
  }

  /** The buttons of our marks; a page cannot ask for them. @type {WeakMap<HTMLElement, HTMLElement>} */
  const buttons = new WeakMap();

  /** @param {HTMLElement} host */
  const focus = (host) => buttons.get(host)?.focus();

  /** Elements that may hold nothing but certain children, or no mark that could be pressed. */
  const NO_PLACE = new Set(['table', 'tbody', 'thead', 'tfoot', 'tr', 'ul', 'ol', 'dl', 'select', 'picture', 'button']);

  /** Puts a mark beside the title, else at the beginning of the listing. @param {HTMLElement} host @param {Element} root @param {Element | null} title */
  function place(host, root, title) {
    const inner = dom.shadow(root) ?? root;
    if (title && title !== root && dom.contains(root, title)) {
      /** @type {Node} */
      let before = title;
      for (let up = dom.parent(title); up && up !== root; up = dom.parent(up)) {
        if (dom.isElement(up) && dom.matches(/** @type {Element} */ (up), 'a, button, h1, h2, h3, h4, h5, h6')) before = up;
      }
      const parent = dom.parent(before);
      if (parent && dom.isElement(parent) && !NO_PLACE.has(dom.name(/** @type {Element} */ (parent)))) {
        parent.insertBefore(host, before);
        return;
      }
    }
    let into = /** @type {Node} */ (inner);
    if (dom.name(root) === 'tr') into = dom.one(root, 'td, th') ?? root;
    into.insertBefore(host, dom.firstChild(into));
  }

  return { make, place, dress, focus, TAG };
})();
