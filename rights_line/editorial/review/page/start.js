// The first page, the page for paper, and the start of the script.

function firstOpen() {
  const at = steps.findIndex((step) => "number" in step && !answerTo(step.number));
  if (at < 0) return steps.length;
  return steps[at - 1]?.retell && !(steps[at - 1].retell.code in state.told) ? at - 1 : at;
}

function showStart() {
  const roles = Object.keys(model.ask).map((role, index) => {
    const label = document.createElement("label");
    const input = document.createElement("input");
    const checked = state.role ? role === state.role : index === 0;
    Object.assign(input, { type: "radio", name: "role", value: role, checked });
    label.append(input, ` ${role.replace("_", " ")}`);
    return label;
  });
  byId("roles").replaceChildren(byId("roles").querySelector("legend"), ...roles);
  byId("roles").hidden = roles.length === 1;
  choose();
  show("start");
}

// Shows what is kept on this device for the chosen role.
function choose() {
  const role = byId("roles").querySelector(":checked").value;
  if (role !== state.role) state = { ...newState(), ...recalled(role), role };
  steps = stepsFor(role);
  byId("by").value = state.by;
  byId("keys").checked = state.keys;
  byId("begin").textContent = hasAnswers() ? "Go on" : "Start";
  byId("forget-first").hidden = byId("save-first").hidden = byId("welcome").hidden = !hasAnswers();
  byId("elsewhere").hidden = hasAnswers();
  const open = asked().filter((number) => !answerTo(number));
  const done = asked().length - open.length;
  byId("welcome").textContent = `Welcome back, ${state.by}. ${done} of ${asked().length} texts have your answer. Press Go on.`;
  byId("count").textContent = open.length;
  byId("minutes").textContent = minutesLeft();
  const core = open.filter((number) => number < model.core);
  byId("core").hidden = !core.length;
  byId("core-count").textContent = core.length;
  byId("core-minutes").textContent = minutesOf(secondsOf(core));
}

function showInvitation() {
  const { asker, reply_to: address, due } = model.invitation;
  const day = due && new Date(`${due}T12:00`).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
  const fill = (name, text) => {
    for (const place of document.querySelectorAll(name)) place.textContent = text || place.textContent;
  };
  const isInvited = Boolean(asker || address || due);
  fill(".asker", asker || address);
  fill(".until", day && `, until ${day}`);
  fill(".reply-to", address);
  fill(".address", asker && address && ` (${address})`);
  for (const part of document.querySelectorAll(".invited")) part.hidden = !isInvited;
  for (const part of document.querySelectorAll(".uninvited")) part.hidden = isInvited;
  for (const part of [...document.querySelectorAll(".reply"), byId("mail"), byId("attach")]) part.hidden = !address;
}

function initialsProblem(by) {
  if (!/^\p{L}{2,5}$/u.test(by)) return "Write two to five letters.";
  if (state.by === by || !hasAnswers()) return "";
  return `The answers on this device are by ${state.by}. Use these initials, or delete the answers below.`;
}

function begin() {
  const by = byId("by").value.trim();
  const problem = initialsProblem(by);
  byId("by-problem").textContent = problem;
  if (problem) return byId("by").focus();
  Object.assign(state, { by, keys: byId("keys").checked });
  open(firstOpen());
}

function forget() {
  if (!confirm("Delete all your answers from this device?")) return;
  if (isKept) localStorage.removeItem(keyOf(state.role));
  state = newState();
  location.reload();
}

function fillPaper() {
  const numbers = [...new Set(Object.values(model.ask).flat())].sort((one, other) => one - other);
  byId("rows").append(
    ...numbers.map((number) => {
      const row = document.createElement("tr");
      const string = strings[number];
      const text = withText("td", shown(number, false));
      Object.assign(text, { lang: model.tag, dir: language.direction });
      const guide = (string.facts.length ? string.facts : string.sources).join("; ");
      const beside = withText("td", isSource ? guide : shown(number, true));
      const boxes = ["", "", ""].map(() => Object.assign(document.createElement("td"), { className: "box" }));
      row.append(withText("td", number + 1), ...(isSource ? [text, beside] : [beside, text]), ...boxes);
      return row;
    }),
  );
  if (isSource) byId("paper-second").textContent = "The guide";
  byId("version").textContent = `Version ${model.read.slice(0, 8)}`;
}

function listen(target, event, action) {
  byId(target).addEventListener(event, (happened) => {
    if (event === "submit") happened.preventDefault();
    action(happened);
  });
}

listen("reader", "submit", begin);
listen("roles", "change", choose);
listen("print", "click", () => print());
listen("file", "change", async ({ target }) => takeOver(await target.files[0].text()));
listen("paste", "submit", () => takeOver(byId("pasted").value));
listen("right", "click", () => decide("right"));
listen("to-change", "click", startChange);
listen("not-sure", "click", startUnsure);
listen("back", "click", () => (state.at ? open(state.at - 1) : showStart()));
listen("text", "input", followTyping);
listen("text", "compositionend", followTyping);
listen("engineers", "toggle", () => byId("phone").classList.toggle("cuts", byId("engineers").open));
listen("change", "submit", saveChange);
listen("unsure", "submit", () => decide("unsure", withNote("doubt")));
for (const button of document.querySelectorAll(".cancel")) {
  button.addEventListener("click", () => showString(current()));
}
byId("retell").querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const told = byId("told").value.replace(/\s+/g, " ").trim();
  if (told) state.told[steps[state.at].retell.code] = told;
  open(state.at + 1);
});
listen("skip", "click", () => open(state.at + 1));
listen("retell-back", "click", () => (state.at ? open(state.at - 1) : showStart()));
listen("stop", "click", () => showOverview("Well done so far"));
listen("go-on", "click", () => open(firstOpen()));
listen("save", "click", save);
listen("share", "click", share);
listen("copy", "click", copy);
for (const button of document.querySelectorAll(".save-now")) button.addEventListener("click", save);
listen("forget", "click", forget);
listen("forget-first", "click", forget);
addEventListener("keydown", (event) => {
  const isTyping = event.target.matches("input, textarea");
  const hasModifier = event.ctrlKey || event.metaKey || event.altKey;
  const isAsking = !byId("reading").hidden && !byId("answers").hidden;
  if (!state.keys || !isAsking || isTyping || event.repeat || hasModifier) return;
  const id = { r: "right", c: "to-change", n: "not-sure", b: "back" }[event.key.toLowerCase()];
  if (!id) return;
  event.preventDefault(); // the letter must not be typed into the field that opens
  byId(id).click();
});

for (const id of ["text", "mirror", "chips"]) Object.assign(byId(id), { lang: model.tag, dir: language.direction });
for (const name of document.querySelectorAll(".name")) {
  Object.assign(name, { lang: model.tag, textContent: language.name });
}
for (const part of document.querySelectorAll(".english-only")) part.hidden = !isSource;
addEventListener("beforeunload", (event) => {
  if (!isKept && hasAnswers() && !state.saved) event.preventDefault();
});

fillPaper();
showInvitation();
showKept();
showStart();
