// A textarea, with all that the page needs of an editor. Marks are seen in the list below it alone.

import { change } from "./editor.js";
import { element } from "./elements.js";

/** See editor.js. */
export class PlainEditor {
  rich = false;

  constructor(parent, typed) {
    this.field = element("textarea", { spellcheck: false, autocomplete: "off", autocapitalize: "off", wrap: "off" });
    this.field.addEventListener("input", () => typed(this.text));
    this.typed = typed;
    parent.replaceChildren(this.field);
  }

  get text() {
    return this.field.value;
  }

  show(text, lang, label) {
    this.field.value = text;
    this.field.setAttribute("aria-label", label);
    this.field.setSelectionRange(0, 0);
  }

  replace(text) {
    if (text === this.text) return;
    const { from, to, insert } = change(this.text, text);
    const [active, { selectionStart, scrollTop }] = [document.activeElement, this.field];
    this.field.focus();
    this.field.setSelectionRange(from, to);
    // Deprecated, and the only way that the field's own undo knows of.
    if (!document.execCommand(insert ? "insertText" : "delete", false, insert)) this.field.setRangeText(insert);
    const at = selectionStart <= from ? selectionStart : from + insert.length;
    this.field.setSelectionRange(at, at);
    this.field.scrollTop = scrollTop;
    active?.focus();
  }

  mark() {}

  goTo(line) {
    const before = this.text.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    const end = this.text.indexOf("\n", before);
    this.field.focus();
    this.field.setSelectionRange(before, end < 0 ? this.text.length : end);
  }

  focus() {
    this.field.focus();
  }
}
