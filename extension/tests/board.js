// SPDX-License-Identifier: Apache-2.0

// A board of invented adverts on the loopback interface, in all the shapes that
// make trouble: strict policies, endless lists, pages that redraw themselves,
// shadow roots, frames, and a page that means harm. It remembers every request.

import { createServer } from 'node:http';

/** An advert that several families of the list speak of. */
export const BAD = {
  title: 'Hostess wanted abroad, start at once',
  body: 'No experience needed. We pay your flight and visa, and you work off the cost before you are paid. The agency keeps your passport during the contract. ' +
    'Write on Telegram only. Do not tell your family before you arrive.',
};

/** An advert that nothing should be said of. */
export const GOOD = {
  title: 'Kitchen assistant, day shift',
  body: 'Restaurant in the old town looks for a kitchen assistant, thirty hours a week, written contract from the first day. Please come by in the afternoon.',
};

const FILLER = 'The house stands near the park and the tram stops at the corner, and the neighbours are quiet people who water the plants. ';

/** @param {number} i @param {number} size */
function advert(i, size) {
  const { title, body } = i % 5 === 0 ? BAD : GOOD;
  const rest = FILLER.repeat(Math.max(0, Math.ceil((size - body.length) / FILLER.length))).slice(0, Math.max(0, size - body.length));
  return { title: `${title} (${i})`, body: `${body} ${rest}` };
}

/** @param {number} i @param {number} [size] */
export function card(i, size = 300) {
  const a = advert(i, size);
  return `<li class="card"><h3><a href="/advert/${i}">${a.title}</a></h3><p>${a.body}</p></li>`;
}

/** @param {string} body @param {string} [head] */
const page = (body, head = '') => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Invented board</title><link rel="icon" href="data:,">${head}</head><body>${body}</body></html>`;

/** @param {number} n @param {number} size */
const list = (n, size) => `<h1>Adverts</h1><ul id="list">${Array.from({ length: n }, (_, i) => card(i, size)).join('')}</ul>`;

const SCROLL = `let next = Number(new URL(location).searchParams.get('from') ?? 20);
const list = document.getElementById('list');
window.more = async (n) => { const t = await (await fetch('/cards?from=' + next + '&n=' + n)).text(); next += n;
  const holder = document.createElement('template'); holder.innerHTML = t; list.append(holder.content); };
window.trim = (keep) => { while (list.children.length > keep) list.firstElementChild.remove(); };
addEventListener('scroll', () => { if (innerHeight + scrollY > document.body.scrollHeight - 400 && next < 60) more(10); });`;

const SPA = `const views = { '/spa': ${JSON.stringify(list(6, 200))}, '/spa/one': ${JSON.stringify(`<main><h1>${BAD.title}</h1><p>${BAD.body}</p></main>`)},
 '/spa/two': ${JSON.stringify(`<main><h1>${GOOD.title}</h1><p>${GOOD.body}</p></main>`)} };
window.go = (path) => { history.pushState({}, '', path); document.getElementById('app').innerHTML = views[path]; };
addEventListener('popstate', () => { document.getElementById('app').innerHTML = views[location.pathname] ?? ''; });`;

const SHADOW = `class AdCard extends HTMLElement { connectedCallback() { const i = Number(this.getAttribute('n'));
 const root = this.attachShadow({ mode: i % 2 ? 'open' : 'closed' }); const t = document.createElement('template');
 t.innerHTML = this.getAttribute('html'); root.append(t.content); } }
customElements.define('ad-card', AdCard);`;

/** @param {string} s */
const escaped = (s) => s.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

const HOSTILE = `
Object.prototype.why = 'tampered'; Array.prototype.map = () => { throw new Error('tampered'); };
Node.prototype.insertBefore = function () { throw new Error('tampered'); }; Element.prototype.attachShadow = () => { throw new Error('tampered'); };
document.querySelectorAll = () => []; window.MutationObserver = null; JSON.parse = () => { throw new Error('tampered'); };
for (const name of ['hello', 'score', 'explain', 'mute', 'erase', 'set', 'changed']) { window.postMessage({ name, body: { listings: [], consent: false } }, '*'); }
try { chrome.runtime.sendMessage('whatever', { name: 'erase', body: {} }); } catch {}
window.stolen = []; const real = EventTarget.prototype.dispatchEvent;
setInterval(() => { for (const el of document.getElementsByTagName('*')) if (/^[a-z]{5}-[a-z]{6}$/.test(el.localName)) { el.click(); if (el.shadowRoot) window.stolen.push(el.shadowRoot.textContent); } }, 100);
const noise = document.getElementById('noise'); let k = 0;
const spin = () => { noise.textContent = 'changed ' + k++; const d = document.createElement('div'); d.innerHTML = '<b>' + k + '</b>'; noise.append(d); requestAnimationFrame(spin); };
spin();`;

function hostile() {
  const giant = Array.from({ length: 20000 }, (_, i) => `<i id="g${i}"></i>`).join('');
  const markup = `<li class="card"><h3><a href="/advert/x">&lt;img src=x onerror=&quot;window.pwned=1&quot;&gt; ${BAD.title}</a></h3><p>&lt;script&gt;window.pwned = 1&lt;/script&gt; ${BAD.body}</p></li>`;
  const traps = '<form id="f"><input name="childNodes"><input name="firstChild"><input name="nextSibling"><input name="nodeType"><input name="querySelectorAll"></form><img name="body" alt=""><img name="documentElement" alt="">';
  return page(`${traps}<div id="noise"></div><ul id="list">${markup}${Array.from({ length: 9 }, (_, i) => card(i + 1)).join('')}</ul><div hidden>${giant}</div><script>${HOSTILE}</script>`);
}

const TICKER = "<p id=t>0</p><script>let n=0;const f=()=>{document.getElementById('t').textContent=n++;const b=document.createElement('b');b.textContent=n;document.body.append(b);if(document.body.children.length>40)b.previousSibling.remove();requestAnimationFrame(f)};f()</script>";

/** @type {Record<string, (url: URL) => string>} */
const ROUTES = {
  '/list': (u) => page(list(Number(u.searchParams.get('n') ?? 10), Number(u.searchParams.get('size') ?? 300))),
  '/quiet': () => page(`<h1>Adverts</h1><ul>${Array.from({ length: 10 }, (_, i) => card(i * 5 + 1)).join('')}</ul>`),
  '/cards': (u) => Array.from({ length: Number(u.searchParams.get('n')) }, (_, i) => card(i + Number(u.searchParams.get('from')))).join(''),
  '/scroll': () => page(`${list(20, 300)}<script>${SCROLL}</script>`),
  '/spa': () => page(`<div id="app">${list(6, 200)}</div><script>${SPA}</script>`),
  '/shadow': () => page(`<h1>Adverts</h1><div>${Array.from({ length: 8 }, (_, i) => `<ad-card n="${i}" html="${escaped(card(i))}"></ad-card>`).join('')}</div><script>${SHADOW}</script>`),
  '/frames': () => page('<h1>Board in a frame</h1><iframe src="/list?n=10" width="800" height="600"></iframe><iframe src="/list?n=10" width="1" height="1"></iframe>'),
  '/busy': () => page('<h1>Nothing to sell</h1><p>A page with a frame that never rests.</p><iframe src="/ticker" width="400" height="300"></iframe>'),
  '/ticker': () => page(TICKER),
  '/one': () => page(`<main><h1>${BAD.title}</h1><p>${BAD.body}</p></main>`),
  '/hostile': hostile,
};

/** @returns {Promise<{url: string, requests: string[], close: () => Promise<void>}>} */
export async function board() {
  /** @type {string[]} */
  const requests = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const url = new URL(request.url ?? '/', 'http://board');
    const strict = url.pathname.startsWith('/strict');
    const make = ROUTES[strict ? '/list' : url.pathname];
    if (!make) { response.writeHead(404).end(); return; }
    const headers = { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' };
    response.writeHead(200, strict ? { ...headers, 'Content-Security-Policy': "default-src 'none'; img-src data:; sandbox allow-scripts allow-same-origin" } : headers);
    response.end(make(url));
  });
  await new Promise((done) => { server.listen(0, '127.0.0.1', () => done(null)); });
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: () => new Promise((done) => { server.closeAllConnections(); server.close(() => done()); }),
  };
}
