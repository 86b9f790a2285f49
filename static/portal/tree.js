/* Opens and closes the branches of the tree that htmx has fetched. Without it each arrow is a link to the unit. */
(() => {
  "use strict";
  document.addEventListener("click", (event) => {
    const arrow = event.target.closest("[data-branch]");
    if (!arrow || !window.htmx || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const isOpen = arrow.getAttribute("aria-expanded") === "true";
    arrow.setAttribute("aria-expanded", String(!isOpen));
    document.getElementById(arrow.dataset.branch).hidden = isOpen;
  });

  // A session that has ended answers with another page, a broken line with none: follow the link instead.
  const follow = (event) => { window.location.href = event.detail.elt.href; };
  document.addEventListener("htmx:responseError", follow);
  document.addEventListener("htmx:sendError", follow);
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (new URL(event.detail.xhr.responseURL).pathname.endsWith("/children/")) return;
    event.detail.shouldSwap = false;
    follow({ detail: { elt: event.detail.requestConfig.elt } });
  });
})();
