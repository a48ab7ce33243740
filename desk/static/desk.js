// Keys for the desk. Everything here is also a link or a button: without this file the desk is slower, and complete.
"use strict";

const writing = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;

/** Do what the element with this key does: open it, go into it, or press it. */
function press(element) {
  if (element.matches("summary")) {
    const details = element.parentElement;
    details.open = !details.open;
    for (let around = details.parentElement.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
    if (details.open) (details.querySelector(".panel input:not([type=hidden]), .panel select, .panel textarea") ?? element).focus();
  } else if (element.matches("input")) {
    element.focus();
    element.select();
  } else {
    element.click();
  }
}

const keys = new Map(JSON.parse(document.body.dataset.keys));

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape") return leave(event.target);
  if (writing(event.target)) return;
  const element = document.querySelector(`[data-act="${keys.get(event.key)}"]`);
  if (!element) return;
  event.preventDefault();
  press(element);
});

/** Out of a field, and close what was opened around it. */
function leave(target) {
  const details = target.closest(".acts details[open], .me[open]");
  if (details) details.open = false;
  (details?.querySelector("summary") ?? target).focus();
  target.blur();
}
