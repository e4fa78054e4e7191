// Draws the profile of a case when it is opened: all lanes on one axis of days. Nothing is computed but where things stand.

const profiles = given("profiles") ?? [];
const LEFT = 46;
const RIGHT = 12;
const HEIGHTS = { grades: 20, small: 12, support: 20, drugs: 16, points: 50 };
const GAP = 17;

const SPACE = made("div", { innerHTML: "<svg></svg>" }).firstChild.namespaceURI;

function shape(tag, attributes, text = "") {
  const element = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.textContent = text;
  return element;
}

const lastOf = (lane, profile, [from, to]) => to ?? (lane.kind === "support" ? profile.to : from);

// Two drugs at one time are two rows, for how many there were may make the grade.
function rowsOf(lane, profile) {
  const ended = [];
  return lane.bars.map((one) => {
    const free = ended.findIndex((last) => last <= one[0]);
    const row = free < 0 ? ended.length : free;
    ended[row] = Math.max(lastOf(lane, profile, one), one[0] + 0.01);
    return row;
  });
}

function heightOf(lane, profile) {
  return lane.points ? HEIGHTS.points : HEIGHTS[lane.kind] * (Math.max(...rowsOf(lane, profile)) + 1);
}

// Round steps, about one in sixty pixels.
function ticks(from, to, width) {
  const step = [1, 2, 5, 7, 10, 14, 20, 30].find((days) => ((to - from) / days) * 60 <= width) ?? 30;
  const first = Math.ceil(from / step) * step;
  return Array.from({ length: Math.floor((to - first) / step) + 1 }, (_, place) => first + place * step);
}

function gridded(all, bottom, x, profile) {
  for (const day of ticks(profile.from, profile.to, x(profile.to) - LEFT)) {
    all.push(shape("line", { class: "grid", x1: x(day), x2: x(day), y1: 0, y2: bottom }));
    all.push(shape("text", { class: "tick", x: x(day), y: bottom + 14, "text-anchor": "middle" }, day));
  }
  all.push(shape("text", { class: "tick", x: LEFT, y: bottom + 29 }, "Days from the first dose"));
}

const colourOf = (lane, grade) => (isGraded(lane) ? `grade-${grade ?? "missing"}` : lane.kind);
const isGraded = (lane) => lane.kind === "grades" || lane.kind === "small";

function saidOf(lane, [from, to, what, why]) {
  const when = to === null ? `day ${from}` : `day ${from} to ${to}`;
  const open = to === null && lane.kind === "support" ? ", end not recorded" : "";
  const told = isGraded(lane) ? (what === null ? "no grade" : `grade ${what}`) : `${what} ${why}`.trim();
  return `${lane.name}: ${told}, ${when}${open}`;
}

// Text stands in its bar or, beside a mark, as far as the next one.
function wordsOf(lane, rows, place, at, width, x) {
  const what = String(lane.bars[place][2] ?? "?");
  const next = lane.bars.find((_, other) => other > place && rows[other] === rows[place]);
  const room = lane.kind === "drugs" ? (next ? x(next[0]) : x.end) - at - width - 4 : width - 6;
  const fits = Math.floor(room / 7);
  return what.length <= fits ? what : fits > 4 && lane.kind === "support" ? `${what.slice(0, fits - 1)}…` : "";
}

function bars(lane, top, x, profile) {
  const height = HEIGHTS[lane.kind];
  const rows = rowsOf(lane, profile);
  return lane.bars.flatMap((one, place) => {
    const [from, to, grade] = one;
    const start = x(Math.max(from, profile.from));
    const upper = top + rows[place] * height;
    const width = Math.max(x(Math.min(lastOf(lane, profile, one), profile.to)) - start, isGraded(lane) ? 1 : 5);
    const kind = colourOf(lane, grade);
    const shown = { class: to === null && lane.kind === "support" ? `bar ${kind} open` : `bar ${kind}`, "data-said": saidOf(lane, one) };
    const bar = shape("rect", { ...shown, x: start, y: upper, width, height, rx: 1.5 });
    const words = lane.kind === "small" ? "" : wordsOf(lane, rows, place, start, width, x);
    const left = lane.kind === "drugs" ? start + width + 3 : start + 4;
    return words ? [bar, shape("text", { class: `in ${kind}`, x: left, y: upper + height / 2 + 4 }, words)] : [bar];
  });
}

function points(lane, top, x) {
  const values = lane.points.map(([, value]) => value);
  const [low, high] = [Math.min(...values, lane.range[0]), Math.max(...values, lane.range[1])];
  // A logarithm has no zero.
  const scaled = lane.is_log ? (value) => Math.log(Math.max(value, lane.range[0] / 10)) : (value) => value;
  const y = (value) => top + HEIGHTS.points - ((scaled(value) - scaled(low)) / (scaled(high) - scaled(low))) * HEIGHTS.points;
  const course = lane.points.map(([day, value]) => `${x(day).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
  const marks = lane.points.map(([day, value, isSign, censored]) =>
    shape("circle", {
      class: isSign ? "sign" : "reading",
      cx: x(day),
      cy: y(value),
      r: isSign ? 3 : 2,
      "data-said": `${lane.name}: ${censored}${value}, day ${day}${isSign ? ", a sign of CRS" : ""}`,
    }),
  );
  const ends = [high, low].map((value, place) => shape("text", { class: "tick", x: LEFT - 5, y: y(value) + (place ? 0 : 9), "text-anchor": "end" }, value.toLocaleString("en")));
  const limit = lane.limit ? [shape("line", { class: "limit", x1: LEFT, x2: x.end, y1: y(lane.limit), y2: y(lane.limit) })] : [];
  return [...limit, shape("polyline", { class: "course", points: course }), ...marks, ...ends];
}

function lanes(profile, x) {
  const all = [];
  let top = GAP;
  for (const lane of profile.lanes) {
    const isEmpty = !(lane.points ?? lane.bars).length;
    const said = isEmpty ? `${lane.name}: none recorded` : lane.name;
    all.push(shape("text", { class: isEmpty ? "lane none" : "lane", x: LEFT, y: top - 4 }, said));
    if (isEmpty) {
      top += GAP;
      continue;
    }
    all.push(...(lane.points ? points(lane, top, x) : bars(lane, top, x, profile)));
    top += heightOf(lane, profile) + GAP;
  }
  return [all, top - GAP + 4];
}

function ends(profile, x, bottom) {
  const first = shape("line", { class: "end", x1: x(0), x2: x(0), y1: 0, y2: bottom });
  const others = profile.ends.flatMap(([day, said]) => {
    const at = x(Math.min(day, profile.to));
    const isLate = at > LEFT + (x.end - LEFT) * 0.8;
    const words = shape("text", { class: "lane death", x: at + (isLate ? -5 : 5), y: 11, "text-anchor": isLate ? "end" : "start" });
    words.textContent = `${said}${day > profile.to ? " →" : ""}`;
    return day > profile.to ? [words] : [shape("line", { class: "end death", x1: at, x2: at, y1: 0, y2: bottom }), words];
  });
  return [first, ...others];
}

function profileOf(profile, width) {
  const inner = width - LEFT - RIGHT;
  const x = (day) => LEFT + ((day - profile.from) / (profile.to - profile.from)) * inner;
  x.end = width - RIGHT;
  const [drawn, bottom] = lanes(profile, x);
  const ground = [];
  gridded(ground, bottom, x, profile);
  const picture = shape("svg", { viewBox: `0 0 ${width} ${bottom + 36}`, class: "profile" });
  const [first, ...others] = ends(profile, x, bottom);
  picture.append(...ground, first, ...drawn, ...others);
  return picture;
}

function showProfile(one) {
  const width = Math.min(one.clientWidth - 2, 1000);
  const holder = one.querySelector(".drawn") ?? one.querySelector(".told").insertAdjacentElement("beforebegin", made("div", { className: "drawn" }));
  if (!holder.dataset.width) {
    holder.setAttribute("role", "img");
    holder.ariaLabel = `Profile of ${one.querySelector("summary b").textContent}; the text says the same.`;
    speaking(holder);
  }
  const wanted = width > 200 ? width - 34 : 900;
  if (holder.dataset.width === String(wanted)) return;
  holder.dataset.width = wanted;
  holder.replaceChildren(profileOf(profiles[one.dataset.profile], wanted));
}

for (const one of document.querySelectorAll(".case")) {
  one.addEventListener("toggle", (event) => event.target === one && one.open && showProfile(one));
  new ResizeObserver(() => one.open && showProfile(one)).observe(one);
  addEventListener("beforeprint", () => showProfile(one));
}
