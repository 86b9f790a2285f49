/* The form of a record: buttons for this week's days, counters under texts, and a keyboard on glass that leads
   from field to field. It works without this script too. */
(() => {
  "use strict";
  const form = document.querySelector("[data-record-form]");
  if (!form) return;

  const days = form.querySelector("[data-days]");
  const date = form.elements.held_on;
  const showChosen = () => {
    days.querySelectorAll("[data-day]").forEach((day) => {
      day.setAttribute("aria-pressed", String(day.dataset.day === date.value));
    });
  };
  days.hidden = false;
  days.addEventListener("click", (event) => {
    const day = event.target.closest("[data-day]");
    if (!day) return;
    date.value = day.dataset.day;
    showChosen();
  });
  date.addEventListener("input", showChosen);
  showChosen();

  /* On glass the Return key says “next”, as far as the text, where it begins a new line as everywhere. The day has
     its buttons and opens a calendar over everything, so nobody is led there. */
  if (window.matchMedia("(pointer: coarse)").matches) {
    const stops = [...form.querySelectorAll("input[type=text], textarea")];
    stops.forEach((field) => {
      if (field.tagName === "INPUT") field.enterKeyHint = "next";
    });
    form.addEventListener("keydown", (event) => {
      const next = stops[stops.indexOf(event.target) + 1];
      if (event.key !== "Enter" || event.isComposing || event.target.tagName !== "INPUT" || !next) return;
      event.preventDefault();
      next.focus();
    });
  }

  form.querySelectorAll("[data-count]").forEach((field) => {
    const most = Number(field.dataset.count);
    const counter = document.createElement("p");
    counter.className = "field-count number";
    const count = () => {
      const length = [...field.value.replace(/\r\n/g, "\n")].length;
      counter.textContent = `${length.toLocaleString()} / ${most.toLocaleString()}`;
      counter.classList.toggle("is-over", length > most);
      counter.hidden = field.tagName !== "TEXTAREA" && length < most * 0.8;
    };
    field.insertAdjacentElement("afterend", counter);
    field.addEventListener("input", count);
    count();
  });
})();
