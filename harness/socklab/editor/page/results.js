// What came of a run: where it is while it lasts, then the report. The report before stays in its place, dimmed, until there is
// another one, so that nothing jumps.

import { Checks } from "./checks.js";
import { byId, element } from "./elements.js";
import { announce } from "./notices.js";
import { t } from "./texts.js";

const SIGNS = { passed: "✓", failed: "✗", ungradable: "!", "harness-error": "!" };
const PLACE = "socklab-result";

/** Milliseconds at least between two pictures of a run: to draw takes processor time, which the run itself can use better. */
const PERIOD = 80;

/** The results of the file that is open. `deeds`: as for Checks, `all()`, which runs all checks, and `goTo(line)`. */
export class Results {
  #done = 0;
  #running = [];
  #failed = "";
  /** What has been run and is not drawn yet, and the timer until it may be. */
  #ran = [];
  #pause = 0;

  constructor(deeds) {
    this.deeds = deeds;
    this.checks = new Checks(deeds);
    this.report = byId("report");
    linkLines(this.report, deeds.goTo);
  }

  /** Show another file's: what this tab saw of it last. Its marks, if they are about this version of the file. */
  show(key, checks, version) {
    this.key = key;
    this.#ran = [];
    const kept = JSON.parse(sessionStorage.getItem(PLACE + key) ?? "null");
    this.checks.show(checks, kept?.outcomes);
    this.#say("");
    this.report.classList.remove("stale");
    this.report.innerHTML = kept?.html ?? "";
    byId("no-result").hidden = kept !== null;
    if (kept) this.#finish(kept);
    else this.#verdict("", "");
    return kept?.version === version ? kept.marks : [];
  }

  /** So many others come before it. */
  queued(ahead) {
    this.#verdict("running", ahead ? t("queued", { number: ahead }) : t("getting_ready"));
  }

  /** It is under way, or waits to be. `only`: the checks that were asked for, if not all. */
  begin(only) {
    this.only = only;
    this.#done = 0;
    this.#running = [];
    this.#ran = [];
    this.report.classList.add("stale");
    this.report.ariaBusy = "true";
    byId("no-result").hidden = true;
    this.#say("");
    this.queued(0);
    announce(t("running"));
  }

  /** An event of a run. */
  tell(told) {
    if (told.event === "ran") {
      this.#ran.push(told);
      return this.#soon();
    }
    this.#draw();
    if (told.event === "queued") this.queued(told.ahead);
    if (told.event === "begun") {
      this.#running = told.checks;
      this.#done = 0;
      this.#failed = "";
      this.checks.forget(this.only ?? Object.keys(this.checks.outcomes));
      this.#count();
    }
    if (told.event === "report") this.#reported(told);
    if (told.event === "error") this.#broken(told.message);
  }

  /** It has ended; whether it did by being stopped. */
  end(stopped) {
    this.#draw();
    this.report.ariaBusy = "false";
    if (!stopped) return;
    this.#verdict("stopped", t("stopped"));
    this.#say(this.#running.length ? t("stopped_at", { number: this.#done, total: this.#running.length }) : "");
    announce(t("stopped"));
  }

  /** All is passed: this link leads to what comes next. */
  goOn(link) {
    byId("said").append(" ", link);
  }

  /** There is no result, for this reason. */
  fail(message) {
    this.#broken(message);
    this.report.ariaBusy = "false";
  }

  /** Draw what has been run: now, if the last picture has stood for long enough. */
  #soon() {
    if (this.#pause || !this.#ran.length) return;
    this.#draw();
    this.#pause = setTimeout(() => { this.#pause = 0; this.#soon(); }, PERIOD);
  }

  #draw() {
    if (!this.#ran.length) return;
    for (const { slug, outcome } of this.#ran) {
      this.checks.set(slug, outcome);
      this.#done++;
      if (outcome !== "failed" || this.#failed || this.#running.find(each => each.slug === slug)?.bonus) continue;
      this.#failed = slug;
      this.#say(`✗ ${this.checks.title(slug)}`);
    }
    this.#ran = [];
    this.#count();
  }

  #count() {
    this.#verdict("running", t("checks_done", { number: this.#done, total: this.#running.length }));
  }

  #reported({ report, html, marks, version }) {
    this.report.classList.remove("stale");
    this.report.innerHTML = html;
    byId("result").scrollTop = 0;
    const { outcome, points, possible, bonus_points: bonus, seconds, to_fix: fix } = report;
    const kept = { html, marks, version, outcome, points, possible, bonus, seconds, only: this.only, fix: fix[0] };
    if (outcome !== "passed" && outcome !== "failed") this.checks.forget(Object.keys(this.checks.outcomes));
    this.#finish(kept);
    try {
      sessionStorage.setItem(PLACE + this.key, JSON.stringify({ ...kept, outcomes: this.checks.outcomes }));
    } catch { /* too large: then it does not outlive a reload */ }
    const first = kept.fix ? ` ${t("first_to_fix", { title: this.checks.title(kept.fix) })}` : "";
    announce(`${byId("verdict").textContent}.${first}`);
  }

  /** Dress a report that has just been put in place. */
  #finish(kept) {
    const counted = kept.outcome === "passed" || kept.outcome === "failed";
    const words = [t(`outcome_${kept.outcome}`)];
    if (counted) words.push(t("points", { number: kept.points, total: kept.possible }));
    this.#verdict(kept.outcome, words.join(" · "));
    // The first sentence of the report takes the place of what was said meanwhile.
    this.#say(this.report.querySelector(".verdict:is(.passed, .failed) > p:not(.outcome)") ?? "");
    if (kept.only) {
      const all = element("button", { type: "button", className: "runs" }, t("run_all"));
      all.addEventListener("click", () => this.deeds.all());
      byId("said").replaceChildren(t("only_these"), " ", all);
    }
    for (const card of this.report.querySelectorAll("[data-check]")) {
      const buttons = this.checks.buttons(card.dataset.check);
      if (buttons.length) card.append(element("p", { className: "deeds" }, ...buttons));
    }
    for (const part of this.report.querySelectorAll(".code .row[data-line]")) part.title = t("go_to_line", { line: part.dataset.line });
  }

  #broken(message) {
    this.#verdict("harness-error", t("no_result"));
    this.report.classList.remove("stale");
    this.report.replaceChildren(element("p", { className: "broken" }, message));
    announce(message);
  }

  #verdict(kind, words) {
    const place = byId("verdict");
    place.className = kind;
    place.replaceChildren(...(kind in SIGNS ? [element("span", { className: "sign", "aria-hidden": "true" }, SIGNS[kind])] : []), words);
    this.deeds.verdict(SIGNS[kind] ?? "");
  }

  #say(words) {
    byId("said").replaceChildren(words);
  }
}

/** A call and the line that made it mark one another when one of them is pointed at; from there one comes to the editor. */
function linkLines(report, goTo) {
  let linked = [];
  const link = event => {
    for (const each of linked) each.classList.remove("linked");
    const at = event.target.closest?.("[data-line]");
    const around = at?.closest(".evidence");
    linked = around ? [...around.querySelectorAll(`[data-line="${at.dataset.line}"]`)] : [];
    for (const each of linked) each.classList.add("linked");
  };
  for (const name of ["pointerover", "pointerleave", "focusin", "focusout"]) report.addEventListener(name, link);
  const go = event => {
    const line = event.target.closest("[data-line]")?.dataset.line;
    if (line) goTo(Number(line));
  };
  report.addEventListener("click", go);
  report.addEventListener("keydown", event => event.key === "Enter" && event.target.matches("[data-line]") && go(event));
}
