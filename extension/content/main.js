// SPDX-License-Identifier: Apache-2.0

// Begins and ends the work in one frame: asks the worker whether to read, reads,
// answers the popup, and steps aside when the extension was updated or removed.

(() => {
  const { api, finds, panel, slices, watch } = lapwing;

  lapwing.running = false;
  lapwing.adapters = [];
  lapwing.threshold = 'notice';
  lapwing.lowProfile = false;
  lapwing.lang = 'en';
  lapwing.dir = 'ltr';

  /** @type {Record<string, string> | null} */
  let words = null;

  lapwing.say = (key, ...values) => {
    const text = words?.[key] ?? api.i18n.getMessage(key);
    return values.reduce((/** @type {string} */ s, v, i) => s.replaceAll(`{${i + 1}}`, String(v)), text || key);
  };

  lapwing.send = async (name, body) => {
    const message = { name, body };
    // A worker that the browser is just ending loses what it was asked; the next one answers.
    const answer = (await api.runtime.sendMessage(message).catch(() => null)) ?? await api.runtime.sendMessage(message);
    if (!answer?.ok) throw new Error(answer?.error ?? 'no answer');
    return answer.value;
  };

  /** Whether the extension that put these scripts here is still there; if not, nothing of ours stays. */
  lapwing.alive = () => {
    let there = false;
    try { there = Boolean(api.runtime?.id); } catch { /* the context is gone */ }
    if (!there && lapwing.running) lapwing.stop();
    return there && lapwing.running;
  };

  /** What goes wrong must not disturb the page. @param {unknown} error */
  lapwing.failed = (error) => {
    if (lapwing.alive()) console.debug('Lapwing:', error);
  };

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let reporting;

  lapwing.report = () => {
    clearTimeout(reporting);
    reporting = setTimeout(() => {
      if (lapwing.alive()) lapwing.send('found', { ...finds.count(), ...watch.state(), busy: slices.busy() }).catch(lapwing.failed);
    }, 60);
  };

  /** Frames that nobody reads anything in: trackers, pixels, small adverts. */
  const isTiny = () => window !== window.top && (innerWidth < 200 || innerHeight < 120);

  async function begin() {
    if (lapwing.running) return;
    lapwing.times = { began: performance.now(), marked: 0 };
    const hello = await lapwing.send('hello', { url: location.href });
    if (!hello.on) return;
    words = hello.words;
    Object.assign(lapwing, { running: true, adapters: hello.adapters, threshold: hello.threshold, lowProfile: hello.lowProfile, lang: hello.lang, dir: hello.dir });
    checking = setInterval(lapwing.alive, 3000);
    await watch.start();
  }

  /** @type {ReturnType<typeof setInterval> | undefined} */
  let checking;

  function end() {
    lapwing.running = false;
    clearInterval(checking);
    clearTimeout(reporting);
    watch.stop();
    finds.clear();
  }

  lapwing.stop = () => {
    end();
    try { panel.close(); } catch { /* the browser's interface is gone with the extension */ }
    slices.stop();
    try { api.runtime.onMessage.removeListener(onMessage); } catch { /* likewise */ }
  };

  async function again() {
    end();
    await begin();
    lapwing.report();
  }

  /** @type {Record<string, (body: any) => unknown>} */
  const handlers = {
    changed: () => { again().catch(lapwing.failed); return null; },
    findings: () => finds.list(),
    listing: ({ id }) => finds.listing(id),
    show: ({ id }) => { finds.show(id); return null; },
    page: () => whole(),
  };

  /** What is selected, or else what the page says, for somebody who wants to report it. */
  function whole() {
    const url = new URL(location.href), lang = lapwing.extract.language(document);
    const main = lapwing.generic.main(document, url, lang)?.listing;
    const selected = String(getSelection() ?? '').trim();
    if (!selected) return main ?? null;
    return { ...lapwing.adapter.empty('', lang), title: document.title, body: selected, url: url.href };
  }

  /** @param {any} message @param {chrome.runtime.MessageSender} sender @param {(answer: unknown) => void} respond */
  function onMessage(message, sender, respond) {
    if (sender.id !== api.runtime.id || !Object.hasOwn(handlers, message?.name)) return false;
    respond(handlers[message.name](message.body ?? {}));
    return false;
  }

  /** Marks of a version before this one cannot be pressed any more. */
  function sweep() {
    const { dom } = lapwing;
    for (const el of dom.all(document, '*')) {
      if (/^[a-z]{5}-[a-z]{6}$/.test(dom.name(el)) && dom.shadow(el)?.querySelector('button[aria-haspopup="dialog"] > .icon')) el.remove();
    }
  }

  if (!isTiny()) {
    api.runtime.onMessage.addListener(onMessage);
    addEventListener('pageshow', (event) => { if (event.persisted) lapwing.alive(); });
    sweep();
    begin().catch(lapwing.failed);
  }
})();
