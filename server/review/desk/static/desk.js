// SPDX-License-Identifier: Apache-2.0

// Keys for everything. All of it works without this script, too.

'use strict';

{
  const rows = [...document.querySelectorAll('table.rows a.open')];
  let at = -1;

  /** @param {number} to */
  const go = (to) => {
    if (rows.length === 0) return;
    at = Math.min(Math.max(to, 0), rows.length - 1);
    rows.forEach((a, i) => a.closest('tr').classList.toggle('here', i === at));
    rows[at].focus();
  };

  /** @param {string} id */
  const press = (id) => document.getElementById(id)?.click();

  const keys = {
    j: () => go(at + 1),
    k: () => go(at - 1),
    s: () => {
      const cover = document.getElementById('text');
      if (cover) cover.open = !cover.open;
    },
    c: () => press('confirm'),
    r: () => press('reject'),
    u: () => press('undo'),
    n: () => press('next'),
    q: () => location.assign('/queue'),
    '/': () => {
      const search = document.getElementById('search');
      if (search) search.focus();
      else location.assign('/queue');
    },
  };

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target instanceof Element && event.target.closest('input, select, textarea')) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
