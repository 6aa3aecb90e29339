// Bars above the code, for what the learner has to know or decide. Each has a name, and there is one of a name at a time.

import { button, byId, element } from "./elements.js";

/** Show a notice. `deeds`: pairs of a label and what is then done; `urgent`: read out at once; `more`: elements between the two. */
export function notice(name, text, deeds = [], { urgent = false, more = [] } = {}) {
  const before = byId("notices").querySelector(`[data-name="${name}"]`);
  const bar = before ?? element("div", { className: "notice", "data-name": name });
  bar.classList.toggle("urgent", urgent);
  const buttons = deeds.map(([label, deed]) => button(label, deed));
  // The role has to be there before the words, or they are not read out.
  bar.setAttribute("role", urgent ? "alert" : "status");
  if (!before) byId("notices").append(bar);
  bar.replaceChildren(element("p", {}, text), ...more, element("p", { className: "deeds" }, ...buttons));
}

/** Take it away. */
export function unsay(name) {
  byId("notices").querySelector(`[data-name="${name}"]`)?.remove();
}

/** Say it to those who hear the page; others see it anyway. */
export function announce(text) {
  byId("announce").textContent = text;
}
