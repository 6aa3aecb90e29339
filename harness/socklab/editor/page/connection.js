// Whether the server is there, and what it says of files that have changed. One stream stays open for that while the tab is in
// view: a browser has six connections to a server for all its tabs together, and a tab in the background needs none.

import { Away, Refused, stream } from "./api.js";

/** Milliseconds without a word after which a stream counts as dead: the server says something every 15 s. */
const SILENCE = 40_000;

const SHORTEST = 300;
const LONGEST = 3_000;

/** Tells by events: `here` (again), `away`, `stranger` (the token is none of this server's), and `changed` with what it said. */
export class Connection extends EventTarget {
  #stop = new AbortController();
  #wake = () => {};
  #state = "";

  /** Whether the server wants a token that this page does not have. */
  get isStranger() {
    return this.#state === "stranger";
  }

  /** Whether it answers. */
  get isHere() {
    return this.#state === "here";
  }

  /** Stay connected, for ever. */
  async keep() {
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#stop.abort() : this.#wake()));
    for (let pause = SHORTEST; ; pause = Math.min(LONGEST, pause * 1.6)) {
      if (document.hidden || this.isStranger) await this.#call();
      if (await this.#listen()) pause = SHORTEST;
      if (!document.hidden && this.#state === "away") await Promise.race([this.#call(), after(pause)]);
    }
  }

  /** Try now and not later: there is another token, or somebody asks for it. */
  retry() {
    if (this.#state === "stranger") this.#state = "away";
    this.#stop.abort();
    this.#wake();
  }

  /** Somebody's request had no answer, or the wrong one. */
  failed(error) {
    if (error instanceof Away) this.#become("away");
    else if (error instanceof Refused && error.status === 401) this.#become("stranger");
    else return;
    this.#stop.abort();
  }

  /** Listen until it ends; whether there was anything to be heard. */
  async #listen() {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    let heard = false;
    let alarm = 0;
    const watch = () => {
      clearTimeout(alarm);
      alarm = setTimeout(() => this.#stop.abort(), SILENCE);
    };
    watch();
    try {
      for await (const told of stream("GET", "changes", undefined, signal)) {
        watch();
        if (!heard) this.#become("here");
        heard = true;
        if (told.event === "changed") this.dispatchEvent(new CustomEvent("changed", { detail: told }));
      }
      if (!heard) this.#become("away"); // else it has just lasted long enough: the next one tells
    } catch (error) {
      if (error instanceof Refused && error.status === 401) this.#become("stranger");
      else if (error.name !== "AbortError") this.#become("away");
    } finally {
      clearTimeout(alarm);
    }
    return heard;
  }

  #become(state) {
    const before = this.#state;
    this.#state = state;
    if (state !== before || state === "here") this.dispatchEvent(new Event(state));
  }

  #call() {
    return new Promise(resolve => (this.#wake = resolve));
  }
}

const after = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));
