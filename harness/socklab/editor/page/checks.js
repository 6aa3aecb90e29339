// The checks of an exercise: a small square for each, in an order that never changes, and the same as a list with what can be done.

import { button, byId, element } from "./elements.js";
import { t } from "./texts.js";

const SIGNS = { passed: "✓", failed: "✗", skipped: "–", open: "" };

/** What is known of each check. `deeds`: `only(slug)` and `replay(slug)`. */
export class Checks {
  #rows = new Map();

  constructor(deeds) {
    this.deeds = deeds;
    this.listed = [];
    this.outcomes = {};
  }

  /** Other checks, of which nothing is known but `outcomes`. */
  show(listed, outcomes = {}) {
    this.listed = listed;
    this.outcomes = {};
    this.#rows = new Map(listed.map(check => [check.slug, this.#row(check)]));
    byId("squares").replaceChildren(...[...this.#rows.values()].map(row => row.square));
    byId("checks-list").replaceChildren(...[...this.#rows.values()].map(row => row.item));
    byId("checks-summary").textContent = t("all_checks", { number: listed.length });
    byId("checks").hidden = listed.length === 0;
    for (const check of listed) this.set(check.slug, outcomes[check.slug] ?? "");
  }

  /** Nothing is known of these any more. */
  forget(slugs) {
    for (const slug of slugs) this.set(slug, "");
  }

  /** The check has this outcome. */
  set(slug, outcome) {
    const row = this.#rows.get(slug);
    if (!row) return;
    this.outcomes[slug] = outcome;
    // A bonus that was not earned is no failure.
    const kind = (outcome === "failed" && row.check.bonus ? "skipped" : outcome) || "open";
    row.square.className = row.sign.className = kind;
    row.square.textContent = row.sign.textContent = SIGNS[kind] ?? "!";
    row.said.textContent = kind === "open" ? "" : `${t(`outcome_${outcome}`)}: `;
  }

  /** Buttons for one check. */
  buttons(slug) {
    const row = this.#rows.get(slug);
    if (!row) return [];
    const named = label => ({ "aria-label": `${t(label)}: ${row.check.title}` });
    const made = [button(t("run_only"), () => this.deeds.only(slug), { className: "runs", ...named("run_only") })];
    if (row.check.replayable) made.push(button(t("replay"), () => this.deeds.replay(slug), { className: "runs", ...named("replay") }));
    return made;
  }

  /** What the check is called. */
  title(slug) {
    return this.#rows.get(slug)?.check.title ?? slug;
  }

  #row(check) {
    const square = element("span", { title: check.title });
    const sign = element("span", { "aria-hidden": "true" });
    const said = element("span", { className: "unseen" });
    const worth = check.bonus ? t("bonus") : t("worth", { number: check.points });
    const words = element("span", { className: "title" }, said, check.title, " ", element("span", { className: "worth" }, worth));
    const row = { check, square, sign, said, item: element("li", {}, sign, words) };
    // Buttons by the hundred are made when somebody unfolds the list.
    byId("checks").addEventListener("toggle", () => {
      if (!row.item.querySelector("button")) row.item.append(element("span", { className: "deeds" }, ...this.buttons(check.slug)));
    }, { once: true });
    return row;
  }
}
