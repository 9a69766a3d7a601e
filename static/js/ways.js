// Turns the ways to do a task (portal, Azure CLI, PowerShell) into tabs and remembers the reader's choice.
// Without this file they are sections with links to them.
(() => {
  "use strict";
  const KEY = "way";
  const box = document.querySelector("[data-ways]");
  if (!box) return;
  const tabs = [...box.querySelectorAll("a[data-way]")];
  const sections = [...box.querySelectorAll("section[data-way]")];

  function remembered() {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null; // storage may be forbidden; then nothing is remembered
    }
  }

  function remember(way) {
    try {
      localStorage.setItem(KEY, way);
    } catch {
      /* as above */
    }
  }

  function choose(way) {
    for (const tab of tabs) {
      const chosen = tab.dataset.way === way;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
    }
    for (const section of sections) section.hidden = section.dataset.way !== way;
  }

  function pick(tab) {
    choose(tab.dataset.way);
    remember(tab.dataset.way);
    tab.focus();
  }

  function onKey(event) {
    const at = tabs.indexOf(event.currentTarget);
    const steps = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 };
    if (!(event.key in steps)) {
      if (event.key !== " ") return;
      steps[" "] = at;
    }
    event.preventDefault();
    pick(tabs.at(steps[event.key] % tabs.length));
  }

  box.querySelector("nav").setAttribute("role", "tablist");
  for (const tab of tabs) {
    tab.setAttribute("role", "tab");
    tab.id = `tab-${tab.dataset.way}`;
    tab.setAttribute("aria-controls", `way-${tab.dataset.way}`);
    tab.addEventListener("click", (event) => {
      event.preventDefault();
      pick(tab);
    });
    tab.addEventListener("keydown", onKey);
  }
  for (const section of sections) {
    section.setAttribute("role", "tabpanel");
    section.setAttribute("aria-labelledby", `tab-${section.dataset.way}`);
  }
  const known = (way) => tabs.some((tab) => tab.dataset.way === way);
  const wanted = [location.hash.replace("#way-", ""), remembered()].find(known);
  choose(wanted ?? tabs[0].dataset.way);
  box.dataset.ready = "";
})();
