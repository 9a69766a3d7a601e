// Times are sent in UTC and shown in the reader's own time zone.
(() => {
  "use strict";
  const styles = {
    time: new Intl.DateTimeFormat(undefined, { timeStyle: "medium" }),
    datetime: new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" }),
  };

  function localise() {
    for (const element of document.querySelectorAll("time[data-local]")) {
      const words = styles[element.dataset.local].format(new Date(element.dateTime));
      if (element.textContent !== words) element.textContent = words;
    }
  }

  localise();
  document.addEventListener("htmx:after:swap", localise);
})();
