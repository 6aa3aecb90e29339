// Other tabs with pages of the same server. Whoever opens the address of a server that was started anew need do so in one tab only:
// the others are given the token. A channel reaches pages of this
// very origin, and nobody else; of those below another prefix we want nothing.

import { theToken, useToken } from "./api.js";

/** What the tabs tell one another. */
export class Siblings {
  #channel = new BroadcastChannel(`socklab ${new URL(".", document.baseURI).pathname}`);

  constructor(connection) {
    this.#channel.addEventListener("message", ({ data }) => {
      if (data.ask && connection.isHere) this.tell();
      if (!data.token || !connection.isStranger || data.token === theToken()) return;
      useToken(data.token);
      connection.retry();
    });
  }

  /** Our token is the right one. */
  tell() {
    this.#channel.postMessage({ token: theToken() });
  }

  /** Does somebody know the right one? */
  ask() {
    this.#channel.postMessage({ ask: true });
  }
}
