// What the page says, in the language in which it was served; editor/texts.py has the sentences.

const texts = JSON.parse(document.getElementById("texts").textContent);

/** What CodeMirror says itself, by its own English words. */
export const { phrases } = texts;

/** The text called `key`, with `values` in the places of its {placeholders}. */
export function t(key, values = {}) {
  if (!(key in texts)) throw new Error(`there is no text ${key}`);
  return texts[key].replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** A moment as its reader's clock says it: the time today, else the day as well. */
export function moment(time) {
  const date = new Date(time);
  const clock = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
  const today = date.toDateString() === new Date().toDateString();
  return date.toLocaleString(document.documentElement.lang, today ? clock : { day: "numeric", month: "short", ...clock });
}
