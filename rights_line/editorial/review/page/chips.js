// Numbers and times in the field of a changed text. Each is a chip: it is there as a whole, or not at all.
// A chip is text between two marks, so that any keyboard can edit the field; #mirror paints its ground.

const EDGE = "\u202f"; // narrow no-break space: cleaned() leaves none in a text
const GAP = "\u00a0";

let chips = new Map(); // placeholder -> chip, for the text that is changed
let settled = ""; // the field after the last edit that left every chip whole

function placeholders(text) {
  return [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]);
}

function labelOf(name) {
  return model.values[name] ?? model.english[name] ?? name;
}

function chipsOf(number) {
  const { english, text, draft } = strings[number];
  const found = new Map();
  for (const name of placeholders(english + text + draft)) {
    const isTaken = [...found.keys()].some((other) => other !== name && labelOf(other) === labelOf(name));
    const label = isTaken ? `${labelOf(name)} ${name}` : labelOf(name);
    found.set(name, EDGE + label.replaceAll(" ", GAP) + EDGE);
  }
  return found;
}

function withChips(text) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => chips.get(name) ?? whole);
}

// A number that was typed or pasted is the chip that it looks like.
function withoutChips(field) {
  let text = field;
  for (const [name, chip] of chips) text = text.replaceAll(chip, `{${name}}`);
  for (const [name] of chips) {
    const digits = labelOf(name).replaceAll(" ", "");
    if (!/^\d{3,}$/.test(digits) || placeholders(text).includes(name)) continue;
    const typed = new RegExp(`(^|[^\\p{Nd}])${[...digits].join("\\s?")}(?![\\p{Nd}])`, "gu");
    text = text.replace(typed, (_, start) => `${start}{${name}}`);
  }
  return text;
}

// The field, cut at its chips: every second piece is one.
function pieces(field) {
  const escaped = [...chips.values()].map((chip) => chip.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return escaped.length ? field.split(new RegExp(`(${escaped.join("|")})`)) : [field];
}

// An edit that cuts into a chip takes the whole chip. What is typed inside of it stands after it.
function keptWhole(before, after) {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const typed = after.slice(start, after.length - end);
  let [from, to] = [start, before.length - end];
  let at = 0;
  pieces(before).forEach((piece, index) => {
    const stop = at + piece.length;
    if (index % 2 && from < stop && to > at) {
      [from, to] = from === to ? [stop, stop] : [Math.min(from, at), Math.max(to, stop)];
    }
    at = stop;
  });
  return { text: before.slice(0, from) + typed + before.slice(to), caret: from + typed.length };
}

function fillField(text) {
  byId("text").value = settled = withChips(text);
  drawField();
}

function settleField() {
  const field = byId("text");
  const { text, caret } = keptWhole(settled, field.value);
  if (text !== field.value) {
    field.value = text;
    field.setSelectionRange(caret, caret);
  }
  settled = text;
}

function insertChip(name) {
  const field = byId("text");
  const at = field.selectionEnd;
  const [before, after] = [field.value.slice(0, at), field.value.slice(at)];
  const space = (isNeeded) => (isNeeded ? " " : "");
  const start = before + space(/[\p{L}\p{Nd}.,:;!?]$/u.test(before)) + chips.get(name);
  field.value = start + space(/^[\p{L}\p{Nd}]/u.test(after)) + after;
  field.setSelectionRange(start.length, start.length);
  field.focus();
  field.dispatchEvent(new Event("input"));
}

function countOf(name, text) {
  return placeholders(text).filter((one) => one === name).length;
}

function drawField() {
  const { value } = byId("text");
  const ground = pieces(value).map((piece, index) => (index % 2 ? withText("mark", piece) : piece));
  byId("mirror").replaceChildren(...ground, "\u200b"); // a last empty line needs its height
  const { english } = strings[current()];
  const needed = [...chips.keys()].filter((name) => countOf(name, english));
  byId("with-chips").hidden = !needed.length;
  byId("chips").replaceChildren(...needed.map((name) => chipRow(name, countOf(name, english))));
}

function chipRow(name, needed) {
  const isThere = countOf(name, withoutChips(byId("text").value)) >= needed;
  const row = document.createElement("li");
  const chip = row.appendChild(document.createElement(isThere ? "span" : "button"));
  chip.className = "chip";
  chip.append(isThere ? "✓ " : "+ ", withText("bdi", labelOf(name)), needed > 1 ? ` ×${needed}` : "");
  if (isThere) return row;
  chip.type = "button";
  chip.setAttribute("aria-label", `Put in ${labelOf(name)}`);
  chip.addEventListener("click", () => insertChip(name));
  return row;
}

function chipProblems(number, text) {
  const { english } = strings[number];
  const found = [];
  for (const name of new Set(placeholders(english + text))) {
    const label = `\u2068${labelOf(name)}\u2069`;
    const [needed, there] = [countOf(name, english), countOf(name, text)];
    if (there < needed) found.push(`${label} is missing. Press it to put it in.`);
    if (there > needed) found.push(needed ? `${label} stands too often. Delete one.` : `${label} is not in the English. Delete it.`);
  }
  if (/[{}]/.test(text.replace(/\{\w+\}/g, ""))) found.push("Delete the braces { }.");
  return found;
}
