// SPDX-License-Identifier: Apache-2.0

// Types of the content scripts, which share one global name since classic
// scripts cannot import. Nothing of this file runs.

import type * as m from '../shared/messages.js';

declare global {
  type Listing = m.Listing;
  type Adapter = m.Adapter;
  type AdapterPage = m.AdapterPage;
  type Way = m.Way;
  type Explanation = m.Explanation;
  type ReasonInWords = m.ReasonInWords;
  type Help = m.Help;
  type HelpContact = m.HelpContact;

  /** Where a word of an extracted text came from. */
  interface TextPiece { node: Node; at: number; start: number; length: number }

  /** A listing and its place in the page. */
  interface Found { listing: Listing; root: Element | null; title: Element | null; method: string }

  /** Cards that repeat: the children of one element that look alike. */
  interface CardGroup { parent: Element; signature: string }

  /** What was read of a page. */
  interface Reading {
    site: string; method: string; drift: boolean; found: Found[];
    page: AdapterPage | null; group: CardGroup | null; lang: string;
  }

  /** What buttons of an explanation do. */
  interface ViewActions {
    say: (key: string, ...values: (string | number)[]) => string;
    site: boolean;
    locate: ((reason: ReasonInWords) => void) | null;
    mute: (what: m.Mute) => void;
    unmute: (what: m.Mute) => void;
    report: (sort: 'flagged' | 'wrong-flag') => void;
  }

  interface Lapwing {
    api: typeof chrome;
    dom: {
      firstChild(node: Node): Node | null;
      nextSibling(node: Node): Node | null;
      parent(node: Node): Node | null;
      isConnected(node: Node): boolean;
      isElement(node: Node): boolean;
      isText(node: Node): boolean;
      data(node: Node): string;
      name(el: Element): string;
      shadow(el: Element): ShadowRoot | null;
      body(doc: Document): HTMLElement;
      documentElement(doc: Document): HTMLElement;
      attr(el: Element, name: string): string | null;
      has(el: Element, name: string): boolean;
      matches(el: Element, css: string): boolean;
      closest(el: Element, css: string): Element | null;
      contains(a: Node, b: Node): boolean;
      all(scope: Node, css: string): Element[];
      one(scope: Node, css: string): Element | null;
      children(el: Node): Element[];
    };
    text: {
      of(root: Node, how?: { omit?: string; limit?: number; pieces?: TextPiece[] }): string;
      plain(s: string): string;
      fragment(s: string): string;
      line(s: string): string;
      LIMIT: number;
    };
    adapter: {
      pick(adapters: Adapter[], url: URL): Adapter | null;
      pagesFor(adapter: Adapter, url: URL): AdapterPage[];
      roots(page: AdapterPage, scope: Node): Element[];
      listing(page: AdapterPage, url: URL, root: Element, lang: string): Listing;
      titleElement(page: AdapterPage, root: Element): Element | null;
      address(href: string, base: URL): string;
      empty(kind: string, lang: string): Listing;
      pathFits(path: string, glob: string): boolean;
    };
    structured: { read(scope: Node, base: URL, lang: string): Found[] };
    generic: {
      findCards(scope: Node): Generator<void, CardGroup | null>;
      cards(group: CardGroup): Element[];
      card(root: Element, url: URL, lang: string): Found | null;
      main(doc: Document, url: URL, lang: string): Found | null;
      mainRoot(doc: Document): Element;
      signature(el: Element): string;
    };
    extract: {
      read(doc: Document, url: URL, adapters: Adapter[]): Generator<void, Reading>;
      readAll(doc: Document, url: URL, adapters: Adapter[]): Reading;
      one(page: AdapterPage, url: URL, root: Element, lang: string): Found | null;
      language(doc: Document): string;
    };
    slices: {
      run<T>(steps: Generator<void, T>): Promise<T>;
      busy(): number;
      longest(): number;
      count(ms: number): void;
      stop(): void;
    };
    view: {
      el(name: string, attributes?: Record<string, string>, children?: (Node | string | null)[]): HTMLElement;
      icon(level: string): SVGElement;
      button(label: string, act: () => void, attributes?: Record<string, string>): HTMLElement;
      explanation(e: Explanation, listing: Listing, act: ViewActions): DocumentFragment;
    };
    passages: {
      quote(listing: Listing, span: m.Span): string;
      around(listing: Listing, span: m.Span): { before: string; hit: string; after: string };
      find(root: Element, quotes: string[]): Range[];
      show(ranges: Range[]): void;
      clear(): void;
      scrollTo(range: Range): void;
    };
    mark: {
      make(brief: m.Brief, open: (host: HTMLElement) => void): HTMLElement;
      place(host: HTMLElement, root: Element, title: Element | null): void;
      dress(shadow: ShadowRoot, css: string, shared: CSSStyleSheet | null): CSSStyleSheet | null;
      focus(host: HTMLElement): void;
      TAG: string;
    };
    panel: {
      show(e: Explanation, listing: Listing, root: Element | null, back: HTMLElement | null): void;
      close(): void;
      isOpen(): boolean;
    };
    finds: {
      take(found: Found): boolean;
      score(): Promise<void>;
      pending(): boolean;
      count(): { notice: number; elevated: number; high: number; scanned: number };
      list(): m.Finding[];
      listing(id: number): Listing | null;
      show(id: number): void;
      clear(): void;
    };
    watch: {
      start(): Promise<void>;
      stop(): void;
      ours(change: () => void): void;
      readRoot(root: Element): Found | null;
      state(): { site: string; method: string; drift: boolean; resting: boolean };
    };
    running: boolean;
    /** When this frame's reading began, and when its marks last were complete. */
    times: { began: number; marked: number };
    adapters: Adapter[];
    threshold: m.Settings['threshold'];
    lowProfile: boolean;
    lang: string;
    dir: 'ltr' | 'rtl';
    say(key: string, ...values: (string | number)[]): string;
    send<K extends keyof m.FromContent>(name: K, body: m.Body<m.FromContent, K>): Promise<m.Answer<m.FromContent, K>>;
    alive(): boolean;
    failed(error: unknown): void;
    report(): void;
    stop(): void;
  }

  var lapwing: Lapwing;
}
export {};
