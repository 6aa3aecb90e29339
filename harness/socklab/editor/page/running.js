// Run, Stop and Replay: one job of this page at a time.

import { Away } from "./api.js";
import { byId, element, open } from "./elements.js";
import { Job } from "./job.js";
import { announce } from "./notices.js";
import { t } from "./texts.js";

/** Tells by events: `graded` (with the report's event), and `failed` with an error of the connection. */
export class Running extends EventTarget {
  #job = null;

  constructor(results) {
    super();
    this.results = results;
    byId("replay").addEventListener("close", () => this.stop());
    byId("replay-stop").addEventListener("click", () => this.stop());
  }

  get busy() {
    return this.#job !== null;
  }

  /** Run `file`, all of its checks or `only` some. Fulfilled when it has ended. */
  async run(file, only) {
    const body = { exercise: file.slug, lang: file.lang, text: file.text, base: file.base, ...(only && { only }) };
    this.results.begin(only);
    await this.#do("runs", body, told => {
      if (told.event === "ended") return this.results.end(told.how === "stopped");
      this.results.tell(told);
      if (told.event === "report") this.dispatchEvent(new CustomEvent("graded", { detail: told }));
    }, error => this.results.fail(error instanceof Away ? t("away_while_running") : error.message));
  }

  /** Tell what happens in one check. Fulfilled when it has ended. */
  async replay(file, check, title) {
    const log = byId("replay-log");
    log.textContent = "";
    byId("replay-title").textContent = t("replay_of", { title });
    const say = text => (byId("replay-state").textContent = text);
    say(t("getting_ready"));
    byId("replay-stop").disabled = false;
    open(byId("replay"));
    await this.#do("replays", { exercise: file.slug, lang: file.lang, check }, told => {
      if (told.event === "queued") say(told.ahead ? t("queued", { number: told.ahead }) : t("getting_ready"));
      if (told.event === "started") say(t("running"));
      if (told.event === "line") log.append(`${told.text}\n`);
      if (told.event === "error") log.append(element("p", { className: "broken" }, told.message));
      if (told.event === "ended") say(t(told.how === "stopped" ? "stopped" : "replay_ended"));
    }, error => say(error instanceof Away ? t("away_while_running") : error.message));
    byId("replay-stop").disabled = true;
    announce(byId("replay-state").textContent);
  }

  /** Stop whatever is under way. */
  stop() {
    return this.#job?.stop();
  }

  async #do(path, body, tell, fail) {
    const job = (this.#job = new Job());
    this.#show();
    let ended = false;
    try {
      for await (const told of job.events(path, body)) {
        ended ||= told.event === "ended";
        tell(told);
      }
      if (!ended) throw new Away();
    } catch (error) {
      fail(error);
      this.dispatchEvent(new CustomEvent("failed", { detail: error }));
    } finally {
      this.#job = null;
      this.#show();
    }
  }

  #show() {
    byId("run").disabled = this.busy;
    byId("stop").disabled = !this.busy;
    document.body.classList.toggle("busy", this.busy);
  }
}
