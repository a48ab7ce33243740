// Keys, and going on without a wait. Everything here is also a link or a button of the page: without this file the desk
// is slower, and complete. The pages fetched are the same ones; no other address is asked.
"use strict";

const REGIONS = ["daftar", "pesan", "laporan", "samping"];
const COUNTS = ["judul-daftar", "pilihan"]; // parts of "daftar" that are right whichever ticket lies open
const FRESH = 60_000; // ms for which a page fetched ahead may be shown
const byId = (id) => document.getElementById(id);
const isList = (address) => new URL(address, location.href).pathname === "/antrean";

// ── Keys: which key presses what stands in the page ─────────────────────────────────────────────────────────────

const keys = new Map(JSON.parse(document.body.dataset.keys));
const writing = (target) => target.closest?.("input, textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
  if (event.key === "Escape") return leave(event.target);
  if (writing(event.target) || document.querySelector("dialog[open]")) return;
  const element = document.querySelector(`[data-act="${keys.get(event.key)}"]`);
  if (!element) return;
  event.preventDefault();
  press(element);
});

/** Open it, go into it, or press it. */
function press(element) {
  if (element.matches("summary")) {
    toggle(element.parentElement);
  } else if (element.matches("input")) {
    element.focus();
    element.select();
  } else {
    element.click();
  }
}

function toggle(details) {
  const field = details.querySelector(":scope > form input:not([type=hidden]), :scope > form select");
  if (details.open && field && !details.contains(document.activeElement)) return field.focus(); // it lay open with words in it
  details.open = !details.open;
  for (let around = details.parentElement.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
  ((details.open && field) || details.querySelector("summary")).focus();
}

/** Out of a field, and close what was opened around it. */
function leave(target) {
  const details = target.closest?.(".acts details[open], .me[open]");
  if (details) details.open = false;
  target.blur?.();
}

// ── Pages: fetched, kept for a moment, and put in place ─────────────────────────────────────────────────────────

const ahead = new Map(); // address → {page, at}

async function fetched(address, options) {
  const response = await fetch(address, { ...options, headers: { "X-Requested-With": "desk.js" } });
  // Logged out, perhaps. Whoever asked goes there by one navigation of its own: of two, the later one would win.
  const isPage = response.headers.get("content-type")?.startsWith("text/html");
  if (!isList(response.url) && (response.redirected || !isPage)) throw new Error("elsewhere");
  return { page: new DOMParser().parseFromString(await response.text(), "text/html"), response };
}

function fetchAhead() {
  const address = document.querySelector("#laporan [data-act=next]")?.href;
  if (!address || ahead.has(address)) return;
  ahead.clear();
  saving.then(() => fetched(address)).then(({ page, response }) => response.ok && ahead.set(address, { page, at: Date.now() }), () => {});
}

/** A page fetched ahead, once, and only while it is fresh. */
function taken(address) {
  const kept = ahead.get(address);
  ahead.delete(address);
  return kept && Date.now() - kept.at < FRESH ? kept.page : null;
}

function place(page, regions) {
  const filtersOpen = document.querySelector(".filters")?.open;
  const scrolled = byId("daftar")?.scrollTop ?? 0;
  for (const id of regions) {
    const [old, fresh] = [byId(id), page.getElementById(id)];
    if (old && fresh) old.replaceChildren(...document.importNode(fresh, true).childNodes);
  }
  if (regions.includes("daftar")) {
    const filters = document.querySelector(".filters");
    if (filters && filtersOpen !== undefined) filters.open = filtersOpen;
    byId("daftar").scrollTop = scrolled;
    document.querySelector(".rows [aria-current]")?.scrollIntoView({ block: "nearest" });
  }
  if (regions.includes("laporan")) {
    document.title = page.title;
    document.body.className = page.body.className;
    byId("judul-laporan")?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }
  document.dispatchEvent(new Event("placed")); // for the other scripts
  fetchAhead();
}

async function show(address, { push = true } = {}) {
  document.dispatchEvent(new Event("leaving"));
  await saving;
  const page = taken(address) ?? (await fetched(address)).page;
  place(page, REGIONS);
  if (push) history.pushState(null, "", address);
}

const shown = () => document.querySelector("#laporan article")?.dataset.number;

// ── Links ───────────────────────────────────────────────────────────────────────────────────────────────────────

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.dataset.act === "help") {
    event.preventDefault();
    help(link.href);
  } else if (byId("daftar") && isList(link.href) && link.origin === location.origin && !link.hasAttribute("download")) {
    event.preventDefault();
    show(link.href).catch(() => location.assign(link.href));
  } else if (waiting && link.origin === location.origin && !link.target && !link.hasAttribute("download")) {
    event.preventDefault();
    sending.finally(() => location.assign(link.href));
  }
});

window.addEventListener("popstate", () => {
  if (byId("daftar")) show(location.href, { push: false }).catch(() => location.reload());
});

async function help(address) {
  const { page } = await fetch(address).then(async (response) => ({ page: new DOMParser().parseFromString(await response.text(), "text/html") }));
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", "judul-tombol");
  dialog.append(...document.importNode(page.getElementById("tombol"), true).childNodes);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("keydown", (event) => event.key === "?" && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
}

// ── Forms: the next ticket is shown at once, the decision is sent behind it ─────────────────────────────────────

let sending = Promise.resolve();
let saving = Promise.resolve(); // words on their way to the store (unsent.js): what is asked afterwards knows of them
let waiting = 0;
let leaving = false;

/** What must be filled in is told in the desk's own words, not in the browser's. */
document.addEventListener("submit", (event) => {
  const missing = [...event.target.elements].find((field) => field.required && !field.value.trim());
  if (!missing) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  missing.setCustomValidity(missing.dataset.missing ?? document.body.dataset.missing);
  missing.reportValidity();
}, true);
document.addEventListener("input", ({ target }) => target.setCustomValidity?.(""));

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("data-leaves") || !form.closest("#laporan, #samping")) return leaveAfter(event);
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, event.submitter));
  document.dispatchEvent(new Event("leaving")); // words being kept must not arrive after the form that carries them
  const goesOn = form.hasAttribute("data-goes-on") && goOn();
  waiting += 1;
  document.body.classList.add("busy");
  sending = sending.then(() => saving).then(() => send(form.getAttribute("action"), body, goesOn)).catch(() => leaving || location.reload()).finally(() => {
    waiting -= 1;
    if (!waiting) document.body.classList.remove("busy");
  });
});

/** A form that leaves the page waits for the decisions on their way: leaving would cut them off. */
function leaveAfter(event) {
  const { target: form, submitter } = event;
  if (!waiting) return;
  event.preventDefault();
  sending.finally(() => {
    if (!form.isConnected) { // the page was put in place anew meanwhile
      form.hidden = true;
      document.body.append(form);
    }
    form.requestSubmit(submitter);
  });
}

window.addEventListener("beforeunload", () => {
  leaving = true;
  setTimeout(() => (leaving = false), 5_000); // it was a file, and one stayed
});

/** Show the ticket that was fetched ahead; says whether there was one. */
function goOn() {
  const address = document.querySelector("#laporan [data-act=next]")?.href;
  const page = address && taken(address);
  if (!page) return false;
  document.querySelector(".rows [aria-current]")?.closest("li").remove();
  place(page, ["laporan"]);
  document.querySelector(`.rows [data-number="${shown()}"]`)?.setAttribute("aria-current", "true");
  return true;
}

async function send(action, body, goesOn) {
  const { page, response } = await fetched(action, { method: "POST", body });
  if (!response.ok) { // refused: back to that ticket, with the reason and with every word that was typed
    if (page.getElementById("laporan")) place(page, REGIONS);
    else byId("pesan").replaceChildren(problem(page));
    byId("pesan").scrollIntoView({ block: "nearest" });
    return;
  }
  if (waiting > 1) return; // more was decided meanwhile; its answer knows of this one too
  const same = page.querySelector("#laporan article")?.dataset.number === shown();
  place(page, goesOn && same ? ["daftar", "pesan", "samping"] : goesOn ? [...COUNTS, "pesan", "samping"] : REGIONS);
  const address = new URL(response.url);
  for (const told of ["hasil", "diurungkan"]) address.searchParams.delete(told);
  history.pushState(null, "", address);
}

/** The sentence of a page that says only why it cannot be opened. */
function problem(page) {
  const told = document.createElement("p");
  told.className = "problem";
  told.textContent = page.querySelector("[role=alert]")?.textContent ?? page.title;
  return told;
}

// ── Counts stay right while others work ─────────────────────────────────────────────────────────────────────────

setInterval(async () => {
  if (!byId("daftar") || document.hidden || waiting) return;
  const { page } = await fetched(location.href).catch(() => ({}));
  if (!page || waiting) return;
  const attended = (id) => byId(id)?.contains(document.activeElement); // nothing is taken from under somebody's hands
  place(page, attended("daftar") ? COUNTS.filter((id) => !attended(id)) : ["daftar"]);
}, 30_000);

// ── Work under way is looked at again until it is over ──────────────────────────────────────────────────────────

setInterval(async () => {
  if (!document.querySelector("[data-under-way]") || document.hidden) return;
  const { page } = await fetched(location.href).catch(() => ({}));
  if (!page) return;
  byId("isi").replaceChildren(...document.importNode(page.getElementById("isi"), true).childNodes);
  if (!document.querySelector("[data-under-way]")) document.querySelector("#isi h1").focus();
}, 1_000);

fetchAhead();
document.querySelector(".places [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" }); // on a phone the menu is longer than the screen
