/* Ties the page's passkey button to allauth's ceremony, and says in words what the ceremony failed of. */
(() => {
  "use strict";
  const told = document.querySelector("[data-passkey]").dataset;
  // allauth calls the button `add`, `login` or `authenticate`, by the form.
  const ids = { credential: told.credential, add: told.button, login: told.button, authenticate: told.button };
  if (told.options) ids.data = told.options;
  if (told.passwordless) ids.passwordless = told.passwordless;
  window.allauth.webauthn.forms[told.passkey]({ ids });

  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    const words = document.getElementById("passkey-failed");
    document.querySelector(".sign-in-card, .sheet").prepend(words);
    words.hidden = false;
  });
})();
