/* The light box of a record's photos. Without this script each photo opens on a page of its own. */
(() => {
  "use strict";
  document.querySelectorAll("[data-gallery]").forEach((gallery) => {
    const box = gallery.querySelector("[data-light-box]");
    const pictures = [...gallery.querySelectorAll("[data-picture]")];
    const shown = box.querySelector("[data-shown]");
    let place = 0;

    const show = (wanted) => {
      place = (wanted + pictures.length) % pictures.length;
      const picture = pictures[place];
      shown.src = picture.href;
      shown.alt = picture.dataset.picture;
      box.querySelector("[data-name]").textContent = picture.dataset.picture;
      box.querySelector("[data-place]").textContent = `${place + 1} / ${pictures.length}`;
    };

    pictures.forEach((picture, number) => picture.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      show(number);
      box.showModal();
    }));
    box.querySelectorAll("[data-step]").forEach((button) => {
      button.hidden = pictures.length < 2;
      button.addEventListener("click", () => show(place + Number(button.dataset.step)));
    });
    box.querySelector("[data-shut]").addEventListener("click", () => box.close());
    box.addEventListener("close", () => {
      shown.removeAttribute("src");
      if (pictures[place]) pictures[place].focus();
    });
    box.addEventListener("click", (event) => {
      if (event.target === box) box.close();
    });
    box.addEventListener("keydown", (event) => {
      // The keys of the page below have to wait.
      event.stopPropagation();
      if (event.key === "ArrowLeft" || event.key === "ArrowUp") show(place - 1);
      if (event.key === "ArrowRight" || event.key === "ArrowDown") show(place + 1);
    });
  });
})();
