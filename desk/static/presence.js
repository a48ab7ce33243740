// Who has this ticket open: a sign of life now and then, a word when one leaves. Without this file page loads count.
"use strict";

const BEAT = 20_000; // ms between two signs of life
const A_MOMENT = 400; // ms for which a ticket must lie open to count: who leafs through the list opens nothing

const seen = new Set(); // numbers of tickets opened here; a list that was fetched before does not know of them
let nextBeat;
let present; // the form of the ticket that lies open

async function beat() {
  clearTimeout(nextBeat);
  nextBeat = setTimeout(() => beat().catch(() => {}), BEAT);
  const form = byId("kirim-hadir");
  if (!form || document.hidden) return;
  const response = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "X-Requested-With": "desk.js" } });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  if (form !== byId("kirim-hadir")) return; // another ticket lies open by now
  if (response.ok) seen.add(shown());
  markSeen();
  const told = response.ok ? page.getElementById("hadir")?.childNodes : [page.querySelector("[role=alert]")].filter(Boolean);
  const here = byId("hadir");
  if (told && here && !here.contains(document.activeElement)) say(here, told);
}

/** Put it in place where it says something new: a screen reader reads out what changes. */
function say(region, nodes) {
  const fresh = document.createElement("div");
  fresh.append(...[...nodes].map((node) => document.importNode(node, true)));
  if (fresh.textContent.trim() !== region.textContent.trim()) region.replaceChildren(...fresh.childNodes);
}

function markSeen() {
  for (const row of document.querySelectorAll(".row.unread")) {
    if (!seen.has(row.querySelector("[data-number]").dataset.number)) continue;
    row.classList.remove("unread");
    row.querySelector("[data-unread]")?.remove();
  }
}

function begin() {
  clearTimeout(nextBeat);
  present = byId("kirim-hadir");
  if (present) nextBeat = setTimeout(() => beat().catch(() => {}), A_MOMENT);
}

document.addEventListener("placed", () => {
  markSeen();
  if (byId("kirim-hadir") !== present) begin();
});
document.addEventListener("visibilitychange", () => !document.hidden && begin());
window.addEventListener("pagehide", () => {
  const form = byId("kirim-lepas");
  if (form) navigator.sendBeacon(form.action, new URLSearchParams(new FormData(form)));
});
begin();
