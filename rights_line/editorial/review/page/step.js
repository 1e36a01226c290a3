// One step: a text with its answers, or a screen to tell in own words.

const MOST_NAMED = 5; // of the other screens of a text

function open(at) {
  state.at = Math.max(0, Math.min(at, steps.length));
  keep();
  openedAt = Date.now();
  const step = steps[state.at];
  if (!step && asked().every(answerTo)) showOverview("All read. Thank you!");
  else if (!step) showOverview("This was the last text. Some are not read yet.");
  else if (step.pause) showOverview(`Part ${step.pause} is done. ${step.isCore ? LIVE : ""}Thank you!`);
  else if (step.retell) showRetell(step.retell);
  else showString(step.number);
}

function show(id) {
  for (const section of SECTIONS) byId(section).hidden = section !== id;
  byId("bar").hidden = id === "start" || id === "overview";
  showSaved();
  const numbers = asked();
  const done = numbers.filter(answerTo).length;
  const parts = steps.filter((step) => step.pause).length + 1;
  const part = steps.slice(0, state.at).filter((step) => step.pause).length + 1;
  const left = `${numbers.length - done} of ${numbers.length} left, about ${minutesLeft()} minutes.`;
  byId("where").textContent = `${left} Part ${part} of ${parts}.`;
  byId("progress").max = numbers.length;
  byId("progress").value = done;
  scrollTo(0, 0);
  byId(id).querySelector("h1").focus({ preventScroll: true });
}

// Fills a phone with the lines of a screen, cut into SMS segments; marks the lines of a string.
function draw(phone, all, marked, tag = model.tag) {
  phone.lang = tag;
  phone.dir = tag === model.tag ? language.direction : "ltr";
  phone.replaceChildren();
  let rest = all.map((line, index) => ({ ...line, text: line.text + (index < all.length - 1 ? "\n" : "") }));
  for (const segment of segments(joined(all))) {
    const span = phone.appendChild(document.createElement("span"));
    span.className = "segment";
    for (let room = segment.length; room > 0; ) {
      const [line, ...others] = rest;
      const text = line.text.slice(0, room);
      const node = document.createElement(line.number === marked ? "mark" : "span");
      node.textContent = text;
      span.append(node);
      room -= text.length;
      const uncut = line.text.slice(text.length);
      rest = uncut ? [{ ...line, text: uncut }, ...others] : others;
    }
  }
}

function linesOf(number, options) {
  const screen = screenOf(number);
  return screen ? lines(screen, options) : [{ number, text: shown(number, options?.isEnglish, options?.draft) }];
}

function showString(number) {
  const string = strings[number];
  const screen = screenOf(number);
  byId("title").textContent = screen ? screen.title : string.note;
  byId("preview").textContent = screen ? "As the phone shows it" : "The text";
  drawString(number);
  byId("beside").textContent = isSource ? "The guide" : "English";
  const sources = string.sources.join("; ");
  byId("english").textContent = isSource ? sources || "This text is not from the guide." : shown(number, true);
  byId("facts").replaceChildren(...string.facts.map((fact) => withText("li", fact)));
  byId("doubts").replaceChildren(...string.doubts.map((doubt) => withText("li", doubt)));
  byId("doubted").hidden = !string.doubts.length;
  byId("whole").hidden = isSource || !screen;
  byId("whole").open = false;
  if (screen) draw(byId("whole-phone"), lines(screen, { isEnglish: true }), number, "en");
  const others = string.codes.slice(1).map(nameOf);
  const more = others.length > MOST_NAMED ? ` and ${others.length - MOST_NAMED} more` : "";
  byId("also").textContent = others.length ? `This text stands also on screen ${others.slice(0, MOST_NAMED).join(", ")}${more}.` : "";
  byId("place").textContent = [isSource ? "" : sources, string.place].filter(Boolean).join(". ");
  byId("before").textContent = describe(number);
  byId("right").disabled = !string.text;
  closeForms();
  show("reading");
}

function describe(number) {
  const answer = answerTo(number);
  if (!answer) return strings[number].text ? "" : "Not translated yet, or the English has changed: press Change.";
  const words = { right: "right", change: `change to “${answer.text}”`, unsure: "not sure" }[answer.answer];
  return `Your answer: ${words}${answer.note ? ` (${answer.note})` : ""}.`;
}

function drawString(number, text) {
  const draft = text === undefined ? null : { number, text };
  const all = linesOf(number, { draft });
  draw(byId("phone"), all, number);
  const written = shown(number, false, draft);
  const isFolded = !all.some((line) => line.number === number && line.text.endsWith(written));
  // A screen reader cannot tell the marked lines from the others.
  byId("as-written").className = isFolded ? "" : "unseen";
  byId("why-written").textContent = isFolded
    ? "To save an SMS, it is sent without accents. The text itself:"
    : "The text to judge:";
  Object.assign(byId("written"), { lang: model.tag, dir: language.direction, textContent: written });
  const latin = (!draft && model.latin.texts?.[number]) || ""; // that of a changed text is made later
  byId("as-latin").hidden = !latin;
  Object.assign(byId("latin"), { lang: `${model.tag}-Latn`, textContent: filled(latin, model.latin.values) });
  const { ussd } = screenOf(number) ?? {};
  const sms = segments(joined(all)).length;
  const size = sms > 1 ? `${sms} SMS, cut at the red bars` : "1 SMS";
  byId("size").hidden = ussd === undefined; // a text for web pages, cards or calls
  byId("size").textContent = ussd && !draft ? `${size}; ${ussd} USSD page${ussd > 1 ? "s" : ""}.` : `${size}.`;
}

function withText(name, text) {
  const node = document.createElement(name);
  node.textContent = text;
  return node;
}

function closeForms() {
  byId("change").hidden = byId("unsure").hidden = true;
  byId("reading").classList.remove("is-changing");
  byId("answers").hidden = false;
}

function openForm(id, field) {
  byId("change").hidden = id !== "change";
  byId("unsure").hidden = id !== "unsure";
  byId("answers").hidden = true;
  byId(field).focus();
}

function current() {
  return steps[state.at].number;
}

function decide(answer, more = {}) {
  const { id } = strings[current()];
  state.saved = "";
  const seconds = Math.min(MAX_SECONDS, Math.round((Date.now() - openedAt) / 1000));
  state.answers[id] = { answer, seconds: (state.answers[id]?.seconds ?? 0) + seconds, ...more };
  open(state.at + 1);
}

function withNote(id, more = {}) {
  const note = byId(id).value.replace(/\s+/g, " ").trim();
  return note ? { ...more, note } : more;
}

function startChange() {
  const answer = answerTo(current());
  const { text, draft } = strings[current()];
  chips = chipsOf(current());
  fillField(answer?.text ?? (text || draft));
  byId("why").value = answer?.answer === "change" ? answer.note ?? "" : "";
  showProblems([]); // nothing is wrong before somebody has typed
  byId("reading").classList.add("is-changing"); // a phone shows the English above the field
  scrollTo(0, 0);
  openForm("change", "text");
}

function showProblems(found) {
  byId("problems").replaceChildren(...found.map((problem) => withText("li", problem)));
  byId("text").setAttribute("aria-invalid", found.length > 0);
}

function changedText() {
  return cleaned(withoutChips(byId("text").value));
}

// While a keyboard composes a word, the field must not be set: that would end the word.
function followTyping(event) {
  if (!event.isComposing) settleField();
  const text = changedText();
  drawField();
  drawString(current(), text);
  showProblems(problems(current(), text));
}

function saveChange() {
  settleField();
  const found = problems(current(), changedText());
  showProblems(found);
  if (!found.length) return decide("change", withNote("why", { text: changedText() }));
  byId("text").focus();
}

function startUnsure() {
  const answer = answerTo(current());
  byId("doubt").value = answer?.answer === "unsure" ? answer.note ?? "" : "";
  openForm("unsure", "doubt");
}

function showRetell(screen) {
  draw(byId("retell-phone"), lines(screen), -1);
  byId("told").value = state.told[screen.code] ?? "";
  show("retell");
}
