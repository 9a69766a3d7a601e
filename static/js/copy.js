// Blocks of code: a copy button, and lines that break between words only ("--\nname" is misread).
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

  function keepWordsWhole(code) {
    const parts = code.textContent.split(/(\s+)/).map((part) => {
      if (!part.trim()) return part;
      const word = document.createElement("span");
      word.className = "word";
      word.textContent = part;
      return word;
    });
    code.replaceChildren(...parts);
  }

  for (const code of document.querySelectorAll("pre > code")) {
    keepWordsWhole(code);
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
