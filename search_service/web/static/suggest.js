/* Suggestions under a search box while somebody types: a combobox after WAI-ARIA 1.2. The list only offers:
   nothing is chosen by itself, and what was typed stays. Without an answer the box is a plain one. */
(() => {
  "use strict";
  const PAUSE_MS = 150; /* longer than between the keys of a quick typist, shorter than a wait */
  const FEWEST = 2; /* one letter suggests what is used most, whatever was meant */
  const KINDS = { theme: "Theme", organisation: "Organisation", phrase: "Search", practice: "Practice" };
  const status = document.getElementById("status");

  function element(name, text, attributes = {}) {
    const made = document.createElement(name);
    made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  function counted(number, word) {
    return `${number.toLocaleString("en-GB")} ${word}${number === 1 ? "" : "s"}`;
  }

  function enhance(box) {
    const id = `${box.id}-suggestions`;
    const list = element("ul", "", { id, class: "suggestions", role: "listbox", "aria-label": "Suggestions" });
    let active = -1;
    let timer = 0;
    let asking = new AbortController();

    function forget() {
      clearTimeout(timer);
      asking.abort();
    }

    function show(open) {
      list.hidden = !open;
      box.setAttribute("aria-expanded", String(open));
      mark(-1);
    }

    /* Marks one suggestion; -1 marks none, which is the box itself. */
    function mark(place) {
      active = place;
      [...list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === place)));
      if (place < 0) {
        box.removeAttribute("aria-activedescendant");
        return;
      }
      box.setAttribute("aria-activedescendant", list.children[place].id);
      list.children[place].scrollIntoView({ block: "nearest" });
    }

    function option(one, at) {
      const made = element("li", "", { id: `${id}-${at}`, role: "option" });
      const kind = one.kind === "practice" ? KINDS.practice : `${KINDS[one.kind]}, ${counted(one.practices, "practice")}`;
      made.append(element("span", one.text, { dir: "auto" }), " ", element("span", kind, { class: "muted small" }));
      made.addEventListener("click", () => choose(one));
      return made;
    }

    /* Where the box looks for something to add, whatever is chosen is searched for there. */
    function choose(one) {
      forget();
      show(false);
      if (one.url && !("searches" in box.dataset)) {
        location.assign(one.url);
        return;
      }
      box.value = one.text;
      box.form.submit();
    }

    async function ask() {
      const { signal } = (asking = new AbortController());
      let found = [];
      try {
        const answer = await fetch(`${box.dataset.suggest}?${new URLSearchParams({ q: box.value })}`, { signal });
        if (answer.ok) found = (await answer.json()).suggestions;
      } catch {
        /* no network: a plain box */
      }
      if (signal.aborted || document.activeElement !== box) return;
      list.replaceChildren(...found.map(option));
      show(found.length > 0);
      status.textContent = found.length ? counted(found.length, "suggestion") : "";
    }

    function move(step) {
      forget();
      const places = list.children.length + 1;
      if (list.hidden) show(true);
      mark(((active + 1 + step + places) % places) - 1);
    }

    const keys = {
      ArrowDown: () => move(1),
      ArrowUp: () => move(-1),
      Enter: () => list.children[active].click(),
      Escape: () => show(false),
    };

    function press(event) {
      if (event.isComposing) return;
      if (event.key === "Escape" || event.key === "Enter") forget();
      const arrow = event.key.startsWith("Arrow") && list.children.length;
      const usable = { Enter: active >= 0, Escape: !list.hidden, ArrowDown: arrow, ArrowUp: arrow }[event.key];
      if (usable) {
        event.preventDefault();
        keys[event.key]();
      } else if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) {
        mark(-1);
      }
    }

    function type() {
      forget();
      if (box.value.trim().length >= FEWEST) {
        timer = setTimeout(ask, PAUSE_MS);
        return;
      }
      list.replaceChildren();
      show(false);
    }

    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", id]]) {
      box.setAttribute(name, value);
    }
    box.after(list);
    show(false);
    box.addEventListener("input", type);
    box.addEventListener("keydown", press);
    box.addEventListener("blur", () => {
      forget();
      show(false);
    });
    list.addEventListener("mousedown", (event) => event.preventDefault()); /* the box keeps the focus */
  }

  for (const box of document.querySelectorAll("[data-suggest]:not([role])")) enhance(box);
})();
