// Copying a reply with one press, and counting it as X does while one writes. Without this file: select, copy, record.
"use strict";

const answers = document.querySelector(".answers");
const WEIGH_ONE = [[0, 4351], [8192, 8205], [8208, 8223], [8242, 8247]]; // code points; all others weigh 2
const EMOJI = /^(?:\p{Extended_Pictographic}|\p{Regional_Indicator}{2}|[0-9#*]\uFE0F?\u20E3)/u;
const LINK_WEIGHS = 23;

/** As `city/x_length.py` counts; a test holds the two together. */
function xLength(text) {
  const links = new RegExp(answers.dataset.linkPattern, "gi");
  const normal = text.normalize("NFC");
  let length = (normal.match(links) ?? []).length * LINK_WEIGHS;
  for (const { segment } of new Intl.Segmenter("id", { granularity: "grapheme" }).segment(normal.replace(links, ""))) {
    const first = segment.codePointAt(0);
    if (EMOJI.test(segment) && (first >= 0x203c || segment.includes("\u20e3"))) length += 2;
    else for (const character of segment) length += WEIGH_ONE.some(([from, to]) => from <= character.codePointAt(0) && character.codePointAt(0) <= to) ? 1 : 2;
  }
  return length;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text.value);
  } catch { // not given to pages without TLS
    text.focus();
    text.select();
    document.execCommand("copy");
  }
}

for (const form of answers.querySelectorAll("[data-reply]")) {
  const text = form.elements.teks;
  const [copying, recording] = [form.querySelector("[data-copy]"), form.querySelector("button[data-record]")];
  copying.hidden = false;
  for (const each of form.querySelectorAll("[data-record]")) each.hidden = true;
  copying.addEventListener("click", async () => {
    if (!text.reportValidity()) return;
    await copy(text);
    form.requestSubmit(recording);
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) copying.click();
  });
  const count = form.querySelector("[data-count]");
  if (count) text.addEventListener("input", () => {
    count.textContent = xLength(text.value);
    count.parentElement.classList.toggle("over", Number(count.textContent) > Number(text.dataset.limit));
  });
  form.addEventListener("submit", (event) => { // pressed twice, sent once
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}

// The next who waits for an answer, here or on another ticket; after the last one, the way back. Later than the browser's
// own jump to the address.
window.addEventListener("load", () => requestAnimationFrame(() => {
  ["[data-first]", "[data-next]", "[data-back]"].map((each) => answers.querySelector(each)).find(Boolean).focus();
}));
