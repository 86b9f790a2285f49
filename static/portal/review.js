/* Keys of the review page: j the next record, k back to the list, a approve, r write the reason. */
(() => {
  "use strict";
  const isTyping = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(event.target)) return;
    if (event.key === "r") {
      const reason = document.querySelector("textarea[name=note]");
      if (!reason) return;
      event.preventDefault();
      reason.focus();
      return;
    }
    if (!["j", "k", "a"].includes(event.key)) return;
    const target = document.querySelector(`[data-key="${event.key}"]`);
    if (target) target.click();
  });
})();
