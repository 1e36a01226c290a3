// The file to send back: made, saved, shared, copied, and opened again.

function resultText() {
  const answers = asked().filter(answerTo).map((number) => ({ id: strings[number].id, ...answerTo(number) }));
  const told = Object.entries(state.told).map(([screen, text]) => ({ screen, text }));
  const on = new Date().toISOString().slice(0, 10);
  const { role, by } = state;
  const head = { format: model.format, language: model.tag, read: model.read, role, by, on };
  return JSON.stringify({ ...head, answers, told }, null, 1);
}

function fileName(ending) {
  return `${model.tag}-${state.role}-${state.by}.${ending}`;
}

function say(sentence) {
  for (const place of document.querySelectorAll(".saved")) place.textContent = sentence;
}

// A page cannot see whether the browser stored the file, so the sentence says where to look.
function save() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([resultText()], { type: "application/json" }));
  link.download = fileName("json");
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  state.saved = new Date().toTimeString().slice(0, 5);
  keep();
  showSaved();
}

function showSaved() {
  byId("saved-bar").textContent = state.saved ? `✓ Saved at ${state.saved}` : "";
  say(state.saved ? `Saved at ${state.saved} as ${fileName("json")}, among your downloads. Not there? Use “Copy as text”.` : "");
}

// Browsers share .txt, and not .json.
function sharedFile() {
  return new File([resultText()], fileName("txt"), { type: "text/plain" });
}

function canShare() {
  return Boolean(navigator.share && navigator.canShare?.({ files: [sharedFile()] }));
}

async function share() {
  try {
    await navigator.share({ files: [sharedFile()], title: document.title });
    say("Shared. Thank you!");
  } catch (error) {
    if (error.name !== "AbortError") say("Sharing does not work here. Save the file, and send it.");
  }
}

function mailLink() {
  const { asker, reply_to: address } = model.invitation;
  const subject = `Answers: ${language.name}, ${state.by}`;
  const body = `${asker ? `To ${asker}\n\n` : ""}My answers are in the file ${fileName("json")}.\n`;
  const to = encodeURIComponent(address).replace("%40", "@");
  return `mailto:${to}?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body)}`;
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
  say("Copied. Paste it into an e-mail or a message.");
}

// Takes over the answers to texts that are still the same. A mail may have words around the text.
function load(text) {
  const given = JSON.parse(text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1));
  const isOurs = given.format === model.format && given.language === model.tag;
  if (!isOurs || !(given.role in model.ask)) throw new Error("another file");
  const known = new Set(strings.map((string) => string.id));
  const answers = given.answers.filter((answer) => known.has(answer.id));
  const told = given.told.map(({ screen, text: words }) => [screen, words]);
  const kept = recalled(given.role);
  const own = kept.by === given.by ? kept : newState();
  state = { ...newState(), ...own, role: given.role, by: given.by, saved: "" };
  state.answers = { ...own.answers, ...Object.fromEntries(answers.map(({ id, ...answer }) => [id, answer])) };
  state.told = { ...own.told, ...Object.fromEntries(told) };
  const changed = given.answers.length - answers.length;
  const again = changed ? ` ${changed} texts have changed since: please read them again.` : "";
  return `${answers.length} answers of ${given.by} are taken over.${again} Press Go on.`;
}

function takeOver(text) {
  try {
    byId("loaded").textContent = load(text);
    keep();
    showStart();
    byId("begin").focus();
  } catch {
    byId("loaded").textContent = "This is not a saved file of these texts.";
  }
}
