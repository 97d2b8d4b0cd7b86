// The public board, live: figures change with each bid; where more than figures changed, the page is asked for anew. Time is the
// server's, carried on by a clock that no device setting moves. The browser resumes a cut stream by itself (Last-Event-ID).
"use strict";

(() => {
  const vi = document.documentElement.lang === "vi";
  const connection = document.getElementById("connection");
  const part = (name) => document.querySelector(`#board [data-${name}]`);
  const told = () => document.getElementById("board").dataset;
  const [opened] = performance.getEntriesByType("navigation");
  let offset = Date.parse(told().now) - (opened?.responseStart ?? performance.now());
  let seen = []; // sequences of bids; those beyond the page's own are not in its count yet
  let asked = false;

  // Exact: a rate is a whole number over a power of ten.
  function ratio(text) {
    const [whole, decimals = ""] = String(text).split(".");
    return [BigInt(whole + decimals), 10n ** BigInt(decimals.length)];
  }
  const halfUp = (num, den) => (2n * num + den) / (2n * den);
  function number(text) {
    const [whole, decimals] = String(text).split(".");
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, vi ? "." : ",");
    return decimals ? grouped + (vi ? "," : ".") + decimals : grouped;
  }
  const money = (whole) => (vi ? `${number(whole)} đồng` : `VND ${number(whole)}`);

  function show(state) {
    const board = told();
    const count = seen.filter((seq) => seq > Number(board.seq)).length;
    part("count").textContent = Number(board.bids) + count;
    if (state.best === "") return;
    part("best").textContent = board.unit === "rate" ? `${number(state.best)}\u00a0%` : money(state.best);
    part("meaning").hidden = false;
    const [num, den] = ratio(state.best);
    const [first, places] = ratio(board.start);
    const hundredths = String(halfUp(num * places * 100n, den * first)).padStart(3, "0");
    part("times").textContent = number(`${hundredths.slice(0, -2)}.${hundredths.slice(-2)}`.replace(/\.?0+$/, ""));
    if (part("implied")) part("implied").textContent = money(halfUp(BigInt(board.price) * num, den * 100n));
    if (part("leaders")) part("leaders").textContent = state.leaders.join(", ");
  }

  // Everybody is told at the same moment: the requests are spread over two seconds.
  function askAnew() {
    if (asked) return;
    asked = true;
    setTimeout(async () => {
      asked = false;
      try {
        const answer = await fetch(location.href);
        const text = await answer.text();
        const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("board");
        if (!fresh || Number(fresh.dataset.seq) < Number(told().seq)) return;
        document.getElementById("board").replaceWith(document.adoptNode(fresh));
        offset = Date.parse(told().now) - performance.now();
        seen = seen.filter((seq) => seq > Number(told().seq));
        if (latest && latest.seq > Number(told().seq)) take(latest);
      } catch {
        askAnew();
      }
    }, 100 + Math.random() * 1900);
  }

  const STRUCTURE = ["stage", "phase", "round", "calls", "paused_at", "signalled", "tied", "bidders_present", "opens_at"];
  let latest = null;
  function take(state) {
    latest = state;
    const board = told();
    if (state.seq <= Number(board.seq)) return;
    show(state);
    if (state.ends_at && state.phase === "bidding" && !state.paused_at) board.until = state.ends_at;
    const led = state.leaders.length > 0;
    if (STRUCTURE.map((name) => String(state[name]).toLowerCase()).join("|") !== board.key || led !== Boolean(part("leaders"))) askAnew();
  }

  function listen() {
    const stream = new EventSource(`/v1/sessions/${encodeURIComponent(told().session)}/stream`);
    let first = true;
    stream.addEventListener("bid", (event) => seen.push(JSON.parse(event.data).seq));
    stream.addEventListener("gap", askAnew);
    stream.addEventListener("state", (event) => {
      const state = JSON.parse(event.data);
      if (first && state.seq > Number(told().seq)) askAnew(); // bids between page and stream are not counted yet
      first = false;
      take(state);
    });
    stream.addEventListener("open", () => say(true));
    stream.addEventListener("error", () => {
      say(false);
      // An answer that is no stream (a server that is starting) ends the browser's own attempts.
      if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 1000 + Math.random() * 2000);
    });
  }
  function say(live) {
    connection.hidden = false;
    connection.textContent = live ? connection.dataset.live : connection.dataset.lost;
    connection.classList.toggle("lost", !live);
  }
  listen();

  setInterval(() => {
    const box = part("left");
    if (!box) return;
    const left = Math.max(0, Math.ceil((Date.parse(told().until) - offset - performance.now()) / 1000));
    const two = (value) => String(value).padStart(2, "0");
    const days = Math.floor(left / 86400);
    const clock = `${two(Math.floor(left / 3600) % 24)}:${two(Math.floor(left / 60) % 60)}:${two(left % 60)}`;
    box.textContent = days ? `${days} ${vi ? "ngày" : days === 1 ? "day" : "days"} ${clock}` : clock;
  }, 250);
})();
