// Tells what a mark of a figure is, and shows one stratum in all figures and tables. The picture itself needs none of it.

const tip = document.body.appendChild(made("div", { id: "said", hidden: true }));
tip.setAttribute("role", "status");
let chosen = [];

// --- what a mark is

function tell(mark) {
  hush();
  mark.classList.add("at");
  tip.textContent = mark.dataset.said;
  tip.hidden = false;
  place();
}

function place() {
  const mark = document.querySelector(".at");
  if (!mark) return;
  const [at, size] = [mark.getBoundingClientRect(), tip.getBoundingClientRect()];
  const left = Math.min(Math.max(4, at.left + at.width / 2 - size.width / 2), innerWidth - size.width - 4);
  const above = at.top - size.height - 2;
  tip.style.left = `${Math.max(4, left)}px`;
  tip.style.top = `${above < 4 ? at.bottom + 2 : above}px`;
}

function hush() {
  document.querySelector(".at")?.classList.remove("at");
  tip.hidden = true;
}

// --- one stratum everywhere

const levels = (element) => element.dataset.stratum.split("\n");
const isSame = (one, other) => one.length === other.length && one.every((level) => other.includes(level));

// Where nothing has all the levels chosen, as in a figure of single strata when a crossed one is chosen, nothing changes.
function show() {
  for (const holder of document.querySelectorAll("svg, table")) {
    const all = [...holder.querySelectorAll("[data-stratum]")];
    const found = chosen.length ? all.filter((one) => chosen.every((level) => levels(one).includes(level))) : [];
    all.forEach((one) => one.classList.toggle("chosen", found.includes(one)));
    holder.classList.toggle("choosing", found.length > 0);
  }
  for (const chip of document.querySelectorAll(".chips button")) {
    chip.setAttribute("aria-pressed", String(chosen.includes(chip.textContent)));
  }
}

function choose(wanted) {
  chosen = isSame(wanted, chosen) ? [] : wanted;
  show();
}

function chips(figure) {
  const all = [...figure.querySelectorAll("[data-stratum]")].flatMap(levels);
  if (!all.length) return;
  const kind = (level) => all.findIndex((other) => other.split(": ")[0] === level.split(": ")[0]);
  const sorted = [...new Set(all)].sort((one, other) => kind(one) - kind(other));
  const buttons = sorted.map((level) => {
    const chip = made("button", { type: "button", textContent: level });
    chip.setAttribute("aria-pressed", "false");
    chip.addEventListener("click", () => choose([level]));
    return chip;
  });
  const line = made("div", { className: "chips" }, ...buttons);
  line.setAttribute("role", "group");
  line.setAttribute("aria-label", "Show a stratum in all figures and tables");
  figure.querySelector(".panels").before(line);
}

// --- without a mouse: one stop of the tabulator a drawing, and arrows from mark to mark

function walk(drawing, key) {
  // A point and its line say the same: one stop for both.
  const said = [...drawing.querySelectorAll("[data-said]")];
  const all = [...new Map(said.map((mark) => [mark.dataset.said, mark])).values()];
  const ahead = key === "ArrowRight" || key === "ArrowDown" ? 1 : -1;
  const from = all.indexOf(drawing.querySelector(".at"));
  tell(all[from < 0 ? 0 : Math.min(Math.max(from + ahead, 0), all.length - 1)]);
}

function pressed(event) {
  const drawing = event.currentTarget;
  const at = drawing.querySelector(".at");
  if (event.key.startsWith("Arrow")) walk(drawing, event.key);
  else if ((event.key === "Enter" || event.key === " ") && at?.dataset.stratum) choose(levels(at));
  else return;
  event.preventDefault();
}

function speaking(drawing) {
  drawing.tabIndex = 0;
  drawing.ariaLabel += " Arrow keys go from mark to mark.";
  drawing.addEventListener("keydown", pressed);
  drawing.addEventListener("blur", hush);
  drawing.addEventListener("pointerover", (event) => {
    const mark = event.target.closest("[data-said]");
    if (mark) tell(mark);
    else hush();
  });
  // The words stay while the pointer is on them, so that they can be enlarged and read.
  drawing.addEventListener("pointerleave", (event) => event.relatedTarget === tip || hush());
  drawing.addEventListener("click", (event) => {
    const mark = event.target.closest("[data-stratum]");
    if (mark) choose(levels(mark));
  });
}

function figures() {
  document.querySelectorAll("figure").forEach(chips);
  for (const drawing of document.querySelectorAll(".panel [role=img]")) {
    if (drawing.querySelector("[data-said]")) speaking(drawing);
  }
  tip.addEventListener("pointerleave", hush);
  addEventListener("scroll", place, { passive: true });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
    hush();
    choose([]);
  });
}

figures();
