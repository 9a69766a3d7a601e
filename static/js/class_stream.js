// The stream of a class, for the pages of those who teach. It says whether the stream is there; while it is not, the
// page looks by itself every few seconds.
(() => {
  "use strict";
  const POLL_MS = 5000;
  const AWAY_MS = 20_000;

  // address(): where the stream is now. on: what to do, by event. look(): asks for the page again.
  globalThis.listenToClass = ({ address, on, look }) => {
    const words = document.querySelector("[data-live-status]");
    let source = null;
    let connected = false;

    function show(nowConnected) {
      connected = nowConnected;
      words.hidden = false;
      words.dataset.state = connected ? "live" : "polling";
      words.textContent = connected ? "Live" : "Reconnecting – looking every few seconds";
    }

    function open() {
      source?.close();
      source = new EventSource(address());
      source.addEventListener("open", () => show(true));
      source.addEventListener("error", () => show(false));
      for (const [name, act] of Object.entries(on)) source.addEventListener(name, act);
    }

    // A stream that was refused, because its key has run out, is not opened again by the browser.
    function openIfRefused() {
      if (source.readyState === EventSource.CLOSED) open();
    }

    // A page that nobody sees leaves its stream: a browser keeps six connections to a place, for all of its tabs.
    let away = 0;
    function leaveSoon() {
      away = setTimeout(() => {
        source.close();
        connected = false;
      }, AWAY_MS);
    }

    document.addEventListener("visibilitychange", () => {
      clearTimeout(away);
      if (document.hidden) leaveSoon();
      else if (source.readyState === EventSource.CLOSED) look(); // which brings the stream's new address
    });

    open();
    if (document.hidden) leaveSoon();
    setInterval(() => {
      if (!connected && !document.hidden) look();
    }, POLL_MS);
    return { open, openIfRefused };
  };
})();
