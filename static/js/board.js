// Keeps the board, the wall and the causes true. Rows are replaced where they stand; nothing jumps unless asked to.
(() => {
  "use strict";
  const SPREAD_MS = 1500;
  const root = document.getElementById("board");
  if (!root) return;
  let looking = false;
  let lookAgain = null; // asked for while the page was being fetched: what came back may be older than that
  let due = null;

  function parsed(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    return template.content;
  }

  // Whoever has the focus keeps it: what replaces their part of the page has the same ids.
  function replaced(change) {
    const held = document.activeElement;
    const within = held?.closest?.("tr[id]")?.id;
    change();
    if (held?.isConnected || document.activeElement !== document.body) return;
    const again = held?.id ? document.getElementById(held.id) : within && document.querySelector(`#${within} a`);
    again?.focus({ preventScroll: true });
  }

  // By row, as it was sent, but for how long ago something was: what has not changed is left alone, and does not flash.
  const sent = new Map();
  const asSent = (row) => row.outerHTML.replace(/>[^<]*<\/time>/g, "></time>");

  function remember() {
    sent.clear();
    for (const row of root.querySelectorAll("tbody > tr[id]")) sent.set(row.id, asSent(row));
  }

  function putRow(row) {
    const there = row && document.getElementById(row.id);
    if (!there || sent.get(row.id) === asSent(row)) return;
    sent.set(row.id, asSent(row));
    const elsewhere = there.dataset.need !== row.dataset.need ? root.dataset.byNeed !== undefined : false;
    const further = root.dataset.sort === "progress" && there.dataset.done !== row.dataset.done;
    const seen = root.dataset.sort === "seen" && there !== root.querySelector("tbody > tr");
    row.classList.add("fresh");
    replaced(() => there.replaceWith(row));
    tellTimes(row);
    if (elsewhere || further || seen) offerToSort();
  }

  function putNow(html) {
    const now = root.querySelector("[data-now]");
    replaced(() => now.replaceChildren(parsed(html)));
    tellTimes(now);
  }

  function offerToSort() {
    const notice = root.querySelector("[data-moved]");
    if (!notice?.hidden) return;
    notice.querySelector("[data-moved-words]").textContent = "Somebody’s place in this order has changed.";
    notice.hidden = false;
  }

  function tellTimes(within) {
    within.dispatchEvent(new Event("times", { bubbles: true }));
  }

  const idsIn = (event) => event.data.split(" ").map((key) => `m${key}`);

  const on = {
    now: (event) => putNow(event.data),
    row: (event) => putRow(parsed(event.data).querySelector("tr")),
    // Not all pages at once: after a restart of the portal every one of them is told so in the same moment.
    look: () => lookSoon({ sort: false }),
    moved: (event) => {
      if (root.querySelector("[data-empty]")) lookSoon({ sort: true });
      else if (root.dataset.byNeed !== undefined && idsIn(event).some((id) => !document.getElementById(id))) offerToSort();
    },
    gone: (event) => {
      for (const id of idsIn(event)) {
        const row = document.getElementById(id);
        sent.delete(id);
        row?.classList.add("left");
        row?.setAttribute("aria-label", "No longer in the class");
      }
    },
  };

  function lookSoon(how) {
    due ??= setTimeout(() => {
      due = null;
      look(how);
    }, Math.random() * SPREAD_MS);
  }

  // Fetches the page's live part. With sort everything is taken over; without, each row where it stands.
  async function look({ sort }) {
    if (looking) {
      lookAgain = { sort: sort || Boolean(lookAgain?.sort) };
      return;
    }
    looking = true;
    try {
      const answer = await fetch(location.href, { headers: { "HX-Request": "true" }, redirect: "error" });
      if (!answer.ok) {
        if ([401, 403, 404].includes(answer.status)) location.reload();
        return;
      }
      const fresh = parsed(await answer.text()).getElementById("board");
      if (fresh) takeOver(fresh, sort);
    } catch {
      // the portal is away; the next look comes soon
    } finally {
      looking = false;
      if (lookAgain) lookSoon(lookAgain);
      lookAgain = null;
    }
  }

  function takeOver(fresh, sort) {
    const order = (part) => [...part.querySelectorAll("tbody > tr[id]")].map((row) => row.id).join();
    const same = order(fresh) === order(root);
    if (sort || root.querySelector("[data-empty]")) {
      root.replaceChildren(...fresh.childNodes);
      remember();
      tellTimes(root);
    } else {
      putNow(fresh.querySelector("[data-now]").innerHTML);
      for (const row of fresh.querySelectorAll("tbody > tr[id]")) putRow(row);
      if (!same) offerToSort();
    }
    root.dataset.stream = fresh.dataset.stream;
    if (sort) stream.open();
    else stream.openIfRefused();
  }

  root.addEventListener("click", (event) => {
    if (!event.target.closest("[data-again]")) return;
    event.preventDefault();
    look({ sort: true }).then(() => root.querySelector("table.board th a, table.board")?.focus({ preventScroll: true }));
  });
  // From student to student: with Tab alone it is a long way past fifty of them.
  root.addEventListener("keydown", (event) => {
    const row = event.target.closest?.("tbody th")?.parentElement;
    if (!row || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const rows = [...root.querySelectorAll("tbody > tr")];
    const at = rows.indexOf(row);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    rows[to]?.querySelector("th a").focus();
  });
  root.addEventListener("change", (event) => {
    if (event.target.matches("[data-filters] select")) event.target.form.requestSubmit();
  });
  // What is left open says nothing: a short address can be read, and kept.
  root.addEventListener("submit", (event) => {
    for (const field of event.target.elements) {
      const usual = { sort: "need", show: "50" }[field.name] ?? "";
      if (field.name && field.value === usual) field.disabled = true;
    }
  });
  addEventListener("pageshow", () => root.querySelectorAll("[data-filters] :disabled").forEach((field) => (field.disabled = false)));
  remember();
  const stream = listenToClass({ address: () => root.dataset.stream, on, look: () => look({ sort: false }) });
})();
