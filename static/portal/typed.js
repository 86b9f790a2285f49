/* What was typed while the server could not take it: kept on this device for its person alone, sent when it is
   back, wiped when somebody signs out. Without this script nothing is kept here. */
(() => {
  "use strict";
  const PREFIX = "typed:";
  const DAYS_KEPT = 7;
  const keyOf = (entry) => `${PREFIX}${entry.person}:${entry.fields.key[0]}:${entry.fields.tab[0]}`;

  /* A browser may forbid its store; then there is none. */
  const attempt = (deed, otherwise) => {
    try { return deed(); } catch { return otherwise; }
  };
  const keys = () => attempt(() => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)), []);
  const read = (key) => attempt(() => JSON.parse(localStorage.getItem(key)), null);
  const keepHere = (entry) => attempt(() => {
    localStorage.setItem(keyOf(entry), JSON.stringify(entry));
    return true;
  }, false);
  /* A newer entry of the same tab stays. */
  const sent = (entry) => attempt(() => {
    const stored = read(keyOf(entry));
    if (stored && stored.sequence <= entry.sequence) localStorage.removeItem(keyOf(entry));
  });
  const wipe = () => keys().forEach((key) => attempt(() => localStorage.removeItem(key)));

  const post = (address, token, entry, isLeaving) => fetch(address, {
    method: "POST",
    body: JSON.stringify(entry),
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    credentials: "same-origin",
    redirect: "manual",
    keepalive: isLeaving,
  });

  /* Answers {state, told}: kept, offline, signed-out, refused. A token that has grown old is fetched anew. */
  const send = async (address, token, entry, isLeaving = false) => {
    try {
      let answer = await post(address, token.value, entry, isLeaving);
      if (answer.status === 403 && !isLeaving) {
        const fresh = await fetch(address, { credentials: "same-origin", redirect: "manual" });
        if (!fresh.ok) return { state: "signed-out" };
        const told = await fresh.json();
        if (told.person !== entry.person) return { state: "signed-out" };
        token.value = told.token;
        answer = await post(address, token.value, entry, false);
      }
      if (answer.ok) {
        sent(entry);
        return { state: "kept", told: await answer.json() };
      }
      const isOut = answer.type === "opaqueredirect" || answer.status === 401;
      return { state: isOut ? "signed-out" : "refused", status: answer.status };
    } catch {
      return { state: "offline" };
    }
  };

  const leaving = document.querySelector("[data-sign-out]");
  const person = leaving ? Number(leaving.dataset.person) : null;
  const waiting = () => keys().map(read).filter((entry) => entry && entry.person === person);

  const dropOld = () => keys().forEach((key) => {
    const entry = read(key);
    if (!entry || Date.now() - entry.at > DAYS_KEPT * 86_400_000) attempt(() => localStorage.removeItem(key));
  });

  /* Sends what waits; answers the copies that the server made of it: id, tab, and what the form is about. */
  const flush = async () => {
    const made = [];
    for (const entry of waiting()) {
      const address = entry.address || leaving.dataset.keep;
      const answer = await send(address, leaving.elements.csrfmiddlewaretoken, entry);
      // What the server will never take is not worth keeping for ever.
      if (answer.state === "refused" && [400, 404].includes(answer.status)) sent(entry);
      if (answer.state === "kept" && answer.told.id) {
        made.push({ id: answer.told.id, tab: entry.fields.tab[0], about: entry.fields.about[0] });
      }
    }
    return made;
  };

  dropOld();
  if (leaving) {
    leaving.addEventListener("submit", (event) => {
      if (!keys().length) return;
      event.preventDefault();
      Promise.race([flush(), new Promise((done) => setTimeout(done, 3000))]).then(() => {
        if (waiting().length && !window.confirm(leaving.dataset.lose)) return;
        wipe();
        leaving.submit();
      });
    });
  }
  window.typed = { keepHere, send, sent, flushed: leaving ? flush() : Promise.resolve([]) };
})();
