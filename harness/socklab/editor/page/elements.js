// Making elements: text always goes in as text, so that nothing of a submission or of its output can be markup.

/** The element of the page that has this id. */
export const byId = id => document.getElementById(id);

/** A new element. `facts`: its properties; `data-…`, `aria-…` and `role` are attributes. `children`: elements and texts. */
export function element(name, facts = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(facts)) {
    if (key.includes("-") || key === "role") made.setAttribute(key, value);
    else made[key] = value;
  }
  made.append(...children);
  return made;
}

/** A button that does `deed`. */
export function button(label, deed, facts = {}) {
  const made = element("button", { type: "button", ...facts }, label);
  made.addEventListener("click", deed);
  return made;
}

/** Show `dialog` until it is closed: by its button, by Esc, or by one of its other buttons. */
export function open(dialog) {
  if (!dialog.open) dialog.showModal();
}

for (const dialog of document.querySelectorAll("dialog"))
  dialog.querySelector(".close").addEventListener("click", () => dialog.close());
