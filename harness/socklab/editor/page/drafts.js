// What the server does not have yet is kept in this browser, so that neither a reload nor a dead server loses it.
//
// A draft belongs to a tab: two tabs with the same file must not write over one another's. A tab is known to live by a lock that
// it holds; the drafts of those that died are everybody's. What somebody decided against is set aside, and not thrown away.

const MOST_ASIDE = 8;

// Only pages that came over TLS or from this machine have locks: elsewhere no tab can know that another one has died.
const locks = navigator.locks;
const tab = await nameOfThisTab();

async function nameOfThisTab() {
  for (;;) {
    // A duplicated tab begins with a copy of the other one's sessionStorage, hence with its name.
    const name = sessionStorage.getItem("socklab-tab") ?? String(crypto.getRandomValues(new Uint32Array(2)));
    if (!locks || await hold(`socklab-tab ${name}`)) {
      sessionStorage.setItem("socklab-tab", name);
      return name;
    }
    sessionStorage.removeItem("socklab-tab");
  }
}

function hold(lock) {
  return new Promise(resolve => {
    locks.request(lock, { ifAvailable: true }, got => {
      resolve(got !== null);
      return got && new Promise(() => {});
    });
  });
}

async function isAlive() {
  if (!locks) return () => true;
  const names = new Set((await locks.query()).held.map(lock => lock.name));
  return owner => names.has(`socklab-tab ${owner}`);
}

function write(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch { /* full, or forbidden: the server's copy has to do */ }
}

function stored(key, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

/** The drafts of one file. */
export class Drafts {
  constructor(folder, slug, lang) {
    this.draft = `socklab-draft ${folder} ${slug} ${lang} `;
    this.aside = `socklab-aside ${folder} ${slug} ${lang}`;
  }

  /** Keep `text`, which began from version `base` of the file. */
  keep(text, base) {
    write(this.draft + tab, { text, base, time: Date.now() });
  }

  /** The server has it. */
  drop() {
    localStorage.removeItem(this.draft + tab);
  }

  /** The newest draft of this tab or of one that is gone, or null. It becomes this tab's; older ones are set aside. */
  async find() {
    const alive = await isAlive();
    const mine = Object.keys(localStorage).filter(key => {
      const owner = key.startsWith(this.draft) && key.slice(this.draft.length);
      return owner && (owner === tab || !alive(owner));
    });
    const found = mine.map(key => stored(key, null)).filter(Boolean).sort((one, other) => other.time - one.time);
    for (const key of mine) localStorage.removeItem(key);
    const [newest = null, ...others] = found;
    for (const other of others.reverse()) this.setAside(other.text, other.time);
    if (newest) this.keep(newest.text, newest.base);
    return newest;
  }

  /** Keep a text that is about to be replaced. */
  setAside(text, time = Date.now()) {
    const others = this.allAside().filter(each => each.text !== text);
    write(this.aside, [{ text, time }, ...others].slice(0, MOST_ASIDE));
  }

  /** What was set aside, the newest first: `text` and `time` of each. */
  allAside() {
    return stored(this.aside, []);
  }
}
