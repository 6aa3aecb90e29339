// Statement, code, result and attempts. Where there is room the code stands beside the others and has no tab; on a narrow screen one
// of them is seen at a time. Arrow keys go from tab to tab, as the ARIA practices for tabs have it.

import { byId } from "./elements.js";

const wide = matchMedia("(min-width: 56rem)");
const NAMES = ["statement", "code", "result", "attempts"];

let chosen = "statement";
let beside = "statement";

const tab = name => byId(`tab-${name}`);
const shown = () => NAMES.filter(name => !(wide.matches && name === "code"));

/** Show this one. */
export function show(name) {
  chosen = name;
  if (name !== "code") beside = name;
  draw();
}

function draw() {
  const selected = wide.matches ? beside : chosen;
  for (const name of NAMES) {
    const apart = wide.matches && name === "code";
    tab(name).hidden = apart;
    tab(name).ariaSelected = name === selected;
    tab(name).tabIndex = name === selected ? 0 : -1;
    byId(name).hidden = !apart && name !== selected;
    byId(name).setAttribute("role", apart ? "region" : "tabpanel");
  }
}

/** Show it and put the focus on its tab, or into `part` of it. */
export function visit(name, part = tab(name)) {
  show(name);
  part.focus();
}

byId("tabs").addEventListener("click", event => {
  const name = event.target.closest("[role=tab]")?.getAttribute("aria-controls");
  if (name) show(name);
});

byId("tabs").addEventListener("keydown", event => {
  const names = shown();
  const at = names.indexOf(event.target.getAttribute("aria-controls"));
  const next = {
    ArrowRight: (at + 1) % names.length, ArrowLeft: (at + names.length - 1) % names.length, Home: 0, End: names.length - 1,
  }[event.key];
  if (at < 0 || next === undefined) return;
  event.preventDefault();
  visit(names[next]);
});

wide.addEventListener("change", draw);
draw();
