// The overview after a part, and the file to send back.

function showOverview(title) {
  const numbers = asked();
  const of = (answer) => numbers.filter((number) => answerTo(number)?.answer === answer).length;
  const spent = numbers.reduce((sum, number) => sum + (answerTo(number)?.seconds ?? 0), 0);
  const unread = numbers.filter((number) => !answerTo(number));
  byId("overview-title").textContent = title;
  byId("counts").textContent =
    `${of("right")} right, ${of("change")} to change, ${of("unsure")} not sure, ${unread.length} not read yet. ` +
    `You read for ${Math.round(spent / 60)} minutes; about ${minutesLeft()} minutes are left.`;
  byId("unsaved").hidden = isKept;
  byId("go-on").hidden = unread.length === 0;
  byId("result").value = resultText();
  byId("copied").textContent = "";
  const isAgain = (number) => ["change", "unsure"].includes(answerTo(number)?.answer);
  byId("again").replaceChildren(...numbers.filter(isAgain).map(listed));
  byId("all").replaceChildren(...numbers.map(listed));
  show("overview");
}

function listed(number) {
  const sign = STATES[answerTo(number)?.answer ?? "open"];
  const button = withText("button", `${number + 1} ${sign} ${strings[number].english.slice(0, 60)}`);
  button.type = "button";
  button.addEventListener("click", () => open(steps.findIndex((step) => step.number === number)));
  const row = document.createElement("li");
  row.append(button);
  return row;
}

function resultText() {
  const answers = asked().filter(answerTo).map((number) => ({ id: strings[number].id, ...answerTo(number) }));
  const told = Object.entries(state.told).map(([screen, text]) => ({ screen, text }));
  const on = new Date().toISOString().slice(0, 10);
  const { role, by } = state;
  const head = { format: model.format, language: model.tag, read: model.read, role, by, on };
  return JSON.stringify({ ...head, answers, told }, null, 1);
}

function save() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([resultText()], { type: "application/json" }));
  link.download = `${model.tag}-${state.role}-${state.by}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

async function copy() {
  const field = byId("result");
  field.closest("details").open = true;
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    document.execCommand("copy");
  }
  byId("copied").textContent = "Copied. Paste it into an e-mail or a message.";
}

// Takes over the answers to texts that are still the same.
function load(text) {
  const given = JSON.parse(text);
  const isOurs = given.format === model.format && given.language === model.tag;
  if (!isOurs || !(given.role in model.ask)) throw new Error("another file");
  const known = new Set(strings.map((string) => string.id));
  const answers = given.answers.filter((answer) => known.has(answer.id));
  const told = given.told.map(({ screen, text: words }) => [screen, words]);
  const kept = recalled(given.role);
  const own = kept.by === given.by ? kept : newState();
  state = { ...newState(), ...own, role: given.role, by: given.by };
  state.answers = { ...own.answers, ...Object.fromEntries(answers.map(({ id, ...answer }) => [id, answer])) };
  state.told = { ...own.told, ...Object.fromEntries(told) };
  const changed = given.answers.length - answers.length;
  const again = changed ? ` ${changed} texts have changed since: please read them again.` : "";
  return `${answers.length} answers taken over.${again} Press Start.`;
}
