/* The form of a record or a report keeps itself: two seconds after a key, when a field or the page is left, and on this
   device while the server cannot be reached. What is kept is never sent for review by itself. */
(() => {
  "use strict";
  const form = document.querySelector("[data-record-form]");
  if (!form || !window.typed) return;

  const PAUSE = 2000;
  const AGAIN = 15_000;
  const NOT_TYPED = ["csrfmiddlewaretoken", "deed"];
  const line = form.querySelector("[data-keep-line]");
  const word = line.querySelector("[data-keep-word]");
  let sequence = Number(form.dataset.sequence);
  let isDirty = false;
  let isSending = false;
  let isLeaving = false;
  let timer = 0;

  const show = (state, text) => {
    line.dataset.state = state;
    if (word.textContent !== text) word.textContent = text;
  };

  const entry = () => {
    const fields = {};
    new FormData(form).forEach((value, name) => {
      if (NOT_TYPED.includes(name) || typeof value !== "string") return;
      (fields[name] ??= []).push(value);
    });
    sequence = Math.max(Date.now(), sequence + 1);
    return { person: Number(form.dataset.person), sequence, at: Date.now(), address: form.dataset.keep, fields };
  };

  const remember = (told) => {
    form.dataset.sequence = told.sequence;
    const address = new URL(window.location.href);
    if (told.id) {
      address.searchParams.set("typed", told.id);
      ["copy", "fresh", "complete"].forEach((name) => address.searchParams.delete(name));
      window.history.replaceState(null, "", address);
    }
    if (told.others) show("others", line.dataset.others);
    else show("saved", line.dataset.saved.replace("{time}", told.at));
  };

  const answered = (present, { state, told }) => {
    if (state === "kept" && told.sequence > present.sequence) {
      sequence = told.sequence;
      isDirty = true;
    }
    if (state === "kept") remember(told);
    else {
      isDirty = true;
      show(state, line.dataset[{ offline: "offline", "signed-out": "signedOut" }[state] || "refused"]);
    }
  };

  const keep = async () => {
    clearTimeout(timer);
    if (!isDirty || isSending || isLeaving) return;
    isSending = true;
    isDirty = false;
    const present = entry();
    window.typed.keepHere(present);
    show("saving", line.dataset.saving);
    answered(present, await window.typed.send(form.dataset.keep, form.elements.csrfmiddlewaretoken, present));
    isSending = false;
    if (isDirty) timer = setTimeout(keep, line.dataset.state === "saved" ? PAUSE : AGAIN);
  };

  const changed = () => {
    isDirty = true;
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  };

  /* No time to wait for an answer: kept here, and sent on the way out. */
  const left = () => {
    if (!isDirty && !isSending) return;
    const present = entry();
    window.typed.keepHere(present);
    if (!isLeaving) window.typed.send(form.dataset.keep, form.elements.csrfmiddlewaretoken, present, true);
  };

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("focusout", keep);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") left();
  });
  window.addEventListener("pagehide", left);
  window.addEventListener("online", keep);
  form.addEventListener("submit", () => {
    // Should the answer never come, this is what was sent; a stored form is found to be stored.
    window.typed.keepHere(entry());
    isLeaving = true;
    isDirty = false;
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) isLeaving = false;
  });

  if (line.dataset.keptAt) show("saved", line.dataset.saved.replace("{time}", line.dataset.keptAt));
  else show("waiting", line.dataset.waiting);
  /* What this device had kept of this very form has just reached the server: show it, unless a key was hit. */
  window.typed.flushed.then((made) => {
    const { about, tab } = form.elements;
    const isAsked = !new URLSearchParams(window.location.search).has("fresh");
    const latest = made.filter((copy) => copy.about === about.value && copy.tab !== tab.value).pop();
    if (!latest || !isAsked || isDirty || isSending) return;
    window.location.replace(`?unit=${about.value.split(":")[1]}&typed=${latest.id}`);
  });
})();
