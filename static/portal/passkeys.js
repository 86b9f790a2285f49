/* Says in words what a passkey's ceremony failed of; allauth's script dispatches the event. */
(() => {
  "use strict";
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    const words = document.getElementById("passkey-failed");
    const place = document.querySelector(".sign-in-card, .sheet");
    if (!words || !place) return;
    place.prepend(words);
    words.hidden = false;
  });
})();
