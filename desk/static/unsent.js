// Words being written are kept as one types: they are back after a reload, on another device, and when one looks at
// other tickets meanwhile. Without this file a form that is refused still keeps its words.
"use strict";

const A_PAUSE = 500; // ms without a key after which what stands there is kept
const AGAIN = 5_000; // ms until what could not be kept is tried once more
const unsaved = new Map(); // a form's address and name → {to, token, formulir, fields: {name: text}}
let nextSave;

document.addEventListener("input", ({ target }) => {
  const form = target.form, keeper = byId("kirim-tulisan");
  if (!keeper || !target.name || target.type === "checkbox" || form?.method !== "post" || !keptAs(form)) return;
  const held = unsaved.get(keptAs(form)) ?? { to: keeper.getAttribute("action"), token: keeper.elements.token.value, formulir: keptAs(form).split(" ")[1], fields: {} };
  held.fields[target.name] = target.value;
  unsaved.set(keptAs(form), held);
  tell(false);
  saveIn(A_PAUSE);
});

/** A ticket's form: its address, and what it is called there; nothing for other forms. */
function keptAs(form) {
  const address = form.getAttribute("action");
  return address.startsWith("/tiket/") ? `${address} ${form.dataset.form ?? address.split("/").pop()}` : "";
}

function saveIn(time) {
  clearTimeout(nextSave);
  nextSave = setTimeout(save, time);
}

function save() {
  clearTimeout(nextSave);
  for (const [form, held] of unsaved) {
    const fields = held.fields;
    held.fields = {};
    if (Object.keys(fields).length) saving = saving.then(() => keep(form, held, fields));
  }
}

async function keep(form, held, fields) {
  const { status } = await fetch(held.to, { method: "POST", body: body(held, fields) }).catch(() => ({ status: 599 }));
  if (status === 204) {
    if (!Object.keys(held.fields).length) unsaved.delete(form);
    tell(!unsaved.size);
    return;
  }
  held.fields = { ...fields, ...held.fields };
  if (status >= 500) saveIn(AGAIN); // the line, or the server, is away for a moment
}

/** A quiet word that nothing written is only here. */
function tell(kept) {
  const told = byId("tulisan-tersimpan");
  if (told) told.hidden = !kept;
}

const body = (held, fields) => new URLSearchParams({ ...fields, token: held.token, formulir: held.formulir });

/** What is not kept yet, into the forms of the page that was just put in place. */
function putBack() {
  for (const form of document.querySelectorAll("#laporan form[method=post]")) {
    const fields = unsaved.get(keptAs(form))?.fields ?? {};
    for (const [name, text] of Object.entries(fields)) if (form.elements[name]) form.elements[name].value = text;
  }
}

document.addEventListener("leaving", save);
document.addEventListener("placed", () => {
  putBack();
  save();
});
document.addEventListener("submit", ({ target }) => {
  // A form that the browser sends itself carries its words, and must not be overtaken by them.
  if (!target.closest("#laporan, #samping")) unsaved.delete(keptAs(target));
  save();
});
document.addEventListener("visibilitychange", () => document.hidden && save());
window.addEventListener("pagehide", () => {
  for (const held of unsaved.values()) {
    if (Object.keys(held.fields).length) navigator.sendBeacon(held.to, body(held, held.fields));
  }
});
