// What was graded before, and what was set aside: each can be compared with what stands in the editor, and taken back into it.

import { get } from "./api.js";
import { showDifferences } from "./differences.js";
import { button, byId, element } from "./elements.js";
import { moment, t } from "./texts.js";

/** Draw them for `file`. `take(text)`: put a text into the editor; `complain(error)`: say that something did not work. */
export function drawAttempts(file, take, complain) {
  const graded = file.attempts.map(each => row(words(each), {
    differences: () => showDifferences(file, each.id, t("differences_from", { what: moment(each.time) })).catch(complain),
    take: () => get(`${file.path}/attempts/${each.id}`).then(({ text }) => take(text)).catch(complain),
  }, each.outcome));
  byId("attempts-graded").replaceChildren(...graded);
  byId("attempts-none").hidden = graded.length > 0;
  byId("last-differences").disabled = graded.length === 0;
  const aside = file.drafts.allAside().map(each => row([moment(each.time)], { take: () => take(each.text) }));
  byId("attempts-aside").replaceChildren(...aside);
  byId("aside").hidden = aside.length === 0;
}

function words(attempt) {
  const said = [moment(attempt.time), t(`outcome_${attempt.outcome}`)];
  if (attempt.possible) said.push(t("points", { number: attempt.points, total: attempt.possible }));
  return said;
}

function row(said, deeds, outcome = "") {
  const named = label => ({ "aria-label": `${t(label)}: ${said[0]}` });
  const buttons = Object.entries(deeds).map(([label, deed]) => button(t(label), deed, named(label)));
  const [time, ...more] = said;
  return element("li", {}, element("span", { className: `what ${outcome}` }, element("span", { className: "time" }, time),
    ...more.map(each => element("span", {}, each))), element("span", { className: "deeds" }, ...buttons));
}
