"use strict";
// Sorts the matrix by any column and finds students in it. Rows are moved, never made anew. To move thousands at once would take a
// breath, so those that are seen go first, and the others follow in portions.
{
  const FIRST = 36;
  const PORTION = 300;

  const table = document.querySelector(".box table");
  const box = table.parentElement;
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const [find, field, told] = ["p.find", ".find input", ".find output"].map(each => document.querySelector(each));
  const letters = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const states = ["harness-error", "ungradable", "refused", "missing", "failed", "passed"];
  const outcomes = ["✗", "○", "–", "✓"];
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  let rows = [...body.rows];
  let run = 0;

  // What a row is sorted by; null where there is nothing, which comes last whichever way round.
  const keys = [
    row => row.childNodes[0].textContent,
    row => states.indexOf(row.childNodes[1].className),
    row => { const points = parseFloat(row.childNodes[2].textContent); return isNaN(points) ? null : points; },
  ];
  const outcome = at => row => { const found = outcomes.indexOf(row.childNodes[at].textContent.trim()); return found < 0 ? null : found; };

  function sort(at) {
    const before = heads[at].getAttribute("aria-sort");
    const up = before ? before === "descending" : at !== 2;
    const key = keys[at] ?? outcome(at);
    const compare = at ? (one, other) => one - other : letters.compare;
    const pairs = rows.map(row => [key(row), row]);
    pairs.sort(([one], [other]) =>
      one === null || other === null ? (one === null) - (other === null) : compare(one, other) * (up ? 1 : -1));
    rows = pairs.map(([, row]) => row);
    place(++run);
    for (const head of heads) head.removeAttribute("aria-sort");
    heads[at].setAttribute("aria-sort", up ? "ascending" : "descending");
    told.textContent = filled(table.dataset.sorted, { column: heads[at].textContent.trim() });
  }

  // Bring the rows into their order, as long as no other run has begun.
  function place(mine) {
    let end = 0;
    for (let seen = 0; end < rows.length && seen < FIRST; end++) seen += !rows[end].hidden;
    body.prepend(...rows.slice(0, end));
    box.scrollTop = 0;
    table.setAttribute("aria-busy", "true");
    const more = () => {
      if (mine !== run) return;
      if (end < rows.length) {
        rows[end - 1].after(...rows.slice(end, end += PORTION));
        setTimeout(more);
      } else table.removeAttribute("aria-busy");
    };
    requestAnimationFrame(() => setTimeout(more));
  }

  heads.forEach((head, at) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sort(at));
    head.append(button);
  });

  const plain = text => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  let names = null;
  field.addEventListener("input", () => {
    names ??= new Map(rows.map(row => [row, plain(row.childNodes[0].textContent)]));
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    let number = 0;
    for (const row of rows) {
      row.hidden = !words.every(word => names.get(row).includes(word));
      number += !row.hidden;
    }
    told.textContent = words.length ? filled(table.dataset.found, { number, total: rows.length }) : "";
  });
  find.hidden = false;
}
