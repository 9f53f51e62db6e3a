// SPDX-License-Identifier: Apache-2.0

// An explanation as a tree of elements: for the panel in a page, and for the
// popup and side list. Text is set as text; there is no markup to parse.

lapwing.view = (() => {
  const SVG = 'http://www.w3.org/2000/svg';

  /** One shape per level, so that colour is not needed to tell them apart. @type {Record<string, string>} */
  const SHAPES = {
    notice: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm-1 4h2v2h-2zm0 4h2v6h-2z',
    elevated: 'M12 2 1.5 21h21zm-1 7h2v6h-2zm0 8h2v2h-2z',
    high: 'M8 2h8l6 6v8l-6 6H8l-6-6V8zm3 4v8h2V6zm0 10v2h2v-2z',
    none: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm-1.5 12.6L6.9 12l1.4-1.4 2.2 2.2 5.2-5.2 1.4 1.4z',
  };

  /**
   * @param {string} name @param {Record<string, string>} [attributes] @param {(Node | string | null)[]} [children]
   * @returns {HTMLElement}
   */
  function el(name, attributes = {}, children = []) {
    const out = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) out.setAttribute(key, value);
    for (const c of children) if (c !== null && c !== '') out.append(c);
    return out;
  }

  /** @param {string} level */
  function icon(level) {
    const svg = document.createElementNS(SVG, 'svg');
    svg.setAttribute('viewBox', '0 0 24 24');
    svg.setAttribute('aria-hidden', 'true');
    svg.setAttribute('class', 'icon');
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', SHAPES[level] ?? SHAPES.notice);
    path.setAttribute('fill-rule', 'evenodd');
    svg.append(path);
    return svg;
  }

  /** @param {string} label @param {() => void} act @param {Record<string, string>} [attributes] */
  function button(label, act, attributes = {}) {
    const b = el('button', { type: 'button', ...attributes }, [label]);
    b.addEventListener('click', (event) => {
      event.stopPropagation();
      if (event.isTrusted) act(); // a page cannot press it
    });
    return b;
  }

  /** @param {string} title @param {string} body */
  const term = (title, body) => (body ? el('p', { class: 'term' }, [el('strong', {}, [title]), ' ', el('bdi', {}, [body])]) : null);

  /** @param {ReasonInWords} reason @param {Listing} listing */
  function quotes(reason, listing) {
    const seen = new Set(), out = [];
    for (const span of reason.spans) {
      const { before, hit, after } = lapwing.passages.around(listing, span);
      if (!hit || seen.has(hit) || out.length === 3) continue;
      seen.add(hit);
      out.push(el('blockquote', { dir: 'auto' }, [before, el('mark', {}, [hit]), after]));
    }
    return out;
  }

  /** @param {ReasonInWords} reason @param {Listing} listing @param {ViewActions} act */
  function reasonView(reason, listing, act) {
    const { say } = act;
    const strength = reason.test ? say('reason_test') : say(`strength_${reason.strength}`);
    const buttons = el('div', { class: 'row' }, [
      act.locate && reason.spans.length ? button(say('reason_show'), () => act.locate?.(reason), { class: 'small' }) : null,
      reason.indicator.startsWith('wording.') ? null : button(say('mute_indicator'), () => act.mute({ what: 'indicator', indicator: reason.indicator }), { class: 'small' }),
    ]);
    return el('li', { class: reason.muted ? 'reason muted' : 'reason' }, [
      el('h3', { dir: 'auto' }, [reason.title]),
      el('p', { class: 'meta' }, [[reason.dimension, strength, reason.muted ? say('muted') : ''].filter((s) => s).join(' · ')]),
      ...quotes(reason, listing),
      el('p', { dir: 'auto' }, [reason.means]),
      term(say('reason_benign'), reason.benign),
      term(say('reason_source'), reason.sources.join('; ')),
      buttons,
    ]);
  }

  /** @param {HelpContact} line @param {ViewActions['say']} say */
  function helpLine(line, say) {
    const who = ['police', 'ngo', 'government'].includes(line.who ?? '') ? say(`help_${line.who}`) : '';
    const languages = Array.isArray(line.languages) ? line.languages.join(', ') : line.languages;
    const facts = [who, line.hours, languages, line.anonymous ? say('help_anonymous') : '', line.checked ? say('help_checked', line.checked) : ''];
    return el('li', {}, [
      el('strong', {}, [line.name]), ' ',
      line.number ? el('span', { class: 'number', dir: 'ltr' }, [String(line.number)]) : null,
      line.text ? el('span', { class: 'number' }, [` ${say('help_text', line.text)}`]) : null,
      line.web?.startsWith('https://') ? el('br') : null,
      line.web?.startsWith('https://') ? el('a', { href: line.web, target: '_blank', rel: 'noreferrer noopener' }, [new URL(line.web).hostname]) : null,
      el('br'), el('span', { class: 'meta' }, [facts.filter((f) => f).join(' · ')]),
    ]);
  }

  /** @param {Help} help @param {ViewActions['say']} say */
  function helpView(help, say) {
    return el('section', { class: 'help' }, [
      el('h3', {}, [say('help_title')]),
      help.emergency ? el('p', {}, [say('help_emergency'), ' ', el('strong', { class: 'number', dir: 'ltr' }, [String(help.emergency)])]) : null,
      help.lines.length ? el('ul', {}, help.lines.map((l) => helpLine(l, say))) : el('p', {}, [say('help_none')]),
      help.old ? el('p', { class: 'meta' }, [say('help_old')]) : null,
      el('p', {}, [el('a', { href: help.directory.web, target: '_blank', rel: 'noreferrer noopener' }, [help.directory.name])]),
    ]);
  }

  /**
   * @param {Explanation} e @param {Listing} listing @param {ViewActions} act
   * @returns {DocumentFragment}
   */
  function explanation(e, listing, act) {
    const { say } = act;
    const out = document.createDocumentFragment();
    const order = e.list.old ? say('list_old') : '';
    out.append(...[
      listing.title ? el('p', { class: 'listing', dir: 'auto' }, [listing.title]) : null,
      el('p', { dir: 'auto' }, [e.level === 'none' ? e.means : say(`help_level_${e.level}`)]),
      e.reasons.length ? el('ul', { class: 'reasons' }, e.reasons.map((r) => reasonView(r, listing, act))) : null,
      helpView(e.help, say),
      el('section', {}, [el('h3', {}, [say('advice_title')]), el('ul', { class: 'advice' }, e.advice.map((a) => el('li', { dir: 'auto' }, [a])))]),
      el('section', { class: 'row' }, [
        button(e.listingMuted ? say('unmute_listing') : say('mute_listing'), () => (e.listingMuted ? act.unmute : act.mute)({ what: 'listing', listing })),
        act.site ? button(say('mute_site'), () => act.mute({ what: 'site' })) : null,
      ]),
      el('section', { class: 'row' }, [button(say('report_flagged'), () => act.report('flagged')), button(say('report_wrong'), () => act.report('wrong-flag'))]),
      el('p', { class: 'meta' }, [[say('list_line', e.list.name, e.list.version, e.list.created), order].filter((s) => s).join(' ')]),
    ].filter((n) => n !== null));
    return out;
  }

  return { el, icon, button, explanation };
})();
