// Two texts side by side, in a dialog: which lines came and which went.

import { post } from "./api.js";
import { button, byId, element, open } from "./elements.js";
import { t } from "./texts.js";

/** Lines around a difference that are shown. */
const AROUND = 3;

/** Show how the text of `file` differs from `other`: an attempt's id, "starter" or "disk". `deeds` as for a notice. */
export async function showDifferences(file, other, title, deeds = []) {
  const { rows } = await post(`${file.path}/diff`, { with: other, text: file.text });
  const dialog = byId("differences");
  dialog.querySelector("h2").textContent = title;
  byId("differences-body").replaceChildren(...folded(rows).map(row));
  byId("differences-none").hidden = rows.some(each => each.kind !== " ");
  byId("differences-table").hidden = !byId("differences-none").hidden;
  const buttons = deeds.map(([label, deed]) => button(label, () => (dialog.close(), deed())));
  byId("differences-deeds").replaceChildren(...buttons);
  open(dialog);
}

/** The rows near a difference; a number in place of those between. */
function folded(rows) {
  const near = rows.map((_, at) => rows.slice(Math.max(0, at - AROUND), at + AROUND + 1).some(each => each.kind !== " "));
  const kept = [];
  rows.forEach((each, at) => {
    if (near[at]) kept.push(each);
    else if (typeof kept.at(-1) === "number") kept[kept.length - 1]++;
    else kept.push(1);
  });
  return kept;
}

function row(each) {
  if (typeof each === "number")
    return element("tr", { className: "same" }, element("td", { colSpan: 4 }, t("same_lines", { number: each })));
  const kind = { "+": "added", "-": "removed", " ": "" }[each.kind];
  const sign = element("td", { className: "sign" }, each.kind);
  if (kind) sign.append(element("span", { className: "unseen" }, t(kind)));
  return element("tr", { className: kind },
    element("td", { className: "number" }, String(each.old ?? "")), element("td", { className: "number" }, String(each.new ?? "")),
    sign, element("td", {}, element("code", {}, each.text)));
}
