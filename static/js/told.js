// A part of a class's page that depends on who looks, or on the address: the stream says when to ask for it again.
(() => {
  "use strict";
  const AT_MOST_EVERY_MS = 1000;
  const SPREAD_MS = 200; // not all pages in the same moment
  const part = document.querySelector("[data-told]");
  if (!part) return;
  const told = () => part.querySelector("[data-stream]").dataset;
  let due = null;
  let looked = Date.now();

  function look() {
    looked = Date.now();
    htmx.trigger(part, "refresh", {}, false);
  }

  function lookSoon() {
    const pause = Math.max(0, looked + AT_MOST_EVERY_MS - Date.now());
    due ??= setTimeout(() => {
      due = null;
      look();
    }, pause + Math.random() * SPREAD_MS);
  }

  const stream = listenToClass({ address: () => told().stream, on: { look: lookSoon }, look });
  part.addEventListener("htmx:after:swap", () => stream.openIfRefused());
  // To whom the page is not open any more it says so itself.
  part.addEventListener("htmx:response:error", (event) => {
    if ([401, 403, 404].includes(event.detail.ctx.response.status)) location.reload();
  });
  // What changes by nothing but time, such as how long it will take yet, is looked at although nothing is told.
  setInterval(() => {
    const seconds = Number(told().lookWithin ?? Infinity);
    if (!document.hidden && Date.now() - looked > seconds * 1000) look();
  }, 1000);
})();
