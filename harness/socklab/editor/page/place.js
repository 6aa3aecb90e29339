// Where the page is: `#exercise/language` in its address. A token that came with the address is taken out of it at once, so that
// it stays neither in the history nor in what somebody copies.

import { useToken } from "./api.js";

/** Take the token out of an address such as the server prints; whether there was one. */
export function takeToken(address) {
  const found = /#token=([\w.~-]+)/.exec(address);
  if (found) useToken(found[1]);
  return found !== null;
}

/** The exercise and the language of the page's address; empty where it names none. */
export function here() {
  const [slug = "", lang = ""] = location.hash.slice(1).split("/");
  return { slug, lang };
}

/** The part of an address that leads to an exercise, in a language. */
export const leadingTo = (slug, lang) => `#${slug}/${lang}`;

/** Say in the address where the page is, without a step for the Back button. */
export const settle = (slug, lang) => history.replaceState(null, "", slug ? leadingTo(slug, lang) : location.pathname);
