/* Photos and files of a form: taken, chosen or dropped, handed in one by one with their progress. Without this
   script they are an ordinary field of the form. */
(() => {
  "use strict";
  const box = document.querySelector("[data-files]");
  if (!box || !box.dataset.files) return;
  const form = box.closest("form");
  const list = box.querySelector("[data-file-list]");
  const status = box.querySelector("[data-file-status]");
  const line = box.querySelector("[data-file-line]");
  const field = box.querySelector("input[name=files]");
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const AT_ONCE = 2;
  const SLOW = 60 * 1000;
  const waiting = [];
  let running = 0;
  let submitter = null;

  const say = (words) => { status.textContent = words; };

  const settle = () => {
    while (running < AT_ONCE && waiting.length) send(waiting.shift());
    if (running || waiting.length || !submitter) return;
    const button = submitter;
    submitter = null;
    // One that failed is looked at first.
    if (!list.querySelector(".is-failed")) form.requestSubmit(button);
  };

  const fail = (item, words) => {
    item.row.classList.add("is-failed");
    item.row.querySelector("progress").hidden = true;
    item.row.querySelector("[data-again]").hidden = false;
    const why = item.row.querySelector("[data-why]");
    why.hidden = false;
    why.textContent = words;
    say(`${item.file.name}: ${words}`);
  };

  const refusal = (request) => {
    if (request.status === 0) return box.dataset.lost;
    // Led elsewhere: to the sign-in page.
    if (!new URL(request.responseURL).pathname.endsWith(box.dataset.files)) return box.dataset.signedOut;
    if (request.status === 413) return box.dataset.tooLarge;
    try {
      return JSON.parse(request.responseText).message;
    } catch {
      return box.dataset.failed;
    }
  };

  const send = (item) => {
    const request = new XMLHttpRequest();
    const content = new FormData();
    content.append("files", item.file, item.file.name);
    running += 1;
    item.request = request;
    request.open("POST", box.dataset.files);
    request.setRequestHeader("X-CSRFToken", token);
    // Not the whole upload, but a line on which nothing moves any more.
    let still = 0;
    const alive = () => {
      clearTimeout(still);
      still = setTimeout(() => request.abort(), SLOW);
    };
    request.upload.addEventListener("progress", (event) => {
      alive();
      if (event.lengthComputable) item.row.querySelector("progress").value = event.loaded / event.total;
    });
    request.addEventListener("loadend", () => {
      clearTimeout(still);
      running -= 1;
      if (request.status === 201) taken(item, request.responseText);
      else if (item.row.isConnected) fail(item, refusal(request));
      settle();
    });
    alive();
    request.send(content);
  };

  const taken = (item, markup) => {
    const holder = document.createElement("template");
    holder.innerHTML = markup;
    const row = holder.content.querySelector("[data-file]");
    const twin = list.querySelector(`[data-file="${row.dataset.file}"]`);
    if (twin) twin.remove();
    item.row.replaceWith(row);
    dress(row);
    say(`${box.dataset.added} ${row.querySelector("[data-name]").textContent}`);
    form.dispatchEvent(new CustomEvent("files:changed", { bubbles: true }));
  };

  const add = (file) => {
    const row = line.content.cloneNode(true).querySelector("li");
    const item = { file, row, request: null };
    row.querySelector("[data-name]").textContent = file.name;
    row.querySelector("[data-cancel]").setAttribute(
      "aria-label", `${row.querySelector("[data-cancel]").textContent} ${file.name}`);
    row.querySelector("[data-cancel]").addEventListener("click", () => {
      row.remove();
      const place = waiting.indexOf(item);
      if (place >= 0) waiting.splice(place, 1);
      if (item.request) item.request.abort();
      field.focus();
      settle();
    });
    row.querySelector("[data-again]").addEventListener("click", () => {
      row.classList.remove("is-failed");
      row.querySelector("progress").hidden = false;
      row.querySelector("progress").value = 0;
      row.querySelector("[data-again]").hidden = true;
      row.querySelector("[data-why]").hidden = true;
      queue(item);
    });
    list.append(row);
    queue(item);
  };

  const queue = (item) => {
    if (item.file.size > Number(box.dataset.mostBytes)) {
      fail(item, box.dataset.tooLarge);
      item.row.querySelector("[data-again]").hidden = true;
      return;
    }
    waiting.push(item);
    settle();
  };

  const addAll = (input) => {
    [...input.files].forEach(add);
    // Handed in by now; the form itself is not to bring them a second time.
    input.value = "";
  };

  const dress = (row) => {
    row.querySelector("[data-mark]").remove();
    const button = row.querySelector("[data-remove]");
    button.hidden = false;
    button.addEventListener("click", async () => {
      button.disabled = true;
      const name = row.querySelector("[data-name]").textContent;
      const answer = await fetch(button.dataset.remove, {
        method: "POST", headers: { "X-CSRFToken": token }, redirect: "manual",
      }).catch(() => null);
      if (answer && answer.ok) {
        row.remove();
        say(`${box.dataset.removed} ${name}`);
        field.focus();
        form.dispatchEvent(new CustomEvent("files:changed", { bubbles: true }));
        return;
      }
      button.disabled = false;
      const told = answer && answer.status === 422 ? (await answer.json()).message : box.dataset.lost;
      say(`${name}: ${told}`);
    });
  };

  const choose = box.querySelector("[data-choose]");
  choose.append(field);
  field.classList.remove("form-control");
  field.classList.add("file-input");
  box.querySelector("[data-file-buttons]").hidden = false;
  box.classList.add("is-live");
  box.querySelectorAll("input[type=file]").forEach((input) => {
    input.addEventListener("change", () => addAll(input));
  });
  list.querySelectorAll("[data-file]").forEach(dress);

  const drop = box.querySelector(".file-drop");
  ["dragenter", "dragover"].forEach((name) => drop.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.add("is-over");
  }));
  ["dragleave", "drop"].forEach((name) => drop.addEventListener(name, () => drop.classList.remove("is-over")));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    [...event.dataTransfer.files].forEach(add);
  });
  // A photo that misses the field must not take the place of the page.
  ["dragover", "drop"].forEach((name) => window.addEventListener(name, (event) => event.preventDefault()));

  form.addEventListener("submit", (event) => {
    if (!running && !waiting.length) return;
    event.preventDefault();
    submitter = event.submitter;
    say(box.dataset.waiting);
  });
})();
