/* Designing a type: the form as a liaison will see it, anew while one types, and indicators moved up and down.
   Without this script the page takes the same fields, and positions are numbers. */
(() => {
  "use strict";
  const designer = document.querySelector("[data-designer]");
  const form = designer && designer.querySelector("form");
  if (!form) return;

  const PAUSE = 350;
  const preview = designer.querySelector(".designer-preview");
  const sheet = preview.querySelector("[data-sheet]");
  let timer = 0;
  let number = 0;

  const show = async () => {
    const asked = (number += 1);
    const data = new FormData(form);
    data.set("previewed", designer.dataset.type);
    const answer = await fetch(designer.dataset.preview, { method: "POST", body: data, redirect: "manual" }).catch(() => null);
    // An answer that a later one has overtaken is old; without one, the last preview stays.
    if (!answer || !answer.ok || asked !== number) return;
    sheet.innerHTML = await answer.text();
    sheet.querySelectorAll("input, textarea, select, button").forEach((field) => {
      field.removeAttribute("name");
      field.tabIndex = -1;
    });
    sheet.querySelectorAll("[data-days]").forEach((days) => { days.hidden = false; });
    preview.hidden = false;
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(show, PAUSE);
  };

  const cards = () => [...form.querySelectorAll(".inline-related:not(.empty-form)")];
  const position = (card) => card.querySelector("input[name$='-position']");
  const renumber = () => cards().forEach((card, place) => {
    if (position(card)) position(card).value = place;
  });
  const move = (card, step) => {
    const all = cards();
    const other = all[all.indexOf(card) + step];
    if (!other) return;
    if (step < 0) other.before(card);
    else other.after(card);
    renumber();
    card.querySelector(`[data-step="${step}"]`).focus();
    soon();
  };
  const button = (card, step, sign, label) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "designer-move";
    made.dataset.step = step;
    made.textContent = sign;
    made.setAttribute("aria-label", label);
    made.addEventListener("click", () => move(card, step));
    return made;
  };

  /* Only what a kind needs is in sight: options of a choice, limits and decimals of a number. */
  const fit = (card) => {
    const kind = card.querySelector("[name$='-kind']");
    if (kind) card.dataset.kind = kind.value;
  };
  const prepare = (card) => {
    const head = card.querySelector("h3");
    if (head && !head.querySelector(".designer-move")) {
      head.append(button(card, -1, "↑", designer.dataset.up), button(card, 1, "↓", designer.dataset.down));
    }
    fit(card);
  };

  cards().forEach(prepare);
  designer.classList.add("has-script");
  form.addEventListener("input", soon);
  form.addEventListener("change", (event) => {
    const card = event.target.closest(".inline-related");
    if (card) fit(card);
    soon();
  });
  document.addEventListener("formset:added", (event) => {
    const card = event.target;
    prepare(card);
    if (position(card)) position(card).value = cards().length - 1;
    soon();
  });
  show();
})();
