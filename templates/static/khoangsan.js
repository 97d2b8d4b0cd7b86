// What htmx does not do by itself: say what changed, put the focus where reading goes on, print, keep the language link true.
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
