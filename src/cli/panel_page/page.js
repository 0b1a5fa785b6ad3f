"use strict";
// Everything of a report is text here and never markup: the page is built with textContent alone.
const data = JSON.parse(document.getElementById("data").textContent);
const [FIRST, LAST] = data.years;
const STATES = { p: "present", f: "failing", a: "partial", s: "scanned", u: "unsupported", n: "no_tables", e: "failed", m: "missing" };
const MARKS = { p: "", f: "✗", a: "–", s: "▣", u: "?", n: "∅", e: "!", m: "·" };
const $ = (id) => document.getElementById(id);
const make = (tag, cls, text) => {
  const node = document.createElement(tag);
  if (cls) node.className = cls;
  if (text !== undefined) node.textContent = text;
  return node;
};
// the words of this page, where they are not English
const t = (english, ...values) => {
  let nth = 0;
  return (data.words[english] || english).replace(/\{(\d*)\}/g, (_, at) => values[at ? at - 1 : nth++]);
};
const years = [];
for (let y = FIRST; y <= LAST && FIRST > 0; y++) years.push(y);

// A list of which only the rows in sight exist. `draw(row, item)` fills one; `chosen` is told of the selected item.
function list(view, height, draw, chosen) {
  const rows = view.firstElementChild;
  const pool = [];
  const self = { items: [], at: -1 };
  const paint = () => {
    const from = Math.max(0, Math.floor(view.scrollTop / height) - 4);
    const count = Math.min(self.items.length - from, Math.ceil(view.clientHeight / height) + 8);
    for (let i = 0; i < Math.max(count, pool.length); i++) {
      let row = pool[i];
      if (!row) {
        row = make("div", "row");
        row.setAttribute("role", "option");
        row.addEventListener("click", () => self.select(row.index));
        pool.push(row);
        rows.append(row);
      }
      row.hidden = i >= count;
      row.style.display = row.hidden ? "none" : "";
      if (row.hidden) continue;
      row.index = from + i;
      row.id = view.id + "-" + row.index;
      row.style.transform = `translateY(${row.index * height}px)`;
      row.classList.toggle("at", row.index === self.at);
      row.setAttribute("aria-selected", row.index === self.at);
      row.replaceChildren();
      draw(row, self.items[row.index]);
    }
  };
  self.show = (items) => {
    self.items = items;
    self.at = -1;
    rows.style.height = items.length * height + "px";
    view.scrollTop = 0;
    paint();
  };
  self.select = (index) => {
    if (!self.items.length) return;
    self.at = Math.max(0, Math.min(self.items.length - 1, index));
    const top = self.at * height;
    if (top < view.scrollTop) view.scrollTop = top;
    if (top + height > view.scrollTop + view.clientHeight) view.scrollTop = top + height - view.clientHeight;
    view.setAttribute("aria-activedescendant", view.id + "-" + self.at);
    paint();
    chosen(self.items[self.at]);
  };
  view.addEventListener("scroll", paint, { passive: true });
  addEventListener("resize", paint);
  view.addEventListener("keydown", (event) => {
    const page = Math.max(1, Math.floor(view.clientHeight / height) - 1);
    const to = { ArrowDown: self.at + 1, ArrowUp: self.at - 1, PageDown: self.at + page, PageUp: self.at - page,
      Home: 0, End: self.items.length - 1 }[event.key];
    if (event.key === "Enter") {
      const link = rows.querySelector(".at a");
      if (link) link.click();
    }
    if (to === undefined) return;
    event.preventDefault();
    self.select(to);
  });
  return self;
}

const who = (b) => data.bodies[b];
const found = new Map();
data.findings.forEach((f) => found.set(f[1], (found.get(f[1]) || 0) + 1));

const places = list($("places"), 24, (row, b) => {
  const [code, name, place, , scope, states] = who(b);
  row.append(make("span", "code", code), make("span", "name", name + (scope ? ` (${t(scope)})` : "")));
  row.title = place + " " + name;
  [...states].forEach((s, i) => {
    const cell = make("span", "y " + STATES[s], MARKS[s]);
    cell.title = `${years[i]} ${t(STATES[s])}`;
    row.append(cell);
  });
  const count = make("span", "note", found.get(b) || "");
  count.title = t("findings");
  row.append(count);
}, (b) => one(b));

// a cell without its table, in the words of the form where there are such; beside another of the same row the column alone, beside itself nothing
function short(cell, other) {
  const name = data.cells[cell];
  if (cell === other) return "";
  if (data.labels.length) {
    const parts = (at) => data.labels[at].split(" › ");
    const [own, beside] = [parts(cell), other === undefined ? [] : parts(other)];
    const isRow = own.length === beside.length && own.slice(0, -1).every((part, at) => part === beside[at]);
    return isRow ? "…" + own[own.length - 1] : data.labels[cell];
  }
  const row = name.slice(0, name.lastIndexOf("."));
  if (other !== undefined && data.cells[other].startsWith(row + ".")) return "…" + name.slice(row.length + 1);
  return name.slice(name.indexOf(".") + 1);
}
// one side of a finding: the value, the cell, and in full also the file
function side(cell, value, source, full, other) {
  const span = make("span", full ? "" : "side");
  const [name, page] = data.sources[source];
  const cells = data.cells[cell];
  const text = full ? `${data.labels[cell] || cells} = ${value}` : `${value}  ${short(cell, other)}`.trim();
  const anchor = page && page[1][cells];
  if (page) {
    const link = make("a", "", text);
    link.href = `pages/${page[0]}.html${anchor ? "#" + anchor : ""}`;
    span.append(link);
  } else span.append(text);
  if (full) span.append(" ", make("span", "note", name));
  span.title = `${cells} = ${value}\n${name}`;
  return span;
}
const findings = list($("findings"), 46, (row, f) => {
  const [kind, body, year, lc, lv, ls, rc, rv, rs, detail, sums] = f;
  const name = make("span", "kind", data.kinds[kind][0]);
  name.title = data.kinds[kind][1];
  const [above, below] = [make("div"), make("div")];
  above.append(name, make("span", "who", who(body)[1]), make("span", "year", year),
    make("span", "detail", sums ? `${sums[0]} ≠ ${sums[1]}` : detail));
  below.append(side(lc, lv, ls), side(rc, rv, rs, false, lc));
  row.append(above, below);
}, (f) => one(f[1], f));

// the series of one body, and its findings
function one(b, f) {
  const [code, name, place, kind, scope, states] = who(b);
  const box = $("one");
  box.replaceChildren();
  box.append(make("h2", "", `${name} ${code}`), make("p", "note", [place, kind, scope].filter(Boolean).map((said) => t(said)).join(" · ")));
  if (f) {
    const [name, meaning] = data.kinds[f[0]];
    box.append(make("p", "", `${name} ${f[2]}: ${meaning}${f[9] ? " (" + f[9] + ")" : ""}`));
    for (const sides of [f.slice(3, 6), f.slice(6, 9)]) {
      const line = make("p");
      line.append(side(...sides, true));
      box.append(line);
    }
    if (f[10]) box.append(make("p", "", `${f[10][0]} ≠ ${f[10][1]}: ${f[10][2]}`));
  }
  const flat = data.series[b];
  const max = Math.max(1, ...flat.filter((v) => v !== null));
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 340 92");
  svg.setAttribute("role", "img");
  const node = (tag, attributes, text) => {
    const n = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const key in attributes) n.setAttribute(key, attributes[key]);
    if (text !== undefined) n.textContent = text;
    svg.append(n);
    return n;
  };
  const step = 300 / Math.max(1, years.length - 1);
  years.forEach((y, i) => node("text", { x: 20 + i * step, y: 90, "text-anchor": "middle" }, years.length > 9 ? "’" + String(y).slice(2) : y));
  const legend = make("p", "lines");
  const top = make("i", "note", t("at most {}", max));
  data.lines.forEach((line, s) => {
    let path = "";
    years.forEach((y, i) => {
      const v = flat[i * data.lines.length + s];
      if (v === null) return;
      const previous = i > 0 && flat[(i - 1) * data.lines.length + s] !== null;
      const [x, top] = [20 + i * step, 76 - (70 * v) / max];
      path += `${previous ? "L" : "M"}${x.toFixed(1)} ${top.toFixed(1)}`;
      node("circle", { cx: x, cy: top, r: 2, class: "s" + (s % 4), fill: "currentColor" }).append(
        Object.assign(document.createElementNS("http://www.w3.org/2000/svg", "title"), { textContent: `${line} ${y}: ${v}` }));
    });
    node("path", { d: path, fill: "none", "stroke-width": 1.5, class: "s" + (s % 4) });
    legend.append(make("span", "s" + (s % 4), line), " ");
  });
  legend.append(top);
  svg.setAttribute("aria-label", data.lines.map((l, s) => l + ": " + years.map((y, i) => flat[i * data.lines.length + s] ?? "–").join(", ")).join("; "));
  // nothing of it was read: no axis without a line
  if (flat.some((v) => v !== null)) box.append(svg, legend);
  const own = data.findings.filter((f) => f[1] === b);
  if (own.length) {
    const button = make("button", "", t("only its {} findings", own.length));
    button.type = "button";
    button.addEventListener("click", () => { $("search").value = code || name; filter(); });
    box.append(button);
  }
}

let order = 0;
let down = false;
function filter() {
  const words = $("search").value.trim().toLowerCase();
  const state = $("state").value;
  const kind = $("kind").value;
  const fits = data.bodies.map((b) => !words || (b[0] + " " + b[2] + b[1]).toLowerCase().includes(words));
  const bodies = [];
  data.bodies.forEach((b, i) => { if (fits[i] && (!state || b[5].includes(state))) bodies.push(i); });
  const chosen = data.findings.filter((f) => fits[f[1]] && (kind === "" ? true : kind === "w" ? data.kinds[f[0]][2] === "warning" : f[0] === +kind));
  if (order !== 1 || down) {
    chosen.sort((a, b) => {
      const [x, y] = [a[order], b[order]];
      const less = order === 4 || order === 7 ? x - y : typeof x === "number" ? x - y : x < y ? -1 : +(x > y);
      return down ? -less : less;
    });
  }
  places.show(bodies);
  findings.show(chosen);
  $("bodies").textContent = t("{} bodies", bodies.length);
  $("count").textContent = t("{} findings", chosen.length);
}

// how many of the governments that there are have a report: counted against the table of places, not against those seen
function regions() {
  const by = new Map();
  const one = { province: t("province"), prefecture: t("prefecture"), county: t("county") };
  const plural = { province: t("provinces"), prefecture: t("prefectures"), county: t("counties") };
  data.shares.forEach(([place, level, year, known, have]) => {
    const key = place + " " + level;
    if (!by.has(key)) by.set(key, { place, level, years: new Map() });
    by.get(key).years.set(year, [have, known]);
  });
  const table = make("table");
  const head = table.insertRow();
  const two = (y) => String(y).slice(2);
  head.append(make("th", "", ""), make("th", "", t("with a report, of")), ...years.map((y) => make("td", "", two(y))));
  by.forEach(({ place, level, years: own }) => {
    const row = table.insertRow();
    const th = make("th");
    const button = make("button", "region", place);
    button.type = "button";
    button.addEventListener("click", () => { $("search").value = place; filter(); });
    th.append(button);
    const last = [...own.values()].pop()[1];
    row.append(th, make("th", "", `${last} ${last === 1 ? one[level] : plural[level]}`));
    years.forEach((y) => {
      const [have, known] = own.get(y) || [0, 0];
      const cell = make("td", "", known ? have : "");
      const share = known ? Math.round((70 * have) / known) : 0;
      cell.style.background = `color-mix(in srgb, var(--present) ${share}%, transparent)`;
      cell.title = t("{} {}: {} of {} {} have a report", place, y, have, known, plural[level]);
      row.append(cell);
    });
  });
  $("regions").append(table);
}

$("years").append(make("span", "code", t("code")), make("span", "name", t("a body")), ...years.map((y) => make("span", "y", String(y).slice(2))), make("span", "", t("found")));
document.body.style.setProperty("--years", years.length);
const heads = [["kind", t("finding"), 0], ["who", t("a body"), 1], ["year", t("year"), 2], ["side", t("this"), 4], ["side", t("against"), 7], ["detail", t("detail"), 9]];
heads.forEach(([cls, text, at]) => {
  const button = make("button", cls, text);
  button.type = "button";
  button.addEventListener("click", () => {
    down = order === at ? !down : false;
    order = at;
    [...$("heads").children].forEach((b) => b.removeAttribute("aria-sort"));
    button.setAttribute("aria-sort", down ? "descending" : "ascending");
    filter();
  });
  $("heads").append(button);
});
const counts = data.kinds.map(() => 0);
data.findings.forEach((f) => counts[f[0]]++);
data.kinds.forEach(([name, meaning], i) => {
  if (!counts[i]) return;
  const option = make("option", "", `${name} (${counts[i]})`);
  option.value = i;
  option.title = meaning;
  $("kind").append(option);
});
let waiting = 0;
$("search").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 120); });
$("state").addEventListener("change", filter);
$("kind").addEventListener("change", filter);
document.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
regions();
filter();
if (data.bodies.length) one(findings.items.length ? findings.items[0][1] : 0, findings.items[0]);
// milliseconds since the page was asked for
document.body.dataset.ready = Math.round(performance.now());
