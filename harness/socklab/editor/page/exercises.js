// The list of exercises: what is done, what comes next, and what waits for what.

import { get } from "./api.js";
import { byId, element } from "./elements.js";
import { here, leadingTo } from "./place.js";
import { t } from "./texts.js";

const SIGNS = { passed: "✓", tried: "●", open: "○" };
const room = matchMedia("(min-width: 76rem)");

/** What the server said last: {folder, next, trouble, exercises}. */
export let known = { exercises: [] };

/** The exercise of this name, or undefined. */
export const find = slug => known.exercises.find(each => each.slug === slug);

/** Ask the server, and draw. */
export async function refresh() {
  known = await get("exercises");
  draw();
}

/** Draw the list; the page is at one of them. */
export function draw() {
  const passed = known.exercises.filter(each => each.state === "passed").length;
  const total = known.exercises.length;
  byId("progress").textContent = t("progress", { number: passed, total });
  byId("progress-bar").max = total;
  byId("progress-bar").value = passed;
  const focused = byId("path").contains(document.activeElement) && document.activeElement.dataset.slug;
  byId("path").replaceChildren(...known.exercises.map(row));
  if (focused) byId("path").querySelector(`[data-slug="${focused}"]`)?.focus();
}

function row(exercise) {
  const { slug, state } = exercise;
  const chosen = here().slug === slug ? here().lang : exercise.chosen;
  const link = element("a", { href: leadingTo(slug, chosen || exercise.chosen), "data-slug": slug },
    element("span", { className: "sign", "aria-hidden": "true" }, SIGNS[state]),
    element("span", { className: "name" }, exercise.title),
    element("span", { className: "facts" }, ...facts(exercise)));
  if (here().slug === slug) link.ariaCurrent = "page";
  return element("li", { className: state }, link);
}

function facts(exercise) {
  const parts = [[t(`state_${exercise.state}`), "short"]];
  if (exercise.state === "tried" && exercise.best)
    parts[0][0] = t("points", { number: exercise.best.points, total: exercise.best.possible });
  if (exercise.state !== "passed") parts.push([t("minutes", { number: exercise.minutes }), "short"]);
  const before = exercise.state === "open" && find(exercise.waits_for[0]);
  if (before) parts.push([t("first_comes", { title: before.title }), ""]);
  if (known.next === exercise.slug) parts.unshift([t("next"), "next"]);
  return parts.flatMap(([words, className], at) => [at ? " · " : "", element("span", { className }, words)]);
}

/** Where there is little room the list is folded, and folds again once something was chosen from it. */
function fold() {
  byId("exercises").open = room.matches;
}

room.addEventListener("change", fold);
addEventListener("hashchange", () => room.matches || fold());
fold();
