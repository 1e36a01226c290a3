// The overview after a part, with the ways to send the answers.

function showOverview(title) {
  const numbers = asked();
  const of = (answer) => numbers.filter((number) => answerTo(number)?.answer === answer).length;
  const spent = numbers.reduce((sum, number) => sum + (answerTo(number)?.seconds ?? 0), 0);
  const unread = numbers.filter((number) => !answerTo(number));
  byId("overview-title").textContent = title;
  byId("counts").textContent =
    `${of("right")} right, ${of("change")} to change, ${of("unsure")} not sure, ${unread.length} not read yet. ` +
    `You read for ${minutesOf(spent)} min; about ${minutesLeft()} min are left.`;
  byId("go-on").hidden = unread.length === 0;
  byId("result").value = resultText();
  byId("share").hidden = !canShare();
  byId("mail").href = mailLink();
  const isAgain = (number) => ["change", "unsure"].includes(answerTo(number)?.answer);
  byId("some-again").hidden = !numbers.some(isAgain);
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
