/* Puts a button that copies beside an address which is shown to be copied by hand. */
(() => {
  "use strict";
  const status = document.getElementById("status");
  if (!navigator.clipboard) return;
  for (const place of document.querySelectorAll("[data-copy]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "choose no-print";
    button.textContent = "Copy link";
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(place.dataset.copy);
        status.textContent = button.textContent = "Link copied";
      } catch {
        status.textContent = button.textContent = "Your browser does not let this page copy";
      }
    });
    place.append(" ", button);
  }
})();
