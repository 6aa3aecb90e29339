// What is to be said of lines: in the gutter of the editor, and as a list below it that leads to them.

import { button, byId, element } from "./elements.js";
import { t } from "./texts.js";

const MOST = 20;

/** Mark lines in `editor`; recorded calls are in the gutter alone. */
export function showMarks(editor, marks) {
  editor.mark(marks);
  const listed = marks.filter(each => each.kind !== "call");
  byId("marks").hidden = listed.length === 0;
  byId("marks").replaceChildren(...listed.slice(0, MOST).map(({ line, kind, text }) => {
    const words = element("span", {}, text.split("\n")[0]);
    return element("li", { className: kind }, button(t("line", { line }), () => editor.goTo(line)), words);
  }));
}
