/* The light box of a record's photos, also of one that comes into the page later. Without this script each photo
   opens on a page of its own. */
(() => {
  "use strict";
  const root = document.documentElement;
  if (root.dataset.galleries) return;
  root.dataset.galleries = "watched";

  const galleryOf = (inside) => inside.closest("[data-gallery]");
  const picturesOf = (gallery) => [...gallery.querySelectorAll("[data-picture]")];
  const boxOf = (gallery) => gallery.querySelector("[data-light-box]");

  const show = (gallery, wanted) => {
    const pictures = picturesOf(gallery);
    const place = (wanted + pictures.length) % pictures.length;
    const box = boxOf(gallery);
    const shown = box.querySelector("[data-shown]");
    box.dataset.at = place;
    shown.src = pictures[place].href;
    shown.alt = pictures[place].dataset.picture;
    box.querySelector("[data-name]").textContent = pictures[place].dataset.picture;
    box.querySelector("[data-place]").textContent = `${place + 1} / ${pictures.length}`;
    box.querySelectorAll("[data-step]").forEach((button) => { button.hidden = pictures.length < 2; });
  };

  const step = (box, by) => show(galleryOf(box), Number(box.dataset.at) + by);

  document.addEventListener("click", (event) => {
    const picture = event.target.closest("[data-picture]");
    if (picture && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      const gallery = galleryOf(picture);
      show(gallery, picturesOf(gallery).indexOf(picture));
      boxOf(gallery).showModal();
      return;
    }
    const box = event.target.closest("[data-light-box]");
    if (!box) return;
    const button = event.target.closest("[data-step]");
    if (button) step(box, Number(button.dataset.step));
    else if (event.target === box || event.target.closest("[data-shut]")) box.close();
  });

  // Neither bubbles; both are met on their way down.
  document.addEventListener("close", (event) => {
    const box = event.target;
    if (!box.matches("[data-light-box]")) return;
    box.querySelector("[data-shown]").removeAttribute("src");
    const picture = picturesOf(galleryOf(box))[Number(box.dataset.at)];
    if (picture) picture.focus();
  }, true);
  document.addEventListener("keydown", (event) => {
    const box = event.target.closest && event.target.closest("[data-light-box]");
    if (!box) return;
    // The keys of the page below have to wait.
    event.stopPropagation();
    if (event.key === "ArrowLeft" || event.key === "ArrowUp") step(box, -1);
    if (event.key === "ArrowRight" || event.key === "ArrowDown") step(box, 1);
  }, true);
})();
