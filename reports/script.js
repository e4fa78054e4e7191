// Opens the subjects behind a number, and searches and sorts listings. Nothing is computed here and nothing is fetched.
"use strict";

const given = (id) => JSON.parse(document.getElementById(id)?.textContent ?? "null");
const made = (tag, properties = {}, ...inside) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...inside);
  return element;
};

// --- the subjects behind a number

const people = given("people");
const behind = given("behind");

// Ids are told apart by their first characters, and the numbers of a set stand one after another.
const setOf = new Map(
  (behind?.cells ?? []).flatMap((ids, set) =>
    Array.from({ length: ids.length / behind.width }, (_, i) => [ids.substr(i * behind.width, behind.width), set]),
  ),
);

function subjectsOf(cell) {
  const set = behind?.sets[setOf.get(cell.slice(0, behind.width))];
  if (typeof set === "string") {
    const bits = atob(set);
    return people.rows.filter((_, i) => (bits.charCodeAt(i >> 3) >> (i & 7)) & 1);
  }
  let at = -1;
  return set?.map((step) => people.rows[(at += step)]);
}

function tableOf(columns, rows) {
  const head = made("tr", {}, ...columns.map((name) => made("th", { scope: "col", textContent: name })));
  const body = rows.map((row) => made("tr", {}, ...row.map((text) => made("td", { textContent: text ?? "" }))));
  return made("table", {}, made("thead", {}, head), made("tbody", {}, ...body));
}

function open(number) {
  const cell = number.dataset.cell;
  const subjects = subjectsOf(cell);
  const dialog = document.getElementById("behind-dialog");
  const row = number.closest("tr")?.querySelector("th")?.textContent;
  const what = [number.closest("section")?.querySelector("h2")?.textContent.trim(), row, number.textContent];
  const said = subjects
    ? `${subjects.length} ${subjects.length === 1 ? "subject" : "subjects"} behind it.`
    : behind?.left_out.includes(cell)
      ? "Too many subjects to carry in a page."
      : "It counts no subjects: it is an estimate, a test or a point of a curve.";
  dialog.querySelector("h2").textContent = what.filter(Boolean).join(" · ");
  dialog.querySelector("p").textContent = `${said} With the evidence: crsight explain ${cell}`;
  dialog.querySelector(".scroll").replaceChildren(...(subjects?.length ? [tableOf(people.columns, subjects)] : []));
  dialog.showModal();
}

// One stop of the tabulator for each table; arrows go from number to number.
function step(number, key) {
  const all = [...number.closest("table, .answer, section").querySelectorAll("[data-cell]")];
  const to = all[all.indexOf(number) + { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[key]];
  if (!to) return;
  number.tabIndex = -1;
  to.tabIndex = 0;
  to.focus();
}

function numbers() {
  for (const holder of document.querySelectorAll("table, .answer")) {
    const all = holder.querySelectorAll("[data-cell]");
    all.forEach((number, place) => {
      number.setAttribute("role", "button");
      number.tabIndex = place === 0 ? 0 : -1;
    });
  }
  document.addEventListener("click", (event) => {
    const number = event.target.closest("[data-cell]");
    if (number) open(number);
  });
  document.addEventListener("keydown", (event) => {
    const number = event.target.closest?.("[data-cell]");
    if (!number) return;
    if (event.key === "Enter" || event.key === " ") open(number);
    else if (event.key.startsWith("Arrow")) step(number, event.key);
    else return;
    event.preventDefault();
  });
}

// --- listings: only the rows in sight are drawn, on paper all of them

const ROW = 26;
const SPARE = 20;

function listing(holder) {
  const all = given(holder.dataset.rows);
  const box = holder.querySelector(".rows");
  const body = holder.querySelector("tbody");
  const heads = [...holder.querySelectorAll("thead th")];
  const search = holder.querySelector("input");
  const state = { rows: all, by: -1, up: true, all: false };

  const drawn = (row, place) => {
    const cells = row.map((text) => made("td", { textContent: text ?? "", title: text ?? "" }));
    const line = made("tr", {}, ...cells);
    line.setAttribute("aria-rowindex", place + 2);
    return line;
  };
  const spacer = (rows) => {
    const line = made("tr", { className: "spacer" }, made("td", { colSpan: heads.length }));
    line.style.height = `${rows * ROW}px`;
    line.setAttribute("aria-hidden", "true");
    return line;
  };
  const draw = () => {
    const seen = Math.ceil(box.clientHeight / ROW);
    const from = state.all ? 0 : Math.max(0, Math.floor(box.scrollTop / ROW) - SPARE);
    const to = state.all ? state.rows.length : Math.min(state.rows.length, from + seen + 2 * SPARE);
    const lines = state.rows.slice(from, to).map((row, place) => drawn(row, from + place));
    body.replaceChildren(...(from ? [spacer(from)] : []), ...lines);
    if (to < state.rows.length) body.append(spacer(state.rows.length - to));
    if (!state.rows.length) body.append(made("tr", {}, made("td", { colSpan: heads.length, textContent: "None." })));
  };
  const order = (one, other) => {
    const [a, b] = [one[state.by] ?? "", other[state.by] ?? ""];
    return (a === "") - (b === "") || (state.up ? 1 : -1) * a.localeCompare(b, "en", { numeric: true });
  };
  const renew = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    state.rows = all.filter((row) => words.every((word) => row.some((text) => text?.toLowerCase().includes(word))));
    if (state.by >= 0) state.rows = [...state.rows].sort(order);
    holder.querySelector("output").textContent = `${state.rows.length} of ${all.length} rows`;
    box.scrollTop = 0;
    draw();
  };
  const sort = (place) => {
    state.up = state.by === place ? !state.up : true;
    state.by = place;
    heads.forEach((head, at) => head.setAttribute("aria-sort", at !== place ? "none" : state.up ? "ascending" : "descending"));
    renew();
  };

  heads.forEach((head, place) => head.querySelector("button").addEventListener("click", () => sort(place)));
  search.addEventListener("input", renew);
  box.addEventListener("scroll", () => requestAnimationFrame(draw), { passive: true });
  new ResizeObserver(() => state.all || draw()).observe(box);
  for (const [event, whole] of [["beforeprint", true], ["afterprint", false]]) {
    window.addEventListener(event, () => {
      state.all = whole;
      draw();
    });
  }
  renew();
}

numbers();
document.querySelectorAll(".listing").forEach(listing);
