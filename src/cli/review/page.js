"use strict";
// Everything of a document is text here and never markup: the page is built with textContent alone.
const data = JSON.parse(document.getElementById("data").textContent);
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
const NUMBER = /^-?\d+(\.\d+)?$/;

// what was decided, by document and cell: {value, was, by, date, note}; and the things that stay as they are
let decided = new Map();
let seen = new Set();
let [item, cell] = [0, 0];

const keyOf = (place) => data.documents[place.document].sha256 + " " + place.cell;
const itemKey = (one) => one.kind + " " + one.text + " " + (one.cells[0] ? keyOf(one.cells[0]) : "");
// what was decided when the program said something else is not applied, and so settles nothing
const choice = (place) => {
  const one = decided.get(keyOf(place));
  return one && one.was === place.was ? one : undefined;
};
const isDone = (place) => choice(place) !== undefined;
const isSettled = (one) => seen.has(itemKey(one)) || (one.cells.some((p) => p.open) ? one.cells.every((p) => !p.open || isDone(p)) : one.cells.some(isDone));

// kept in this browser, so that a closed page loses nothing; where that is not allowed only saving helps
const SLOT = "nianbao-review " + data.documents.map((d) => d.sha256.slice(0, 8)).join("").slice(0, 400);
const keep = () => { try { localStorage.setItem(SLOT, JSON.stringify([[...decided], [...seen], $("by").value])); } catch { /* see above */ } };
try {
  const [known, left, by] = JSON.parse(localStorage.getItem(SLOT) || "[[],[],\"\"]");
  decided = new Map(known);
  seen = new Set(left);
  $("by").value = by;
} catch { /* see above */ }

function decide(value) {
  const place = data.items[item].cells[cell];
  if (!place) return;
  const date = new Date().toISOString().slice(0, 10);
  decided.set(keyOf(place), { value, was: place.was, by: $("by").value, date, note: $("note").value });
  keep();
  forward();
}

// to the next open cell of this thing, or to the next thing that is not settled
function forward() {
  const cells = data.items[item].cells;
  const next = cells.findIndex((p, i) => i > cell && p.open && !isDone(p));
  if (next >= 0) cell = next;
  else if (isSettled(data.items[item])) return open(1);
  show();
}

function open(step) {
  for (let i = 1; i <= data.items.length; i++) {
    const at = (item + i * step + data.items.length) % data.items.length;
    if (!isSettled(data.items[at])) { go(at); return; }
  }
  show();
}

function go(at) {
  item = Math.max(0, Math.min(data.items.length - 1, at));
  const first = data.items[item].cells.findIndex((p) => p.open && !isDone(p));
  cell = Math.max(0, first);
  show();
}

function show() {
  const settled = data.items.filter(isSettled).length;
  const cells = data.items.flatMap((one) => one.cells.filter((p) => p.open));
  const done = cells.filter(isDone).length;
  $("bar").max = Math.max(1, data.items.length);
  $("bar").value = settled;
  const absent = data.absent ? t(", {} documents are not there any more", data.absent) : "";
  $("count").textContent = t("{} of {} things settled, {} of {} open cells, {} correction{}", settled, data.items.length, done, cells.length, decided.size, decided.size === 1 ? "" : "s") + absent;
  document.body.dataset.decided = decided.size;
  const one = data.items[item];
  if (!one) { $("what").textContent = t("nothing needs a person"); return; }
  $("what").textContent = `${item + 1}. ${data.kinds[one.kind] || one.kind}`;
  $("text").textContent = one.text;
  $("cells").replaceChildren(...one.cells.map(line));
  const place = one.cells[cell];
  if (!place) return;
  const about = data.documents[place.document];
  $("where").textContent = [about.issuer, about.year, about.title, about.source].filter((part) => part).join(" · ");
  $("at").textContent = [place.at, place.label].filter((part) => part).join(" · ");
  const [before, printed, after] = place.printed;
  const mark = make("mark", "", printed || " ");
  $("source").replaceChildren(before, mark, after);
  mark.scrollIntoView({ block: "center" });
  const row = $("cells").children[cell];
  if (row) row.scrollIntoView({ block: "nearest" });
}

function line(place, at) {
  const row = make("li", (at === cell ? "at" : "") + (isDone(place) ? " done" : ""));
  if (at === cell) row.setAttribute("aria-current", "true");
  row.append(make("div", "", place.label), make("span", "printed", place.printed[1]), " ", make("span", "soft", place.said));
  const chosen = choice(place);
  place.candidates.forEach((candidate, nth) => {
    const button = make("button", chosen && chosen.value === candidate.value ? "chosen" : "");
    button.type = "button";
    button.append(make("kbd", "", nth + 1), " " + candidate.value, make("span", "hints", candidate.hints.join(" · ")));
    button.addEventListener("click", () => { cell = at; decide(candidate.value); });
    row.append(button);
  });
  if (chosen) row.append(make("div", "", "→ " + (chosen.value === "" ? t("no value") : chosen.value) + (chosen.note ? ` (${chosen.note})` : "")));
  if (at === cell) {
    const input = make("input");
    input.id = "value";
    input.size = 12;
    input.inputMode = "decimal";
    input.setAttribute("aria-label", t("a number for {}", place.label));
    input.addEventListener("keydown", (event) => {
      if (event.key === "Escape") input.blur();
      if (event.key === "Enter") {
        event.preventDefault();
        const value = input.value.trim();
        if (NUMBER.test(value)) { input.blur(); decide(value); } else { input.setCustomValidity(t("a number, as 3 or 25.1")); input.reportValidity(); }
      }
      event.stopPropagation();
    });
    row.append(input);
  }
  row.addEventListener("click", (event) => { if (event.target.tagName !== "BUTTON" && event.target.tagName !== "INPUT") { cell = at; show(); } });
  return row;
}

// RFC 4180
const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll("\"", "\"\"")}"` : text);
function csv() {
  const lines = [...decided].map(([key, one]) => {
    const [sha256, name] = key.split(" ");
    return [sha256, name, one.value, one.was, one.by, one.date, one.note].map(quoted).join(",");
  });
  return [data.columns.join(","), ...lines].join("\r\n") + "\r\n";
}
function save() {
  const link = make("a");
  link.href = URL.createObjectURL(new Blob([csv()], { type: "text/csv" }));
  link.download = "corrections.csv";
  link.click();
  URL.revokeObjectURL(link.href);
}

// what somebody decided before, also on another machine
function parsed(text) {
  const head = text.split("\n", 1)[0];
  const sign = [",", "\t", ";"].reduce((most, one) => (head.split(one).length > head.split(most).length ? one : most));
  const rows = [[""]];
  let inside = false;
  for (let i = 0; i < text.length; i++) {
    const row = rows[rows.length - 1];
    const c = text[i];
    if (inside) {
      if (c !== "\"") row[row.length - 1] += c;
      else if (text[i + 1] === "\"") { row[row.length - 1] += c; i++; } else inside = false;
    } else if (c === "\"") inside = true;
    else if (c === sign) row.push("");
    else if (c === "\n") rows.push([""]);
    else if (c !== "\r") row[row.length - 1] += c;
  }
  return rows.filter((row) => row.length > 1);
}
// as spreadsheets save it: UTF-8, GBK, or UTF-16 with its mark
function textOf(bytes) {
  const marked = { "255,254": "utf-16le", "254,255": "utf-16be" }[bytes.slice(0, 2).join()];
  for (const encoding of marked ? [marked] : ["utf-8", "gb18030"]) {
    try { return new TextDecoder(encoding, { fatal: true }).decode(bytes); } catch { /* it is another */ }
  }
  return "";
}
function take(file, text) {
  const [head, ...rows] = parsed(text.replace(/^\uFEFF/, ""));
  const at = data.columns.map((name) => (head || []).indexOf(name));
  // the first four are needed
  if (at.slice(0, 4).includes(-1)) { tell(t("{}: no file of corrections", file)); return; }
  const places = new Map(data.items.flatMap((one) => one.cells).map((place) => [keyOf(place), place]));
  const [TAKEN, SAME] = [t("taken"), t("same")];
  const [DIFFER, OTHER] = [t("differ from what was decided here, which stays"), t("are of another reading of the document")];
  const told = { [TAKEN]: 0, [SAME]: 0, [DIFFER]: 0, [OTHER]: 0 };
  for (const row of rows) {
    const [sha256, name, value, was, by, date, note] = at.map((i) => row[i] || "");
    // a spreadsheet keeps lines that were emptied
    if (!sha256 || !name) continue;
    const key = sha256 + " " + name;
    const known = decided.get(key);
    const place = places.get(key);
    if (place && was !== place.was) told[OTHER]++;
    else if (known && known.was === was) told[known.value === value ? SAME : DIFFER]++;
    else { decided.set(key, { value, was, by, date, note }); told[TAKEN]++; }
  }
  keep();
  show();
  tell(`${file}: ` + Object.entries(told).filter(([what, count]) => count || what === TAKEN).map(([what, count]) => `${count} ${what}`).join(", "));
}
function tell(text) { $("told").textContent = text; }

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.tagName === "INPUT") return;
  const one = data.items[item];
  if (!one) return;
  const place = one.cells[cell];
  const candidate = place && place.candidates[Number(event.key) - 1];
  const keys = {
    e: () => $("value") && $("value").focus(), Enter: () => $("value") && $("value").focus(),
    n: () => decide(""), p: () => { seen.add(itemKey(one)); keep(); open(1); },
    u: () => { if (place) decided.delete(keyOf(place)); seen.delete(itemKey(one)); keep(); show(); },
    ArrowDown: () => { cell = Math.min(one.cells.length - 1, cell + 1); show(); }, ArrowUp: () => { cell = Math.max(0, cell - 1); show(); },
    ArrowRight: () => go(item + 1), ArrowLeft: () => go(item - 1), o: () => open(1), s: save,
  };
  const act = candidate ? () => decide(candidate.value) : keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});
$("save").addEventListener("click", save);
$("load").addEventListener("change", async (event) => {
  for (const file of event.target.files) take(file.name, textOf(new Uint8Array(await file.arrayBuffer())));
  event.target.value = "";
});
$("by").addEventListener("change", keep);
document.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
go(0);
// milliseconds since the page was asked for
document.body.dataset.ready = Math.round(performance.now());
