// Something that the server does for us and tells as it happens: a run, or a replay. It can be stopped at any time.

import { post, stream } from "./api.js";

/** Milliseconds that the server has to stop it before we hang up, which stops it as well. */
const PATIENCE = 5_000;

/** One job; `events` begins it. */
export class Job {
  #line = new AbortController();
  #id = "";
  #stopping = false;

  /** What happens, as it happens; it ends with an `ended`, also if it was stopped. */
  async *events(path, body) {
    const leave = () => this.#id && post(`runs/${this.#id}/stop`, {}, true).catch(() => {});
    // A proxy between us may not tell the server that the page is gone.
    addEventListener("pagehide", leave);
    try {
      for await (const told of stream("POST", path, body, this.#line.signal)) {
        this.#id ||= told.id ?? "";
        yield told;
      }
    } catch (error) {
      if (error.name !== "AbortError") throw error;
      yield { event: "ended", how: "stopped" };
    } finally {
      removeEventListener("pagehide", leave);
    }
  }

  /** Stop it; the second time without patience. */
  async stop() {
    if (!this.#id || this.#stopping) return this.#line.abort();
    this.#stopping = true;
    setTimeout(() => this.#line.abort(), PATIENCE);
    return post(`runs/${this.#id}/stop`, {}).catch(() => this.#line.abort());
  }
}
