// The editor, behind one interface: CodeMirror, or a plain field where its modules are missing.
//
// An editor has: `text`; `show(text, lang, label)`, another file, without a past; `replace(text)`, which can be undone; `mark(marks)`;
// `goTo(line)`; `focus()`; and `rich`, whether it is the real one. It says what is typed by calling `typed(text)`.

/** An editor in `parent`. */
export async function makeEditor(parent, typed) {
  try {
    const { RichEditor } = await import("./codemirror.js");
    return new RichEditor(parent, typed);
  } catch (error) {
    console.info(`the plain editor is used: ${error.message}`);
    const { PlainEditor } = await import("./plain.js");
    return new PlainEditor(parent, typed);
  }
}

/** What has to be replaced to make `before` into `after`: from, to, and by what. Small, so that the cursor stays where it is. */
export function change(before, after) {
  const most = Math.min(before.length, after.length);
  let from = 0;
  while (from < most && before[from] === after[from]) from++;
  let same = 0;
  while (same < most - from && before[before.length - 1 - same] === after[after.length - 1 - same]) same++;
  return { from, to: before.length - same, insert: after.slice(from, after.length - same) };
}
