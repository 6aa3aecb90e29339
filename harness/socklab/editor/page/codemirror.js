// CodeMirror 6, put together from its modules in the package.

import { defaultKeymap, history, historyKeymap, indentWithTab, isolateHistory } from "../assets/@codemirror/commands.js";
import { cpp } from "../assets/@codemirror/lang-cpp.js";
import { python } from "../assets/@codemirror/lang-python.js";
import {
  bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting,
} from "../assets/@codemirror/language.js";
import { highlightSelectionMatches, searchKeymap } from "../assets/@codemirror/search.js";
import { EditorState, RangeSet, StateEffect, StateField } from "../assets/@codemirror/state.js";
import {
  Decoration, drawSelection, EditorView, gutter, GutterMarker, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers,
} from "../assets/@codemirror/view.js";
import { tags } from "../assets/@lezer/highlight.js";
import { change } from "./editor.js";
import { phrases } from "./texts.js";

const LANGUAGES = { c: cpp, python };

/** The kinds of marks, the weightiest first, each with its sign. */
const SIGNS = { error: "✗", mistake: "●", warning: "!", call: "›" };

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier, tags.operatorKeyword, tags.controlKeyword], color: "var(--code-keyword)" },
  { tag: [tags.typeName, tags.className, tags.namespace], color: "var(--code-type)" },
  { tag: [tags.string, tags.character, tags.special(tags.string)], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null, tags.self], color: "var(--code-number)" },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], color: "var(--code-function)" },
  { tag: [tags.processingInstruction, tags.meta, tags.macroName], color: "var(--code-meta)" },
  { tag: tags.comment, color: "var(--quiet)", fontStyle: "italic" },
]);

class Sign extends GutterMarker {
  constructor(kind, text) {
    super();
    this.kind = kind;
    this.text = text;
  }

  eq(other) {
    return this.kind === other.kind && this.text === other.text;
  }

  toDOM() {
    const sign = document.createElement("span");
    sign.className = `mark-sign ${this.kind}`;
    sign.textContent = SIGNS[this.kind];
    sign.title = this.text;
    return sign;
  }
}

const setMarks = StateEffect.define();

/** The marks as {signs, lines}; they move with the text. */
const marked = StateField.define({
  create: () => ({ signs: RangeSet.empty, lines: Decoration.none }),
  update({ signs, lines }, transaction) {
    const news = transaction.effects.find(effect => effect.is(setMarks));
    if (news) return marksOf(transaction.state.doc, news.value);
    return { signs: signs.map(transaction.changes), lines: lines.map(transaction.changes) };
  },
  provide: field => EditorView.decorations.from(field, each => each.lines),
});

function marksOf(doc, marks) {
  const kinds = Object.keys(SIGNS);
  const byLine = Map.groupBy(marks.filter(({ line }) => line >= 1 && line <= doc.lines), ({ line }) => line);
  const signs = [];
  const lines = [];
  for (const [line, all] of [...byLine].sort(([one], [other]) => one - other)) {
    all.sort((one, other) => kinds.indexOf(one.kind) - kinds.indexOf(other.kind));
    const { from } = doc.line(line);
    signs.push(new Sign(all[0].kind, [...new Set(all.map(each => each.text))].join("\n")).range(from));
    lines.push(Decoration.line({ class: `marked-line ${all[0].kind}` }).range(from));
  }
  return { signs: RangeSet.of(signs), lines: Decoration.set(lines) };
}

/** See editor.js. */
export class RichEditor {
  rich = true;
  #told = "";

  constructor(parent, typed) {
    this.parent = parent;
    this.typed = typed;
  }

  get text() {
    return this.view.state.doc.toString();
  }

  show(text, lang, label) {
    this.#told = text;
    const state = EditorState.create({ doc: text, extensions: this.#extensions(lang, label) });
    if (this.view) this.view.setState(state);
    else this.view = new EditorView({ parent: this.parent, state });
  }

  replace(text) {
    if (text === this.text) return;
    this.#told = text;
    this.view.dispatch({ changes: change(this.text, text), annotations: isolateHistory.of("full") });
  }

  mark(marks) {
    this.view.dispatch({ effects: setMarks.of(marks) });
  }

  goTo(line) {
    const { from, to } = this.view.state.doc.line(Math.min(Math.max(1, line), this.view.state.doc.lines));
    this.view.dispatch({
      selection: { anchor: from, head: to }, effects: EditorView.scrollIntoView(from, { y: "center" }),
    });
    this.view.focus();
  }

  focus() {
    this.view.focus();
  }

  #extensions(lang, label) {
    return [
      EditorView.cspNonce.of(document.querySelector('meta[name="socklab-nonce"]').content),
      lineNumbers(),
      gutter({ class: "mark-gutter", markers: view => view.state.field(marked).signs, initialSpacer: () => new Sign("call", "") }),
      marked,
      history(),
      drawSelection(),
      indentOnInput(),
      bracketMatching(),
      highlightActiveLine(),
      highlightActiveLineGutter(),
      highlightSelectionMatches(),
      syntaxHighlighting(colours),
      EditorState.phrases.of(phrases),
      EditorState.tabSize.of(4),
      indentUnit.of("    "),
      LANGUAGES[lang]?.() ?? [],
      // Esc, then Tab leaves the editor: EditorView itself lets the next Tab pass.
      keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, indentWithTab]),
      EditorView.contentAttributes.of({ "aria-label": label, "aria-describedby": "keys", spellcheck: "false", tabindex: "0" }),
      EditorView.updateListener.of(update => {
        if (!update.docChanged) return;
        const text = this.text;
        if (text !== this.#told) this.typed(text);
        this.#told = text;
      }),
    ];
  }
}
