// The reader's answers, kept on this device, and the steps to read. Nothing is sent.

const PIECE = 15 * 60; // seconds
const LIVE = "With these the language can go live. ";
const MAX_SECONDS = 300; // of one look at a text: somebody who went away is not counted
const SECTIONS = ["start", "reading", "retell", "overview"];
const STATES = { right: "✓", change: "✎", unsure: "?", open: "·" };
const isSource = model.tag === "en";
const byId = (id) => document.getElementById(id);

let state = newState();
let steps = [];
let isKept = canKeep();
let openedAt = 0;

// Returns fresh objects: one reader's answers must not be seen as another's.
function newState() {
  return { role: "", by: "", keys: true, at: 0, answers: {}, told: {}, saved: "" };
}

// Some programs that open a file from a message keep nothing.
function canKeep() {
  try {
    const probe = "rights-line review probe";
    localStorage.setItem(probe, probe);
    const isThere = localStorage.getItem(probe) === probe;
    localStorage.removeItem(probe);
    return isThere;
  } catch {
    return false;
  }
}

function showKept() {
  for (const part of document.querySelectorAll(".unkept")) part.hidden = isKept;
}

function hasAnswers() {
  return Object.keys(state.answers).length > 0;
}

// Each role has its own answers: a practitioner and a lawyer may share a device.
function keyOf(role) {
  return `rights-line review ${model.tag} ${role}`;
}

function keep() {
  try {
    localStorage.setItem(keyOf(state.role), JSON.stringify(state));
  } catch {
    isKept = false;
    showKept();
  }
}

function recalled(role) {
  try {
    return JSON.parse(localStorage.getItem(keyOf(role)) ?? "{}");
  } catch {
    return {};
  }
}

// One step for each string that this role reads; own words before it, but not first; a pause after a piece.
// The first piece is the core, with which the language can go live.
function stepsFor(role) {
  const found = [];
  let seconds = 0;
  for (const number of model.ask[role] ?? []) {
    const endsCore = number >= model.core && found.some((step) => step.number < model.core) && !found.some((step) => step.pause);
    if (endsCore || (number >= model.core && seconds >= PIECE)) {
      found.push({ pause: found.filter((step) => step.pause).length + 1, isCore: endsCore });
      seconds = 0;
    }
    const screen = screenOf(number);
    const isRetold = screen && model.retold.includes(screen.code);
    if (isRetold && found.length && !found.some((step) => step.retell === screen)) found.push({ retell: screen });
    seconds += strings[number].seconds;
    found.push({ number });
  }
  return found;
}

function screenOf(number) {
  return screens.find((screen) => strings[number].codes[0] === screen.code);
}

// A screen that has no code to send is named by what it answers.
function nameOf(code) {
  return screens.find((screen) => screen.code === code)?.name ?? code;
}

function asked() {
  return steps.filter((step) => "number" in step).map((step) => step.number);
}

function answerTo(number) {
  return state.answers[strings[number].id];
}

function secondsOf(numbers) {
  return numbers.reduce((total, number) => total + strings[number].seconds, 0);
}

// As `review_minutes` counts.
function minutesOf(seconds) {
  return seconds ? Math.max(1, Math.round(seconds / 60)) : 0;
}

// Uses the reader's own pace once five answers show it.
function minutesLeft() {
  const answered = asked().filter(answerTo);
  const spent = answered.reduce((total, number) => total + answerTo(number).seconds, 0);
  const pace = answered.length < 5 ? 1 : Math.min(3, Math.max(0.2, spent / secondsOf(answered)));
  return minutesOf(secondsOf(asked().filter((number) => !answerTo(number))) * pace);
}
