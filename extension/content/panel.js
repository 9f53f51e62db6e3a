// SPDX-License-Identifier: Apache-2.0

// The panel that says why: one per frame, in a closed shadow root in the top
// layer. It is a dialog that takes the focus, keeps it, gives it back, and
// closes with Escape.

lapwing.panel = (() => {
  const { dom, view, mark, passages } = lapwing;

  const STYLE = `
    :host { all: initial !important; }
    .panel { color-scheme: light dark; --back: #fff; --text: #1d2230; --soft: #566074; --line: #d4d9e2; --tint: #f4f1f8; --accent: #5b2a86; --hit: #ffe08a;
      position: fixed; inset: auto; inset-block: 12px; inset-inline-end: 12px; margin: 0; box-sizing: border-box; inline-size: min(420px, calc(100vw - 24px)); block-size: fit-content;
      max-block-size: calc(100vh - 24px); overflow: auto; overscroll-behavior: contain; padding: 0 18px 16px; border: 1px solid var(--line); border-radius: 12px;
      background: var(--back); color: var(--text); font: 15px/1.5 system-ui, sans-serif; text-align: start; box-shadow: 0 8px 40px rgb(0 0 0 / .35); }
    header { position: sticky; inset-block-start: 0; display: flex; align-items: center; gap: 10px; padding: 14px 0 8px; background: var(--back); border-block-end: 1px solid var(--line); }
    h2 { flex: 1; margin: 0; font-size: 18px; line-height: 1.3; }
    h3 { margin: 0 0 2px; font-size: 15px; }
    p, ul { margin: 8px 0; } ul { padding-inline-start: 20px; }
    .icon { inline-size: 24px; block-size: 24px; flex: none; fill: var(--accent); }
    .listing { font-weight: 600; overflow-wrap: anywhere; }
    .reasons { list-style: none; padding: 0; }
    .reason { margin: 12px 0; padding: 12px 14px; border: 1px solid var(--line); border-inline-start: 4px solid var(--accent); border-radius: 8px; background: var(--tint); }
    .reason.muted { opacity: .75; border-inline-start-style: dashed; }
    .meta { margin: 0; color: var(--soft); font-size: 13px; }
    .term { font-size: 14px; }
    blockquote { margin: 8px 0; padding-inline-start: 10px; border-inline-start: 3px solid var(--line); overflow-wrap: anywhere; }
    mark { background: var(--hit); color: #1b1b1b; text-decoration: underline 2px #7a1f5c; padding: 0 1px; }
    .row { display: flex; flex-wrap: wrap; gap: 8px; margin-block-start: 10px; }
    .help { margin: 14px 0; padding: 12px 14px; border: 1px solid var(--line); border-radius: 8px; }
    .number { font-weight: 700; white-space: nowrap; }
    a { color: var(--accent); }
    button { font: inherit; color: var(--text); background: var(--back); border: 1px solid var(--soft); border-radius: 8px; padding: 6px 12px; cursor: pointer; min-block-size: 34px; }
    button.small { font-size: 13px; padding: 2px 10px; min-block-size: 28px; }
    button:hover { border-color: var(--accent); }
    :focus-visible { outline: 3px solid #1a5fd0; outline-offset: 2px; }
    [role=status]:empty { display: none; }
    [role=status] { padding: 8px 12px; border-radius: 8px; background: var(--tint); }
    @media (prefers-color-scheme: dark) {
      .panel { --back: #1a1d24; --text: #e8ebf2; --soft: #aab3c5; --line: #3a414f; --tint: #242833; --accent: #cfa9f5; }
      :focus-visible { outline-color: #8ab4ff; }
    }
    @media (prefers-reduced-motion: no-preference) { .panel { animation: in .12s ease-out; } @keyframes in { from { opacity: 0; translate: 0 6px; } } }
    @media print { .panel { display: none; } }`;

  /** The panel that is open. @type {{host: HTMLElement, panel: HTMLElement, back: HTMLElement | null} | null} */
  let open = null;

  function close() {
    if (!open) return;
    const { host, back } = open;
    open = null;
    passages.clear();
    host.remove();
    if (back) mark.focus(back);
  }

  /** Tab stays inside; Escape closes. @param {KeyboardEvent} event @param {HTMLElement} panel */
  function onKey(event, panel) {
    event.stopPropagation(); // the page's shortcuts are not meant
    if (event.key === 'Escape') { event.preventDefault(); close(); return; }
    if (event.key !== 'Tab') return;
    const stops = /** @type {HTMLElement[]} */ ([...panel.querySelectorAll('button, a[href]')]);
    const root = /** @type {ShadowRoot} */ (panel.getRootNode());
    const at = root.activeElement, first = stops[0], last = stops[stops.length - 1];
    if (event.shiftKey && (at === first || at === panel)) { event.preventDefault(); last.focus(); }
    else if (!event.shiftKey && at === last) { event.preventDefault(); first.focus(); }
  }

  /** @param {Explanation} e */
  function frame(e) {
    const { say } = lapwing;
    const title = view.el('h2', { id: 'title', dir: 'auto' }, [e.level === 'none' ? e.title : say(`level_${e.level}`)]);
    const panel = view.el('section', { class: 'panel', role: 'dialog', 'aria-modal': 'true', 'aria-labelledby': 'title', tabindex: '-1', dir: lapwing.dir, lang: lapwing.lang }, [
      view.el('header', {}, [view.icon(e.level), title, view.button(say('close'), close, { class: 'close' })]),
      view.el('p', { role: 'status' }),
    ]);
    panel.addEventListener('keydown', (event) => onKey(event, panel));
    for (const type of ['click', 'pointerdown', 'mousedown', 'wheel']) panel.addEventListener(type, (event) => event.stopPropagation(), { passive: true });
    return panel;
  }

  /** Shows a panel that is in place already. @param {HTMLElement} panel */
  function raise(panel) {
    if (typeof panel.showPopover === 'function') {
      panel.setAttribute('popover', 'manual');
      panel.showPopover(); // above everything, whatever the page's z-indexes are
    } else {
      panel.style.zIndex = '2147483647';
    }
    panel.focus({ preventScroll: true });
  }

  /**
   * @param {Explanation} e @param {Listing} listing @param {Element | null} root
   * @param {HTMLElement | null} back where the focus goes afterwards
   */
  function show(e, listing, root, back) {
    close();
    const host = document.createElement(mark.TAG);
    const shadow = host.attachShadow({ mode: 'closed' });
    mark.dress(shadow, STYLE, null);
    const panel = frame(e);
    /** @type {ViewActions} */
    const act = {
      say: lapwing.say, site: location.protocol.startsWith('http'),
      locate: root ? (reason) => locate(root, listing, reason) : null,
      mute: (what) => mute(what, panel, 'mute'), unmute: (what) => mute(what, panel, 'unmute'),
      report: (sort) => { lapwing.send('report', { listing, sort }).catch(lapwing.failed); },
    };
    panel.append(view.explanation(e, listing, act));
    shadow.append(panel);
    (dom.body(document) ?? dom.documentElement(document)).append(host);
    open = { host, panel, back };
    raise(panel);
    if (root) passages.show(passages.find(root, e.reasons.flatMap((r) => r.spans.map((s) => passages.quote(listing, s)))));
  }

  /** @param {Element} root @param {Listing} listing @param {ReasonInWords} reason */
  function locate(root, listing, reason) {
    const [range] = passages.find(root, reason.spans.map((s) => passages.quote(listing, s)));
    if (range) passages.scrollTo(range);
  }

  /** Mutes, says so, and offers to undo it. @param {import('../shared/messages.js').Mute} what @param {HTMLElement} panel @param {'mute' | 'unmute'} how */
  async function mute(what, panel, how) {
    const { say } = lapwing;
    await lapwing.send(how, what);
    const status = panel.querySelector('[role=status]');
    if (!status) return;
    const undo = view.button(say('undo'), () => mute(what, panel, how === 'mute' ? 'unmute' : 'mute'), { class: 'small' });
    status.replaceChildren(say(how === 'mute' ? `muted_${what.what}` : 'unmuted'), ' ', undo);
    undo.focus();
  }

  return { show, close, isOpen: () => open !== null };
})();
