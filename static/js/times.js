// Times are sent in UTC and shown in the reader's own time zone; how long ago something was goes on being true.
(() => {
  "use strict";
  const styles = {
    time: new Intl.DateTimeFormat(undefined, { timeStyle: "medium" }),
    datetime: new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" }),
    exact: new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" }),
  };

  const TICK_MS = 15_000;

  function localise(within) {
    for (const element of within.querySelectorAll("time[data-local]")) {
      const words = styles[element.dataset.local].format(new Date(element.dateTime));
      if (element.textContent !== words) element.textContent = words;
    }
  }

  // As the server words it (labportal/board/templatetags/board.py).
  function wordsAgo(milliseconds) {
    const minutes = Math.floor(milliseconds / 60_000);
    if (minutes < 1) return "just now";
    if (minutes < 60) return `${minutes} min ago`;
    if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ago`;
    return `${Math.floor(minutes / (24 * 60))} days ago`;
  }

  function tellHowLongAgo(within) {
    for (const time of within.querySelectorAll("time[data-ago]")) {
      const moment = new Date(time.dateTime);
      const said = wordsAgo(Date.now() - moment);
      if (time.textContent !== said) time.textContent = said;
      if (!time.dataset.told) {
        time.title = styles.exact.format(moment);
        time.dataset.told = "";
      }
    }
  }

  function tell(within) {
    localise(within);
    tellHowLongAgo(within);
  }

  function tellWhatIsSeen() {
    if (!document.hidden) tellHowLongAgo(document);
  }

  tell(document);
  document.addEventListener("htmx:after:swap", () => tell(document));
  document.addEventListener("times", (event) => tell(event.target));
  document.addEventListener("visibilitychange", tellWhatIsSeen);
  setInterval(tellWhatIsSeen, TICK_MS);
})();
