// What htmx does not do by itself: say what changed, put the focus where reading goes on, keep what was typed, print, keep
// the language link true.
"use strict";

document.addEventListener("htmx:afterSettle", (event) => {
  const status = document.getElementById("status");
  const said = event.target.querySelector?.("[data-announce]") ?? document.querySelector("#case [data-announce]");
  if (status && said) status.textContent = said.textContent.replace(/\s+/g, " ").trim();
  showPrintButtons();
});

document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.requestConfig?.parameters?.do !== "compute") return;
  setTimeout(() => {
    const next = document.getElementById("errors") ?? document.getElementById("result-title");
    next?.focus({ preventScroll: true });
    next?.scrollIntoView({ block: "start" });
  }, 50);
});

// A choice asks the server which fields it needs; what was typed and selected meanwhile must outlive the exchange of the form.
let typed = null;
let selected = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  const form = document.querySelector("form.case");
  const refreshes = form && event.detail.requestConfig?.parameters?.do === "refresh";
  typed = refreshes ? new FormData(form) : null;
  const { id, selectionStart, selectionEnd } = document.activeElement;
  selected = refreshes && typeof selectionStart === "number" ? { id, selectionStart, selectionEnd } : null;
});
document.addEventListener("htmx:afterSwap", () => {
  for (const [name, value] of typed ?? []) {
    const box = document.querySelector("form.case").elements.namedItem(name);
    if (box?.matches?.("input:not([type=hidden]), select") && box.value !== value) box.value = value;
  }
  if (selected) document.getElementById(selected.id)?.setSelectionRange?.(selected.selectionStart, selected.selectionEnd);
  typed = selected = null;
});

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-print]")) window.print();
  const language = event.target.closest?.("a[data-language]");
  if (language && !location.pathname.startsWith("/import")) {
    const here = new URL(location.href);
    here.searchParams.set("lang", language.dataset.language);
    language.href = here.pathname + here.search;
  }
});

// A block copied from a spreadsheet: into a year it replaces the grid (the server reads it), elsewhere it fills the cells from
// there on, right and down.
document.addEventListener("paste", (event) => {
  const box = event.target.closest?.("[data-grid] input");
  const text = event.clipboardData?.getData("text/plain") ?? "";
  const lines = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n");
  if (!box || (lines.length < 2 && !text.includes("\t"))) return;
  event.preventDefault();
  const grid = box.closest("[data-grid]");
  if (box.name.endsWith("_year")) {
    const number = grid.dataset.grid;
    onceSettled(() => {
      document.getElementById(`m${number}_paste`).value = text;
      document.querySelector(`button[name=do][value=paste_${number}]`).click();
    });
    return;
  }
  const rows = [...grid.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("input")]);
  const from = rows.findIndex((row) => row.includes(box));
  const column = rows[from].indexOf(box);
  lines.forEach((line, down) => {
    line.split("\t").forEach((cell, right) => {
      const target = rows[from + down]?.[column + right];
      if (target) target.value = cell.trim();
    });
  });
  const left = lines.length - (rows.length - from);
  const status = document.getElementById("status");
  if (status && left > 0) status.textContent = document.documentElement.lang === "vi" ? `${left} dòng không vừa bảng: thêm năm.` : `${left} rows did not fit: add years.`;
  box.dispatchEvent(new Event("input", { bubbles: true }));
});

// A choice that is still being answered exchanges the form: what is done to the old one would be lost with it.
function onceSettled(go) {
  if (!document.querySelector("form.case select.htmx-request, form.case input.htmx-request")) return go();
  let gone = false;
  const once = () => {
    if (!gone) go();
    gone = true;
  };
  document.addEventListener("htmx:afterSettle", once, { once: true });
  setTimeout(once, 2000);
}

// Paper cannot be unfolded.
window.addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("main details:not([open])")) {
    folded.open = true;
    folded.dataset.unfolded = "";
  }
});
window.addEventListener("afterprint", () => {
  for (const unfolded of document.querySelectorAll("details[data-unfolded]")) {
    unfolded.open = false;
    delete unfolded.dataset.unfolded;
  }
});

function showPrintButtons() {
  for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;
}

showPrintButtons();
