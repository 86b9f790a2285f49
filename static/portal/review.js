/* The review queue by keyboard: j and k move, a approves, r goes to the reason, o opens, x selects, ? helps.
   Without it, and without htmx, every line is a link and every decision a form. */
(() => {
  "use strict";
  const all = (query) => [...document.querySelectorAll(query)];
  const one = (query) => document.querySelector(query);
  const links = () => all(".line-link");
  const current = () => one(".line-link[aria-current]");
  const isTyping = (target) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null;
  const isBusy = () => one(".review.is-busy") !== null;

  const mark = (link) => {
    links().forEach((other) => other.removeAttribute("aria-current"));
    if (!link) return;
    link.setAttribute("aria-current", "true");
    link.closest("li").scrollIntoView({ block: "nearest" });
  };

  const move = (step) => {
    const listed = links();
    const at = listed.indexOf(current());
    const next = listed[at < 0 ? (step > 0 ? 0 : listed.length - 1) : at + step];
    const page = one(step > 0 ? ".review-pages [rel=next]" : ".review-pages [rel=prev]");
    const pane = one("#review-pane");
    if (next) {
      // Marked at once, so that the next key starts from here while the record is still on its way.
      mark(next);
      next.click();
    }
    if (next) return;
    if (page) page.click();
    else if (step > 0 && !listed.length && pane && pane.dataset.next) window.location.href = pane.dataset.next;
  };

  const open = () => {
    const link = current();
    const photo = one("#review-pane [data-picture], #review-pane .file-name[href]");
    if (!link && links().length) links()[0].click();
    else if (photo) photo.click();
  };

  const reason = () => {
    const field = one("#review-pane .ready-reasons input") || one("#review-pane textarea[name=note]");
    if (!field || isBusy()) return;
    field.focus();
    field.scrollIntoView({ block: "nearest" });
  };

  const select = () => {
    const line = (current() || links()[0] || document.body).closest("li");
    const box = line && line.querySelector("[name=ticked]");
    if (!box) return;
    box.checked = !box.checked;
    count();
  };

  const count = () => {
    const boxes = all("[name=ticked]");
    const n = boxes.filter((box) => box.checked).length;
    const label = one("[data-ticked]");
    const head = one("[data-all]");
    if (label) label.dataset.count = n ? String(n) : "";
    if (head) {
      head.checked = n > 0 && n === boxes.length;
      head.indeterminate = n > 0 && n < boxes.length;
    }
  };

  const help = () => {
    const dialog = one("#review-keys");
    if (!dialog.open) dialog.showModal();
  };

  // Not while another record is on its way: nobody decides on what they do not see.
  const approve = () => {
    const button = one("#review-pane [data-key=a]");
    if (button && !isBusy()) button.click();
  };

  const keys = {
    j: () => move(1),
    k: () => move(-1),
    o: open,
    r: reason,
    x: select,
    a: approve,
    "?": help,
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isTyping(event.target)) return event.target.blur();
    const form = event.target.form;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form && form.matches("[data-return]")) {
      event.preventDefault();
      return form.requestSubmit();
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || one("dialog[open]")) return;
    const deed = keys[event.key];
    if (!deed || (event.repeat && !["j", "k"].includes(event.key))) return;
    event.preventDefault();
    deed();
  });

  document.addEventListener("click", (event) => {
    const target = event.target;
    if (target.closest("[data-help]")) help();
    if (target.matches("[data-all]")) {
      all("[name=ticked]").forEach((box) => { box.checked = target.checked; });
    }
    if (target.matches("[data-all], [name=ticked]")) count();
    const menu = one("details.facet[open]");
    if (menu && !menu.contains(target)) menu.open = false;
  });

  // The list is on a narrow screen's first page and the record on its second one.
  const settle = () => {
    const review = one(".review");
    const pane = one("#review-pane");
    if (!review || !pane) return;
    const number = pane.dataset.record;
    review.dataset.open = number ? "record" : "list";
    review.classList.remove("is-busy");
    const row = number && document.getElementById(`row-${number}`);
    mark(row ? row.querySelector(".line-link") : null);
    count();
  };

  const body = document.documentElement;
  body.addEventListener("htmx:beforeRequest", (event) => {
    const review = one(".review");
    if (review) review.classList.add("is-busy");
  });
  body.addEventListener("htmx:afterSettle", () => {
    const pane = one("#review-pane");
    settle();
    // The list is worked off but the queue is not: fetch what follows, with its list.
    if (pane && !links().length && pane.dataset.record) window.location.reload();
    if (pane && pane.dataset.record) {
      pane.scrollTop = 0;
      pane.focus({ preventScroll: window.innerWidth > 1023 });
    }
  });
  // A session that has ended answers with another page, a broken line with none: go there instead.
  const leave = (event) => {
    const config = event.detail.requestConfig || {};
    window.location.href = config.verb === "get" ? config.path : window.location.href;
  };
  body.addEventListener("htmx:responseError", leave);
  body.addEventListener("htmx:sendError", leave);
  body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.serverResponse.includes('id="review-pane"')) return;
    event.detail.shouldSwap = false;
    leave(event);
  });
  settle();
})();
