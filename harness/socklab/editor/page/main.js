// The page: an exercise, its file in the editor, and what comes of running it. Here the parts are put together; each part is a
// module that knows nothing of the others.

import { Away, behindProxy, get, Refused, theToken } from "./api.js";
import { drawAttempts } from "./attempts.js";
import { Connection } from "./connection.js";
import { showDifferences } from "./differences.js";
import { makeEditor } from "./editor.js";
import { byId, element } from "./elements.js";
import * as exercises from "./exercises.js";
import { OpenFile } from "./file.js";
import { showMarks } from "./marks.js";
import { announce, notice, unsay } from "./notices.js";
import { here, leadingTo, settle, takeToken } from "./place.js";
import { Results } from "./results.js";
import { Running } from "./running.js";
import { Siblings } from "./siblings.js";
import * as tabs from "./tabs.js";
import { t } from "./texts.js";

const connection = new Connection();
const siblings = new Siblings(connection);
const editor = await makeEditor(byId("editor"), text => file?.edit(text));
const results = new Results({
  only: slug => run([slug]), all: () => run(), replay, verdict: sign => name(sign),
  goTo: line => { tabs.show("code"); editor.goTo(line); },
});
const running = new Running(results);

/** The exercise that is shown, as the server tells it. */
let exercise = null;
/** Its file in the chosen language. */
let file = null;
/** Which of several visits in a row is the last one. */
let visit = 0;

// -- an exercise and its file ----------------------------------------------------------------------------------------

/** Show the exercise and the language that the address names, or those that come next. `again`: try another language if need be. */
async function go(again = true) {
  const mine = ++visit;
  const wanted = here();
  const found = exercises.find(wanted.slug) ?? exercises.find(exercises.known.next) ?? exercises.known.exercises[0];
  if (!found) return;
  const names = found.languages.map(each => each.name);
  const lang = names.includes(wanted.lang) ? wanted.lang : found.chosen;
  settle(found.slug, lang);
  exercises.draw();
  if (file?.slug === found.slug && file.lang === lang) return;
  const next = new OpenFile(exercises.known.folder, found.slug, lang);
  const read = [exercise?.slug === found.slug ? exercise : get(`exercises/${found.slug}`), next.read()];
  const told = await Promise.all(read).catch(error => (mine === visit ? turnBack(found, again ? lang : "", error) : null));
  if (mine !== visit || !told) return;
  running.stop();
  await file?.close();
  [exercise] = told;
  file = next;
  draw(found);
  listen();
}

/** The file cannot be shown: stay where we are, or go where we can. */
async function turnBack(found, lang, error) {
  const other = lang && found.languages.find(each => each.name !== lang);
  if (file) {
    settle(file.slug, file.lang);
    exercises.draw();
    drawLanguages(exercises.find(file.slug));
  } else if (other && !(error instanceof Away)) {
    settle(found.slug, other.name);
    await go(false);
  }
  throw error;
}

function draw(found) {
  byId("title").textContent = exercise.title;
  byId("summary").textContent = found.summary;
  name("");
  const statement = byId("statement-text");
  if (statement.dataset.slug !== exercise.slug) {
    statement.dataset.slug = exercise.slug;
    statement.innerHTML = exercise.statement;
    byId("statement").scrollTop = 0;
  }
  drawLanguages(found);
  byId("file-name").textContent = file.name;
  byId("file-name").title = file.place;
  for (const each of ["gone", "replaced", "conflict", "refused", "closed"]) unsay(each);
  editor.show(file.text, file.lang, t("code_of", { file: file.name }));
  const checks = exercise.checks.filter(each => each.languages.includes(file.lang));
  showMarks(editor, results.show(`${file.slug}/${file.lang}`, checks, file.base));
  drawAttempts(file, take, complain);
  drawState();
  document.body.classList.add("ready");
}

function listen() {
  file.addEventListener("state", drawState);
  file.addEventListener("text", () => editor.replace(file.text));
  file.addEventListener("aside", () => drawAttempts(file, take, complain));
  file.addEventListener("gone", () => notice("gone", t("gone", { file: file.name })));
  file.addEventListener("failed", event => connection.failed(event.detail));
}

function drawLanguages(found) {
  byId("languages").replaceChildren(...found.languages.map(language));
}

function language({ name }) {
  const radio = element("input", { type: "radio", name: "language", value: name, checked: name === file.lang });
  radio.addEventListener("change", () => (location.hash = leadingTo(file.slug, name)));
  return element("label", {}, radio, element("span", {}, t(`language_${name}`)));
}

/** The page's name: first how it went, since little of it is seen on a tab. */
function name(sign) {
  document.title = [sign, exercise?.title ?? "", "· socklab"].filter(Boolean).join(" ");
}

function drawState() {
  const words = file.trouble && file.trouble !== "away" ? "refused" : file.state;
  byId("file-state").textContent = t(`file_${words}`);
  byId("file-state").className = file.state;
  if (words === "refused") notice("refused", file.trouble, [[t("try_again"), () => file.resume().catch(complain)]], { urgent: true });
  else unsay("refused");
  if (!file.conflict) return unsay("conflict");
  const keep = [t("keep_mine"), () => file.keepMine()];
  const other = [t("take_other"), () => file.takeOther()];
  const look = [t("differences"), () => showDifferences(file, "disk", t("differences_disk"), [keep, other]).catch(complain)];
  return notice("conflict", t("conflict", { file: file.name }), [look, keep, other], { urgent: true });
}

/** Put another text into the editor, with a way back. */
function take(text) {
  const before = file.text;
  if (text === before) return announce(t("same_already"));
  tabs.show("code");
  file.replace(text);
  return notice("replaced", t("replaced"), [
    [t("undo"), () => { file.replace(before); unsay("replaced"); editor.focus(); }], [t("close"), () => unsay("replaced")],
  ]);
}

// -- running ---------------------------------------------------------------------------------------------------------

async function run(only) {
  if (!file || running.busy) return;
  await file.save({ force: true });
  if (file.conflict) return byId("notices").querySelector("[data-name=conflict] button").focus();
  if (file.trouble || running.busy) return;
  tabs.show("result");
  await running.run(file, only);
}

async function refresh() {
  await exercises.refresh();
  if (exercises.known.trouble) notice("history", exercises.known.trouble);
  else unsay("history");
}

function suggestNext() {
  const next = exercises.find(exercises.known.next);
  if (!next || next.slug === file.slug) return;
  results.goOn(element("a", { href: leadingTo(next.slug, next.chosen) }, t("next_exercise", { title: next.title })));
}

async function replay(slug) {
  if (!file || running.busy) return;
  await file.save({ force: true });
  if (!file.conflict && !file.trouble) await running.replay(file, slug, results.checks.title(slug));
}

running.addEventListener("graded", event => {
  const { report, marks, attempts, trouble } = event.detail;
  showMarks(editor, marks);
  file.attempts = attempts;
  if (trouble) notice("closed", trouble, [[t("close"), () => unsay("closed")]]);
  drawAttempts(file, take, complain);
  refresh().then(() => report.outcome === "passed" && suggestNext()).catch(complain);
});
running.addEventListener("failed", event => {
  connection.failed(event.detail);
  if (event.detail.status === 409) file.look(null).catch(complain); // it has changed just now
});

byId("run").addEventListener("click", () => run());
byId("stop").addEventListener("click", () => running.stop());
byId("reset").addEventListener("click", () => file && take(file.starter));
byId("last-differences").addEventListener("click", () =>
  showDifferences(file, file.attempts[0].id, t("last_differences")).catch(complain));
byId("starter-differences").addEventListener("click", () =>
  showDifferences(file, "starter", t("starter_differences")).catch(complain));
byId("download").addEventListener("click", () => {
  const url = URL.createObjectURL(new Blob([file.text], { type: "text/plain" }));
  element("a", { href: url, download: file.name }).click();
  URL.revokeObjectURL(url);
});

// In the capture phase: the editor has another use for Ctrl-Enter.
document.addEventListener("keydown", event => {
  const deed = event.ctrlKey || event.metaKey ? { Enter: () => run(), ".": () => running.stop() }[event.key] : undefined;
  if (!deed || event.isComposing) return;
  event.preventDefault();
  event.stopPropagation();
  deed();
}, true);

for (const skip of document.querySelectorAll(".skip"))
  skip.addEventListener("click", () => (skip.dataset.to === "code" ? (tabs.show("code"), editor.focus()) : tabs.visit(skip.dataset.to)));

// -- the server ------------------------------------------------------------------------------------------------------

/** Something that the learner asked for did not work. */
function complain(error) {
  connection.failed(error);
  if (error instanceof Refused && error.status !== 401)
    notice("closed", error.message, [[t("close"), () => unsay("closed")]], { urgent: true });
}

connection.addEventListener("here", async () => {
  siblings.tell();
  for (const each of ["away", "stranger"]) unsay(each);
  try {
    await refresh();
    await go();
    await file?.resume();
  } catch (error) {
    complain(error);
  }
});

connection.addEventListener("away", () => {
  const more = behindProxy ? [] : [element("code", {}, `socklab serve --port ${location.port || 0}`)];
  notice("away", t(behindProxy ? "away_behind" : "away"), [[t("try_again"), () => connection.retry()]], { urgent: true, more });
});

connection.addEventListener("stranger", () => {
  unsay("away");
  if (behindProxy) return notice("stranger", t("stale"), [[t("reload"), () => location.reload()]], { urgent: true });
  siblings.ask();
  const field = element("input", { type: "text", autocomplete: "off", spellcheck: false, "aria-label": t("address") });
  const use = () => (takeToken(field.value) ? connection.retry() : field.focus());
  field.addEventListener("keydown", event => event.key === "Enter" && use());
  return notice("stranger", t("stranger"), [[t("go_on"), use]], { urgent: true, more: [field] });
});

connection.addEventListener("changed", event => {
  const { slug, lang, version } = event.detail;
  if (file?.slug === slug && file.lang === lang) file.look(version).catch(complain);
});

function arrive() {
  if (enter()) connection.retry();
  else go().catch(complain);
}

/** Take the token out of the page's address; whether there was one. */
function enter() {
  const came = takeToken(location.hash);
  if (came) settle("", "");
  return came;
}

addEventListener("hashchange", arrive);
document.addEventListener("visibilitychange", () => document.hidden && file?.dirty && file.save({ lasting: true }));

if (!editor.rich) notice("plain", t("plain_editor"), [[t("close"), () => unsay("plain")]]);
enter();
if (!theToken()) connection.failed(new Refused(401, {}));
connection.keep();
