// Screens as a phone shows them, their SMS segments, and the checks of a changed text.
// The counting agrees with rights_line/core/sms.py; tests/browser/test_review_page.py compares both.
"use strict";

const model = JSON.parse(document.getElementById("model").textContent);
const { screens, language } = model;
// The file leaves out empty lists.
const strings = model.strings.map((string) => ({ codes: [], sources: [], facts: [], doubts: [], ...string }));
// A browser without it (Firefox before 2024) may count one SMS too few or too many.
const clusters = Intl.Segmenter && new Intl.Segmenter("en", { granularity: "grapheme" });

function encodingOf(text) {
  return [...text].every((character) => character in language.septets) ? "GSM-7" : "UCS-2";
}

function units(text, encoding) {
  if (encoding === "UCS-2") return text.length;
  return [...text].reduce((sum, character) => sum + language.septets[character], 0);
}

// The units that stay whole: characters, or grapheme clusters in UCS-2.
function wholeUnits(text, encoding, size) {
  if (encoding === "GSM-7" || !clusters) return [...text];
  const found = [...clusters.segment(text)].map((part) => part.segment);
  return found.flatMap((cluster) => (cluster === "\r\n" || cluster.length > size ? [...cluster] : [cluster]));
}

function segments(text) {
  const encoding = encodingOf(text);
  const [single, size] = language.limits[encoding];
  if (units(text, encoding) <= single) return [text];
  const filled = [""];
  let room = size;
  for (const unit of wholeUnits(text, encoding, size)) {
    const cost = units(unit, encoding);
    if (cost > room) {
      filled.push("");
      room = size;
    }
    filled[filled.length - 1] += unit;
    room -= cost;
  }
  return filled;
}

function replaced(text, table) {
  return [...text].map((character) => table[character] ?? character).join("");
}

// Plain punctuation, no invisible marks, one line: what a keyboard adds is not part of the text.
function cleaned(text) {
  return replaced(text, language.plain).replace(/\s+/g, " ").trim().normalize("NFC");
}

function filled(text, values) {
  // The sentence about the operator is empty here; it leaves no second space.
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole).replace(/ {2,}/g, " ").trim();
}

function shown(number, isEnglish, draft) {
  const string = strings[number];
  if (isEnglish) return filled(string.english, model.english);
  const text = filled(draft?.number === number ? draft.text : string.text || string.english, model.values);
  return language.isPlain ? replaced(text, language.plain).normalize("NFC") : text;
}

// The lines of a screen, each with the number of its string. `word`: as sent without a session.
function lines(screen, { isEnglish = false, draft = null, word = "", notices = [] } = {}) {
  const body = screen.body.map((number, at) => ({ number, text: shown(number, isEnglish, draft), isSentence: at > 0 }));
  const links = screen.links.map(([code, number]) => {
    const isForeign = !isEnglish && model.in_english.codes.includes(code);
    const carried = word && isForeign ? model.in_english.word : word;
    const start = word ? language.wordless[code] ?? `${carried} ${code} ` : `${code} `;
    const isDropped = word && language.wordless[code] === null;
    const label = shown(number, isEnglish, draft);
    const said = isForeign && !word ? model.in_english.label.replace("{label}", () => label) : label;
    return { number, text: `${start}${said}`, isDropped };
  });
  const kept = headedEnglish(links.filter((line) => !line.isDropped));
  const all = [...body, ...notices.map((text) => ({ number: -1, text })), ...kept];
  const isFolded = !isEnglish && segments(joined(folded(all))).length < segments(joined(all)).length;
  return isFolded ? folded(all) : all;
}

// As Form.sms_links of core/screen.py: many links to English screens stand last, below one line.
function headedEnglish(links) {
  const { heading, label, marked: most } = model.in_english;
  const mark = label.replace("{label}", "");
  const isMarked = (line) => mark && line.text.endsWith(mark);
  const marked = links.filter(isMarked).map((line) => ({ ...line, text: line.text.slice(0, -mark.length) }));
  if (marked.length <= most) return links;
  return [...links.filter((line) => !isMarked(line)), { number: -1, text: heading }, ...marked];
}

function folded(all) {
  return all.map((line) => ({ ...line, text: replaced(line.text, language.fold) }));
}

// A further sentence of the body stands in the line of the first; after Chinese there is no space.
function joined(all) {
  return all.reduce((text, line) => {
    const end = line.isSentence ? (text.endsWith("。") ? "" : " ") : "\n";
    return text ? text + end + line.text : line.text;
  }, "");
}

function typedNumbers(text) {
  const found = text.replace(/\{[^{}]*\}/g, "").match(/\p{Nd}+(?: \p{Nd}+)*/gu) ?? [];
  return found.map((number) => number.replaceAll(" ", "")).sort().join(" ");
}

// The longest form of a screen: with closed-notices, with and without a session.
function longest(screen, draft) {
  const { notices } = screen;
  return ["", language.word].map((word) => joined(lines(screen, { draft, notices, word })));
}

function isNumberLate(text) {
  const has = (part) => language.numbers.some((number) => part.replace(/\s/g, "").includes(number));
  return has(text) && !has(segments(text)[0]);
}

function screenProblems(number, text) {
  const found = [];
  const tooLong = [];
  for (const screen of screens.filter((row) => strings[number].codes.includes(row.code))) {
    const texts = longest(screen, { number, text });
    const most = Math.max(...texts.map((one) => segments(one).length));
    if (most > language.segments) tooLong.push(`screen ${screen.name} takes ${most} SMS`);
    if (texts.some(isNumberLate)) found.push(`Screen ${screen.name}: put the phone number nearer to the start.`);
  }
  if (tooLong.length) {
    const more = tooLong.length > 1 ? ` (and ${tooLong.length - 1} more screens)` : "";
    found.unshift(`Too long, please shorten it: ${tooLong[0]}${more}, at most ${language.segments} may be sent.`);
  }
  return found;
}

// The problems of a changed text, as sentences; `rights-line import` checks again.
function problems(number, text) {
  const { english, text: before } = strings[number];
  const found = [];
  if (!text) return ["Write your text."];
  if (text === before) found.push("This is the text as it was. Change it, or press Cancel.");
  if (typedNumbers(text) !== typedNumbers(english)) found.push("Type the same digits as in the English, and no others.");
  const saysCall = language.call.some((word) => text.toLowerCase().includes(word.toLowerCase()));
  if (english.includes(`call {${language.emergency}}`) && !saysCall) {
    found.push(`Say “call”, with one of these words: ${language.call.join(", ")}`);
  }
  const isForeign = (character) => encodingOf(language.fold[character] ?? character) === "UCS-2";
  const foreign = language.isPlain ? [...text].filter(isForeign) : [];
  if (foreign.length) found.push(`These letters make the SMS expensive: ${[...new Set(foreign)].join(" ")}`);
  const wrong = chipProblems(number, text);
  return [...wrong, ...found, ...(wrong.length ? [] : screenProblems(number, text))];
}
