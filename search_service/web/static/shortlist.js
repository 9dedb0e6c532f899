/* Keeps a shortlist in this browser. Without it the links do the same, with the list in the address. */
(() => {
  "use strict";
  const KEY = "practice-finder.shortlist";
  const badge = document.querySelector("[data-shortlist]");
  const most = Number(badge.dataset.shortlist);
  const page = badge.pathname;
  const buttons = new Map();
  const status = document.getElementById("status");

  function element(name, text, kind) {
    const made = document.createElement(name);
    made.textContent = text;
    made.className = kind || "";
    return made;
  }

  /* What is kept may be of another version, or written by hand: only what looks like ids counts. */
  function kept() {
    try {
      const ids = JSON.parse(localStorage.getItem(KEY));
      const good = Array.isArray(ids) ? ids.filter((id) => typeof id === "string" && /^[a-z0-9-]{1,80}$/.test(id)) : [];
      return [...new Set(good)].slice(0, most);
    } catch {
      return [];
    }
  }

  function keep(ids) {
    try {
      localStorage.setItem(KEY, JSON.stringify(ids));
      return true;
    } catch {
      status.textContent = "Your browser does not let this page keep anything.";
      return false;
    }
  }

  function address(ids) {
    const query = new URLSearchParams(ids.map((id) => ["id", id])).toString();
    return query ? `${page}?${query}` : page;
  }

  function counted(number) {
    return `${number} ${number === 1 ? "practice" : "practices"}`;
  }

  function draw() {
    const ids = kept();
    badge.href = address(ids);
    badge.textContent = ids.length ? `Shortlist (${ids.length})` : "Shortlist";
    for (const [button, id] of buttons) {
      button.firstChild.textContent = ids.includes(id) ? "Remove from shortlist" : "Add to shortlist";
    }
    offer(ids);
  }

  function toggle(id) {
    const ids = kept();
    const without = ids.filter((other) => other !== id);
    const adds = without.length === ids.length;
    if (adds && ids.length >= most) {
      status.textContent = `A shortlist holds ${most} practices. Remove one first.`;
      return;
    }
    const now = adds ? [...ids, id] : without;
    if (keep(now)) {
      status.textContent = `${adds ? "Added" : "Removed"}. ${counted(now.length)} in your shortlist.`;
      draw();
    }
  }

  function makeButton(link) {
    const button = element("button", "", "choose");
    button.type = "button";
    button.append(element("span", ""), link.querySelector(".unseen"));
    button.addEventListener("click", () => toggle(link.dataset.add));
    buttons.set(button, link.dataset.add);
    link.replaceWith(button);
  }

  /* On the page of a list: say where it differs from the one that is kept, and let it be kept. */
  function offer(ids) {
    const note = document.querySelector("[data-kept]");
    if (!note) return;
    const shown = note.dataset.kept.split(" ").filter(Boolean);
    note.hidden = shown.join() === ids.join();
    note.replaceChildren();
    if (ids.length) {
      const own = element("a", counted(ids.length));
      own.href = address(ids);
      note.append(element("p", "This browser keeps another list, of "));
      note.firstChild.append(own, ".");
    }
    if (shown.length) {
      const button = element("button", `Keep this list ${ids.length ? "instead" : "in this browser"}`, "quiet");
      button.type = "button";
      button.addEventListener("click", () => {
        if (keep(shown)) {
          status.textContent = `Kept. ${counted(shown.length)} in your shortlist.`;
          draw();
          document.getElementById("main").focus();
        }
      });
      note.append(button);
    }
  }

  /* A link from the kept list to a longer or shorter one changes what is kept as well. */
  function follow(link) {
    const shown = document.querySelector("[data-kept]").dataset.kept;
    if (shown === kept().join(" ")) keep(new URL(link.href).searchParams.getAll("id"));
  }

  /* Makes every link a button, but on the page of a list. Practices that are shown later come the same way. */
  function take() {
    buttons.forEach((_, button) => button.isConnected || buttons.delete(button));
    const onList = document.querySelector("[data-kept]");
    for (const link of document.querySelectorAll("a[data-add], a[data-follow]")) {
      if (onList) link.addEventListener("click", () => follow(link));
      else makeButton(link);
    }
    draw();
  }

  addEventListener("storage", draw);
  addEventListener("pageshow", draw);
  document.addEventListener("practices-shown", take);
  take();
})();
