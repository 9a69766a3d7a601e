// Keeps a page true while work goes on. The stream only says "look again"; htmx then fetches the page's live parts.
// This file sees to the rest: it says whether the stream is there, renews its key, and polls while it is away.
(() => {
  "use strict";
  const POLL_MS = 4000;
  const REGIONS = "#panel, #progress, #preparing, #support";
  const live = document.getElementById("live");
  const words = document.querySelector("[data-live-status]");
  const trouble = document.querySelector("[data-trouble]");
  let connected = false;
  let trying = true; // the first connection is made by htmx when the page has loaded

  // What a reader has opened or closed stays so when the panel is fetched again. A new attempt brings new ids.
  htmx.registerExtension("keep-open", {
    htmx_before_morph_attr: (element, detail) => !(element.tagName === "DETAILS" && detail.attrName === "open"),
  });

  if (!live) return;

  function show(nowConnected) {
    connected = nowConnected;
    words.hidden = false;
    words.dataset.state = connected ? "live" : "polling";
    words.textContent = connected ? "Live" : "Reconnecting – looking every few seconds";
  }

  // The button that was pressed may be gone after an update (carrying out hides its plan, the last hint its button):
  // then the nearest part around it that is still there has the focus.
  let held = [];
  document.addEventListener("htmx:before:swap", () => {
    const pressed = document.activeElement;
    held = [pressed?.closest("#panel .hints"), pressed?.closest("#panel")];
  });
  document.addEventListener("htmx:after:swap", () => {
    if (document.activeElement === document.body) held.find((part) => part?.isConnected)?.focus({ preventScroll: true });
  });

  function refresh(regions) {
    document.querySelectorAll(regions).forEach((region) => htmx.trigger(region, "refresh", {}, false));
  }

  const look = () => refresh(REGIONS);
  const lookForSupport = () => refresh("#support");

  function renew() {
    trying = true;
    htmx.trigger(live, "renew", {}, false);
  }

  document.addEventListener("htmx:before:sse:connection", (event) => {
    trying = true;
    if (event.detail.connection.attempt > 0 && !document.hidden) show(false);
  });
  // What happened to attempts meanwhile the stream tells itself; what somebody wrote it does not.
  let lapsed = false;
  document.addEventListener("htmx:after:sse:connection", () => {
    if (lapsed) lookForSupport();
    lapsed = true;
    show(true);
  });
  document.addEventListener("htmx:sse:error", (event) => {
    show(false);
    if (event.detail.status === 401) renew();
  });
  document.addEventListener("htmx:sse:close", () => {
    trying = false;
    show(false);
  });
  // A first connection that fails, or a key that cannot be fetched, is not tried again by htmx.
  document.addEventListener("htmx:finally:request", (event) => {
    if (live.contains(event.target) && !connected) trying = event.target === live && event.detail.ctx.status === "swapped";
  });

  // The answer to a click shows what it began: only the other pages have to look because of that.
  let clicks = 0;
  const counts = (by) => (event) => {
    if (event.detail.ctx.request.method === "POST") clicks += by;
  };
  document.addEventListener("htmx:before:request", counts(1));
  document.addEventListener("htmx:finally:request", counts(-1));

  // How an attempt goes on is told in bursts. Its end is looked at at once, and what comes before it a moment later,
  // once for all of it: a quick check then takes one look instead of two, and its end is seen sooner.
  const HOLD_MS = 150;
  let later = 0;
  function lookAtAttempts() {
    clearTimeout(later);
    later = 0;
    refresh("#panel, #progress");
  }
  document.addEventListener("attempt", (event) => {
    const { state } = JSON.parse(event.detail.data);
    if (clicks > 0 && state === "queued") return;
    if (state !== "queued" && state !== "running") lookAtAttempts();
    else later ||= setTimeout(lookAtAttempts, HOLD_MS);
  });

  // Of a message to many their pages do not all ask in the same moment.
  document.addEventListener(
    "support",
    (event) => {
      const within = JSON.parse(event.detail.data).within ?? 0;
      if (within < 1) return;
      event.stopPropagation();
      setTimeout(lookForSupport, Math.random() * within * 1000);
    },
    true,
  );

  // A click that fails must not pass in silence. A person who has signed out is sent to sign in by the answer itself.
  const REFUSALS = {
    403: "This page is too old for that click. Reload it and try again.",
    409: "That is not offered now: something is under way, or things have changed. The page shows how they stand.",
  };
  const LOST =
    "That click may not have reached the portal. The page shows how things stand; try again if nothing has begun.";
  function tell(event) {
    const ctx = event.detail.ctx;
    if (!trouble || ctx?.request.method !== "POST" || ctx.response?.status === 401) return;
    trouble.textContent = REFUSALS[ctx.response?.status] ?? LOST;
    trouble.hidden = false;
    if (ctx.response?.status === 409) look();
  }
  document.addEventListener("htmx:response:error", tell);
  document.addEventListener("htmx:error", tell);
  document.addEventListener("htmx:before:request", (event) => {
    if (trouble && event.detail.ctx.request.method === "POST") trouble.hidden = true;
  });

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) look();
  });

  setInterval(() => {
    if (connected || document.hidden) return;
    show(false);
    look();
    if (!trying) renew();
  }, POLL_MS);
})();
