// A copy button on every block of code.
(() => {
  "use strict";
  const SHOWN_MS = 2000;

  function select(code) {
    const range = document.createRange();
    range.selectNodeContents(code);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }

  async function copy(code, button) {
    try {
      await navigator.clipboard.writeText(code.textContent.trimEnd());
      button.textContent = "Copied";
    } catch {
      select(code); // the clipboard is closed to pages without https; the keyboard is not
      button.textContent = "Selected: press Ctrl+C";
    }
    setTimeout(() => (button.textContent = "Copy"), SHOWN_MS);
  }

  for (const code of document.querySelectorAll("pre > code")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.addEventListener("click", () => copy(code, button));
    const box = document.createElement("div");
    box.className = "code";
    code.parentElement.replaceWith(box);
    const pre = document.createElement("pre");
    pre.append(code);
    box.append(pre, button);
  }
})();
