/* Draws only the rows of the board that are in sight, walks through them by the arrow keys, and tells each cell's story. */
(() => {
  "use strict";
  const frame = document.querySelector("[data-board]");
  const source = document.getElementById("board-data");
  if (!frame || !source) return;
  const data = JSON.parse(source.textContent);
  const table = frame.querySelector("table");
  const body = table.querySelector("[data-board-rows]");
  const story = document.querySelector("[data-board-story]");
  const base = frame.dataset.base;
  const nWeeks = data.weeks.length;
  const N_RATES = 5;
  const nColumns = 1 + nWeeks + N_RATES;
  // Rows beyond the edge that are drawn before they come into sight.
  const SPARE = 6;
  const STORY_WAITS = 140;

  const lines = data.rows.map((text) => {
    const [pk, marks, rates, closed, name] = text.split("\t");
    return { pk, marks, rates: rates.split(" "), isClosed: closed === "1", name };
  });

  /* -- Rows -------------------------------------------------------------------------------------- */
  const roleOf = (element, role) => {
    element.setAttribute("role", role);
    return element;
  };
  const prototype = roleOf(document.createElement("tr"), "row");
  {
    const unit = prototype.appendChild(roleOf(document.createElement("th"), "rowheader"));
    unit.scope = "row";
    unit.className = "board-unit";
    unit.appendChild(document.createElement("a"));
    for (let place = 0; place < nWeeks; place += 1) prototype.appendChild(roleOf(document.createElement("td"), "gridcell"));
    for (let place = 0; place < N_RATES; place += 1) prototype.appendChild(roleOf(document.createElement("td"), "gridcell")).className = "board-rate";
  }

  const addressOf = (unit) => {
    const query = new URLSearchParams(frame.dataset.query);
    query.set("unit", unit);
    return `${base}?${query}`;
  };

  const fill = (cell, line, place) => {
    const letter = line.marks[place];
    const isLast = place === nWeeks - 1 ? " is-last" : "";
    if (letter === data.nothing) {
      cell.className = `mark mark-none${isLast}`;
      cell.setAttribute("aria-label", wordOf(line, place));
      return;
    }
    const small = letter.toLowerCase();
    cell.className = `mark mark-${small}${letter === small ? "" : " is-accepted"}${isLast}`;
    const link = cell.appendChild(document.createElement("a"));
    link.href = `${base}${line.pk}/${data.weeks[place][0]}/`;
    link.tabIndex = -1;
    link.textContent = data.signs[small];
    link.setAttribute("aria-label", wordOf(line, place));
  };

  const wordOf = (line, place) => `${data.weeks[place][1]}: ${data.words[line.marks[place]]}`;

  const draw = (index) => {
    const line = lines[index];
    const row = prototype.cloneNode(true);
    row.setAttribute("aria-rowindex", index + 2);
    row.dataset.index = index;
    const link = row.firstChild.firstChild;
    link.href = addressOf(line.pk);
    link.tabIndex = -1;
    link.textContent = line.name;
    link.title = line.name;
    if (line.isClosed) {
      const note = row.firstChild.appendChild(document.createElement("span"));
      note.className = "muted";
      note.textContent = ` ${frame.dataset.closed}`;
    }
    for (let place = 0; place < nWeeks; place += 1) fill(row.children[1 + place], line, place);
    for (let place = 0; place < N_RATES; place += 1) row.children[1 + nWeeks + place].textContent = line.rates[place];
    return row;
  };

  const space = () => {
    const row = document.createElement("tr");
    row.className = "board-space";
    row.setAttribute("aria-hidden", "true");
    row.appendChild(document.createElement("td")).colSpan = nColumns;
    return row;
  };

  const above = space();
  const below = space();
  const drawn = new Map();
  let height = 32;
  let isWhole = false;

  const show = (first, last) => {
    for (const [index, row] of drawn) {
      if (index < first || index > last) {
        row.remove();
        drawn.delete(index);
      }
    }
    let behind = above;
    for (let index = first; index <= last; index += 1) {
      let row = drawn.get(index);
      if (!row) {
        row = draw(index);
        drawn.set(index, row);
        behind.after(row);
      }
      behind = row;
    }
    above.firstChild.style.height = `${first * height}px`;
    below.firstChild.style.height = `${(lines.length - 1 - last) * height}px`;
    above.hidden = first === 0;
    below.hidden = last === lines.length - 1;
    mark();
  };

  const look = () => {
    if (isWhole) return;
    const first = Math.max(0, Math.floor(frame.scrollTop / height) - SPARE);
    const last = Math.min(lines.length - 1, Math.ceil((frame.scrollTop + frame.clientHeight) / height) + SPARE);
    show(first, last);
  };

  /* -- Where the keys are -------------------------------------------------------------------------- */
  const at = { row: 0, column: nWeeks };
  const cellAt = (row, column) => drawn.get(row)?.children[column];
  const stop = (cell) => cell.querySelector("a") || cell;

  let marked = null;
  const mark = () => {
    const cell = cellAt(at.row, at.column);
    const wanted = cell ? stop(cell) : drawn.values().next().value.querySelector("a");
    if (marked === wanted) return;
    if (marked) marked.tabIndex = -1;
    marked = wanted;
    marked.tabIndex = 0;
  };

  const go = (row, column) => {
    at.row = Math.min(lines.length - 1, Math.max(0, row));
    at.column = Math.min(nColumns - 1, Math.max(0, column));
    const head = table.tHead.offsetHeight;
    const top = at.row * height;
    const room = frame.clientHeight - head - height - footHeight();
    if (top < frame.scrollTop) frame.scrollTop = top;
    else if (top > frame.scrollTop + room) frame.scrollTop = top - room;
    look();
    mark();
    const cell = cellAt(at.row, at.column);
    stop(cell).focus({ preventScroll: true });
    aside(cell);
  };

  // What of the sums stays in sight.
  const footHeight = () => table.tFoot.offsetHeight + (parseFloat(getComputedStyle(table.tFoot).bottom) || 0);

  // Sideways by hand: the browser does not know what hides behind the columns that stay.
  const aside = (cell) => {
    if (at.column === 0 || at.column === nWeeks) return;
    const left = cell.offsetLeft - table.rows[0].cells[0].offsetWidth;
    const right = cell.offsetLeft + cell.offsetWidth - frame.clientWidth + (at.column < nWeeks ? table.rows[0].cells[nWeeks].offsetWidth : 0);
    if (frame.scrollLeft > left) frame.scrollLeft = left;
    else if (frame.scrollLeft < right) frame.scrollLeft = right;
  };

  const page = () => Math.max(1, Math.floor(frame.clientHeight / height) - 3);
  const steps = {
    ArrowDown: () => go(at.row + 1, at.column),
    ArrowUp: () => go(at.row - 1, at.column),
    ArrowRight: () => go(at.row, at.column + 1),
    ArrowLeft: () => go(at.row, at.column - 1),
    PageDown: () => go(at.row + page(), at.column),
    PageUp: () => go(at.row - page(), at.column),
    Home: (event) => go(event.ctrlKey ? 0 : at.row, 0),
    End: (event) => go(event.ctrlKey ? lines.length - 1 : at.row, nColumns - 1),
  };

  body.addEventListener("keydown", (event) => {
    if (event.altKey || event.metaKey || event.shiftKey || !steps[event.key]) return;
    event.preventDefault();
    steps[event.key](event);
  });

  const placeOf = (target) => {
    const cell = target.closest("td, th");
    const row = cell?.parentElement;
    return row?.dataset.index === undefined ? null : { row: Number(row.dataset.index), column: cell.cellIndex };
  };

  body.addEventListener("focusin", (event) => {
    const place = placeOf(event.target);
    if (!place) return;
    Object.assign(at, place);
    mark();
    tell(place);
  });
  body.addEventListener("pointerover", (event) => {
    const place = placeOf(event.target);
    if (place) tell(place);
  });

  /* -- The story of a cell ------------------------------------------------------------------------- */
  const known = new Map();
  let waiting = 0;
  let told = "";

  const tell = ({ row, column }) => {
    const line = lines[row];
    const place = column - 1;
    if (!story || place < 0 || place >= nWeeks || !line) return;
    const key = `${line.pk}/${data.weeks[place][0]}`;
    if (key === told) return;
    told = key;
    clearTimeout(waiting);
    if (known.has(key)) {
      story.replaceChildren(...known.get(key).map((node) => node.cloneNode(true)));
      return;
    }
    story.textContent = `${line.name} · ${data.weeks[place][1]} (${data.weeks[place][2]}): ${data.words[line.marks[place]]}`;
    if (line.marks[place] !== data.nothing) waiting = setTimeout(fetchStory, STORY_WAITS, key);
  };

  const fetchStory = async (key) => {
    const answer = await fetch(`${base}${key}/story/`, { credentials: "same-origin", redirect: "manual" }).catch(() => null);
    // Without an answer, as after the end of a session, what the board knows itself stands there.
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    known.set(key, [...page.body.childNodes]);
    if (key === told) story.replaceChildren(...known.get(key).map((node) => node.cloneNode(true)));
  };

  const measure = () => {
    const style = getComputedStyle(frame);
    const [row, cell, unit, rate] = ["--row", "--cell", "--unit", "--rate"].map((name) => parseFloat(style.getPropertyValue(name)));
    height = row;
    table.style.width = `${unit + nWeeks * cell + N_RATES * rate}px`;
  };

  /* -- Begin --------------------------------------------------------------------------------------- */
  const begin = () => {
    body.replaceChildren(above, below);
    measure();
    show(0, Math.min(lines.length - 1, 2 * SPARE));
    // The rates stay out of sight on a telephone: the weeks come first there.
    const [unit, week] = table.rows[0].cells;
    frame.scrollLeft = window.innerWidth > 860 ? frame.scrollWidth : unit.offsetWidth + nWeeks * week.offsetWidth - frame.clientWidth;
    look();
    if (story) story.textContent = story.dataset.hint;
    const pages = document.querySelector("[data-board-pages]");
    if (pages) pages.hidden = true;
    frame.dataset.ready = "1";
  };

  let isPlanned = false;
  frame.addEventListener("scroll", () => {
    if (isPlanned) return;
    isPlanned = true;
    requestAnimationFrame(() => {
      isPlanned = false;
      look();
    });
  }, { passive: true });
  window.addEventListener("resize", () => {
    measure();
    look();
  });
  // On paper all rows stand.
  window.addEventListener("beforeprint", () => {
    show(0, lines.length - 1);
    isWhole = true;
  });
  window.addEventListener("afterprint", () => {
    isWhole = false;
    look();
  });
  begin();
})();
