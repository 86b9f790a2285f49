/* The form of a record: buttons for this week's days, counters under texts. It works without this script too. */
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
