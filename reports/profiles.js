// Draws the profile of a case when it is opened: all lanes on one axis of days. Nothing is computed but where things stand.

const profiles = given("profiles") ?? [];
const LEFT = 46;
const RIGHT = 12;
const HEIGHTS = { grades: 20, small: 12, support: 20, drugs: 16, points: 58 };
const GAP = 17;

function shape(tag, attributes, text = "") {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.textContent = text;
  return element;
}

const heightOf = (lane) => (lane.points ? HEIGHTS.points : HEIGHTS[lane.small ? "small" : lane.kind]);

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

function bars(lane, top, x, profile) {
  const height = heightOf(lane);
  return lane.bars.flatMap(([from, to, text, said, grade]) => {
    const start = x(Math.max(from, profile.from));
    const end = x(Math.min(to ?? profile.to, profile.to));
    const width = Math.max(end - start, lane.kind === "grades" ? 1 : 5);
    const colour = grade ? `grade-${grade}` : lane.kind;
    const bar = shape("rect", { class: `bar ${colour}`, x: start, y: top, width, height, rx: 1.5, "data-said": `${lane.name}: ${said}` });
    const fits = text.length * 6.2 + 6 < width;
    const inside = shape("text", { class: `in ${colour}`, x: start + 4, y: top + height / 2 + 4 }, text);
    return fits && !lane.small ? [bar, inside] : [bar];
  });
}

function points(lane, top, x) {
  const values = lane.points.map(([, value]) => value);
  if (lane.limit) values.push(lane.limit);
  const scaled = lane.log ? Math.log : (value) => value;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const size = scaled(high) - scaled(low) || 1;
  const y = (value) => top + HEIGHTS.points - 5 - ((scaled(value) - scaled(low)) / size) * (HEIGHTS.points - 10);
  const drawn = lane.points.map(([day, value]) => `${x(day).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
  const marks = lane.points.map(([day, value, said, isSign]) =>
    shape("circle", { class: isSign ? "sign" : "reading", cx: x(day), cy: y(value), r: isSign ? 3 : 2, "data-said": `${lane.name}: ${said}` }),
  );
  const ends = [...new Set([high, low])].map((value) => shape("text", { class: "tick", x: LEFT - 5, y: y(value) + 4, "text-anchor": "end" }, value));
  const limit = lane.limit ? [shape("line", { class: "limit", x1: LEFT, x2: x.end, y1: y(lane.limit), y2: y(lane.limit) })] : [];
  return [...limit, shape("polyline", { class: "course", points: drawn }), ...marks, ...ends];
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
    top += heightOf(lane) + GAP;
  }
  return [all, top - GAP + 4];
}

function ends(profile, x, bottom) {
  return profile.ends.flatMap(([day, said, kind]) => {
    const at = x(Math.min(day, profile.to));
    const later = day > profile.to ? " →" : "";
    const line = shape("line", { class: `end ${kind}`, x1: at, x2: at, y1: 0, y2: bottom });
    const isLate = at > (LEFT + x.end) / 2;
    const word = shape("text", { class: `lane ${kind}`, x: at + (isLate ? -4 : 4), y: bottom - 3, "text-anchor": isLate ? "end" : "start" }, said + later);
    return later ? [word] : [line, ...(kind ? [word] : [])];
  });
}

function profileOf(profile, width) {
  const inner = width - LEFT - RIGHT;
  const x = (day) => LEFT + ((day - profile.from) / (profile.to - profile.from)) * inner;
  x.end = width - RIGHT;
  const [drawn, bottom] = lanes(profile, x);
  const ground = [];
  gridded(ground, bottom, x, profile);
  const picture = shape("svg", { viewBox: `0 0 ${width} ${bottom + 36}`, class: "profile" });
  picture.append(...ground, ...ends(profile, x, bottom), ...drawn);
  return picture;
}

function show_profile(one) {
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
  one.addEventListener("toggle", (event) => event.target === one && one.open && show_profile(one));
  new ResizeObserver(() => one.open && show_profile(one)).observe(one);
  addEventListener("beforeprint", () => show_profile(one));
}
