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
