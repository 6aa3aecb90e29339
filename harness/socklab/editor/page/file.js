// The file that is open: what stands in the editor, what the disk has, and how one becomes the other without losing either.
//
// Every version has a name, the hash of its bytes. A text is written only over the version that it began from; if the disk has
// another one by then, nobody decides but the learner. Whatever touches the disk waits for what was begun before it.

import { Away, get, put, Refused } from "./api.js";
import { Drafts } from "./drafts.js";

/** Milliseconds after the last key until the file is written. */
const PAUSE = 700;

/** A learner's file in one language. Tells by events: `state`, `text` (it is another one now, for the editor), `aside` (something was
 *  set aside), `gone` (from the disk), and `failed` with why it could not be written. */
export class OpenFile extends EventTarget {
  #queue = Promise.resolve();
  #timer = 0;

  constructor(folder, slug, lang) {
    super();
    this.slug = slug;
    this.lang = lang;
    this.path = `files/${slug}/${lang}`;
    this.drafts = new Drafts(folder, slug, lang);
    this.text = "";
    this.base = "";
    /** The text of version `base`; null: the file has to be written whatever the text is. */
    this.saved = null;
    /** What the disk has meanwhile, if the learner has to decide: {text, version}. */
    this.conflict = null;
    /** Why it is not on the disk: "", "away", or a sentence. */
    this.trouble = "";
    this.closed = false;
  }

  /** Read it; what this browser has kept of it comes first. */
  async read() {
    const told = await get(this.path);
    this.name = told.name;
    this.place = told.path;
    this.starter = told.starter;
    this.attempts = told.attempts;
    this.text = this.saved = told.text;
    this.base = told.version;
    const draft = await this.drafts.find();
    if (!draft) return;
    if (draft.text === told.text) this.drafts.drop();
    else {
      this.text = draft.text;
      if (draft.base === told.version) this.save();
      else {
        this.base = draft.base;
        this.conflict = { text: told.text, version: told.version };
      }
    }
  }

  get dirty() {
    return this.text !== this.saved;
  }

  /** "conflict", "trouble", "saving" or "saved"; "untouched" if there is no file yet. */
  get state() {
    if (this.conflict) return "conflict";
    if (this.trouble) return "trouble";
    if (this.dirty) return "saving";
    return this.base ? "saved" : "untouched";
  }

  /** The learner typed: this is the text now. */
  edit(text) {
    if (text === this.text) return;
    this.text = text;
    if (this.dirty || this.conflict) this.drafts.keep(text, this.base);
    else this.drafts.drop();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.save(), PAUSE);
    this.#tell("state");
  }

  /** Have it on the disk. `force`: also if nobody has edited it. Fulfilled when it is there, or known not to get there. */
  save({ force = false, lasting = false } = {}) {
    clearTimeout(this.#timer);
    return this.#afterwards(async () => {
      if (this.conflict || !(this.dirty || (force && !this.base))) return;
      const { text, base } = this;
      try {
        const { version } = await put(this.path, { text, base }, lasting);
        this.#written(text, version);
      } catch (error) {
        this.#notWritten(error);
      }
      this.#tell("state");
    });
  }

  /** The disk has this version, says somebody: look, unless it is known. */
  look(version) {
    return this.#afterwards(async () => {
      if (version === this.base || this.conflict?.version === version) return;
      const told = await get(this.path);
      if (told.version === this.base) this.conflict = null;
      else if (!told.exists) this.#removed();
      else if (told.text === this.text) this.#written(told.text, told.version);
      else if (this.dirty || this.conflict) this.conflict = { text: told.text, version: told.version };
      else this.#take(told.text, told.version);
      this.#tell("state");
    });
  }

  /** The server is there again, perhaps after a while. */
  async resume() {
    this.trouble = "";
    await this.look(null);
    await this.save();
  }

  /** Decide for what stands here; the other one is set aside. */
  keepMine() {
    this.#setAside(this.conflict.text);
    this.base = this.conflict.version;
    this.saved = null;
    this.conflict = null;
    return this.save();
  }

  /** Decide for what the disk has; what stands here is set aside. */
  takeOther() {
    this.#setAside(this.text);
    const { text, version } = this.conflict;
    this.conflict = null;
    this.#take(text, version);
    this.#tell("state");
  }

  /** Put another text into the editor, such as the starter; what stood there is set aside and can be had by undoing as well. */
  replace(text) {
    this.#setAside(this.text);
    this.edit(text);
    this.#tell("text");
    return this.save();
  }

  /** Another file is about to be shown; what is still to be written, is. */
  close() {
    this.closed = true;
    return this.dirty ? this.save() : this.#queue;
  }

  #setAside(text) {
    if (text === this.starter) return;
    this.drafts.setAside(text);
    this.#tell("aside");
  }

  #afterwards(deed) {
    const done = this.#queue.then(deed);
    this.#queue = done.catch(() => {});
    return done;
  }

  #written(text, version) {
    this.base = version;
    this.saved = text;
    this.conflict = null;
    this.trouble = "";
    if (this.dirty) this.drafts.keep(this.text, version);
    else this.drafts.drop();
  }

  #notWritten(error) {
    const told = error instanceof Refused ? error.told : {};
    if (error instanceof Away || error.status === 401) this.trouble = "away";
    else if (error.status !== 409 || told.version === undefined) this.trouble = error.message;
    else if (told.text === this.text) this.#written(this.text, told.version);
    else if (told.version === "") {
      // It was deleted: there is nothing that this text could be written over.
      this.base = "";
      this.saved = null;
      this.#timer = setTimeout(() => this.save());
    } else this.conflict = { text: told.text, version: told.version };
    this.dispatchEvent(new CustomEvent("failed", { detail: error }));
  }

  #removed() {
    this.base = "";
    this.conflict = null;
    if (!this.dirty) {
      this.saved = this.text;
      this.#tell("gone");
    }
  }

  #take(text, version) {
    this.text = text;
    this.#written(text, version);
    this.#tell("text");
  }

  #tell(event) {
    if (!this.closed) this.dispatchEvent(new Event(event));
  }
}
