// Words being written are kept as one types: they are back after a reload, on another device, and when one looks at
// other tickets meanwhile. Without this file a form that is refused still keeps its words.
"use strict";

const A_PAUSE = 500; // ms without a key after which what stands there is kept
const AGAIN = 5_000; // ms until what could not be kept is tried once more
const unsaved = new Map(); // address of a form → {to, token, fields: {name: text}}
let nextSave;

document.addEventListener("input", ({ target }) => {
  const form = target.form, keeper = byId("kirim-tulisan");
  if (!keeper || !target.name || target.type === "checkbox" || form?.method !== "post" || !form.closest("#laporan")) return;
  const address = form.getAttribute("action");
  const held = unsaved.get(address) ?? { to: keeper.getAttribute("action"), token: keeper.elements.token.value, fields: {} };
  held.fields[target.name] = target.value;
  unsaved.set(address, held);
  tell(false);
  saveIn(A_PAUSE);
});

function saveIn(time) {
  clearTimeout(nextSave);
  nextSave = setTimeout(save, time);
}

function save() {
  clearTimeout(nextSave);
  for (const [address, held] of unsaved) {
    const fields = held.fields;
    held.fields = {};
    if (Object.keys(fields).length) saving = saving.then(() => keep(address, held, fields));
  }
}

async function keep(address, held, fields) {
  const { status } = await fetch(held.to, { method: "POST", body: body(address, held, fields) }).catch(() => ({ status: 599 }));
  if (status === 204) {
    if (!Object.keys(held.fields).length) unsaved.delete(address);
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

const body = (address, held, fields) => new URLSearchParams({ ...fields, token: held.token, formulir: address.split("/").pop() });

/** What is not kept yet, into the forms of the page that was just put in place. */
function putBack() {
  for (const [address, { fields }] of unsaved) {
    for (const form of document.querySelectorAll(`#laporan form[action="${address}"]`)) {
      for (const [name, text] of Object.entries(fields)) if (form.elements[name]) form.elements[name].value = text;
    }
  }
}

document.addEventListener("leaving", save);
document.addEventListener("placed", () => {
  putBack();
  save();
});
document.addEventListener("submit", save);
document.addEventListener("visibilitychange", () => document.hidden && save());
window.addEventListener("pagehide", () => {
  for (const [address, held] of unsaved) {
    if (Object.keys(held.fields).length) navigator.sendBeacon(held.to, body(address, held, held.fields));
  }
});
