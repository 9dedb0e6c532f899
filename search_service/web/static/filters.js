/* Filters and order of the results change them in place, by the address that "Apply filters" leads to.
   Whatever goes wrong, the browser goes to that address, which shows the same or says what is wrong. */
(() => {
  "use strict";
  const SLOW_MS = 400; /* a shorter wait is not seen as one, and a flash of "Updating" would be */
  const form = document.getElementById("finder");
  if (!document.getElementById("found")) return;
  const status = document.getElementById("status");
  let shown = location.pathname + location.search;
  let asking = new AbortController();

  const leave = () => asking.abort(); /* whoever goes elsewhere meanwhile is not called back */
  const part = (id, page = document) => page.getElementById(id);

  /* The same address as without a script, but for what says nothing, as half a year. */
  function address() {
    const says = ([name, value]) => (/^(from|to)$/.test(name) ? /^\d{4}$/.test(value) : value !== "");
    const pairs = [...new FormData(form)].filter(says);
    const usual = part("sort")?.options[0].value;
    const query = new URLSearchParams(pairs.filter(([name, value]) => name !== "sort" || value !== usual)).toString();
    return query ? `${form.action}?${query}` : form.action;
  }

  /* Puts `fresh` in the place of `old`. The control in use, and what holds it, stay: a control that is taken
     out and put back loses the focus, and a screen reader its place. */
  function graft(old, fresh, used, twin) {
    if (old === used) {
      used.checked = twin.checked;
      used.value = twin.value;
      return;
    }
    const stays = [...old.children].find((child) => child.contains(used));
    const mirror = [...fresh.children].find((child) => child.contains(twin));
    if (!stays || !mirror || stays.tagName !== mirror.tagName || stays.className !== mirror.className) {
      old.replaceWith(fresh);
      return;
    }
    const nodes = [...fresh.childNodes];
    const at = nodes.indexOf(mirror);
    [...old.childNodes].forEach((node) => node === stays || node.remove());
    stays.before(...nodes.slice(0, at));
    stays.after(...nodes.slice(at + 1));
    graft(stays, mirror, used, twin);
  }

  function draw(page) {
    const [old, fresh] = [part("found"), part("found", page)];
    const used = document.activeElement;
    const inside = old.contains(used);
    for (const fold of fresh.querySelectorAll("details[id]")) fold.open = part(fold.id)?.open ?? fold.open;
    const twin = inside && used.id ? part(used.id, page) : null;
    graft(old, fresh, used, twin);
    if (inside && document.activeElement !== used) (twin ?? part("results")).focus();
    document.title = page.title;
    document.querySelector("link[rel=alternate]").href = page.querySelector("link[rel=alternate]").href;
    if (used !== form.elements.q) form.elements.q.value = part("q", page).value;
    dress();
    document.dispatchEvent(new Event("practices-shown"));
    status.textContent = part("results").dataset.said;
  }

  async function read(url, signal) {
    const answer = await fetch(url, { signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok || !part("found", page)) throw new Error("these are no results");
    return page;
  }

  /* Only the last that was asked for is drawn; `done` is what to do once it can be, `failed` if it cannot. */
  async function show(url, done, failed) {
    asking.abort();
    const { signal } = (asking = new AbortController());
    addEventListener("beforeunload", leave);
    status.textContent = "";
    const slow = setTimeout(() => {
      part("found").classList.add("slow");
      status.textContent = "Updating the results";
    }, SLOW_MS);
    try {
      const page = await read(url, signal);
      if (signal.aborted) return;
      done();
      shown = location.pathname + location.search;
      draw(page);
    } catch {
      if (!signal.aborted) failed();
    } finally {
      clearTimeout(slow);
      removeEventListener("beforeunload", leave);
      if (!signal.aborted) part("found").classList.remove("slow");
    }
  }

  /* What applied the choices now leads to what they found; on wide screens, where that is in sight, it goes. */
  function dress() {
    const [apply, sort] = [part("apply"), document.querySelector(".sort button")];
    if (apply) {
      apply.type = "button";
      apply.className = "in-place";
      apply.textContent = `Show ${part("results").dataset.said}`;
    }
    if (sort) sort.hidden = true;
  }

  document.addEventListener("change", ({ target }) => {
    if (target.form !== form || !target.matches("select, [type=checkbox]")) return;
    const url = address();
    show(url, () => history.pushState(null, "", url), () => location.assign(url));
  });
  document.addEventListener("click", ({ target }) => {
    if (target.id !== "apply") return;
    part("filter-panel").open = false;
    part("results").focus();
  });
  addEventListener("popstate", () => {
    if (location.pathname + location.search === shown) return;
    show(location.href, () => {}, () => location.reload());
  });
  dress();
})();
