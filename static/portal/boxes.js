// Boxes to search a row in: select2 gives its text box a role and no name, so it gets that of its field.
const nameBoxes = () => {
  for (const box of document.querySelectorAll(".select2-selection__rendered[role=textbox]")) {
    const field = box.closest(".select2-container")?.previousElementSibling;
    const name = field?.labels?.[0]?.textContent.trim() || field?.getAttribute("aria-label");
    if (name) box.setAttribute("aria-label", name);
  }
};
// select2 builds its boxes when the document is ready, which may be after the page has loaded.
new MutationObserver(nameBoxes).observe(document.documentElement, { childList: true, subtree: true });
