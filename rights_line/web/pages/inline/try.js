// Keeps the conversation on the page, and nowhere else. Without this script each reply is a new web page.
"use strict";

const PARTS = ["state", "lock", "lock2", "maker2", "begin", "links"];
const THREADS = ["thread", "thread2"];
const MAX_REPLAYED = 40;
const MARGIN = 10;
const find = (id) => document.getElementById(id);
const form = find("phone");
const text = find("text");
const beside = find("beside");
const pause = matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 700;
const blank = new Map([...PARTS, ...THREADS].map((id) => [id, find(id).cloneNode(true)]));
let sent = [];
let conversations = 0;
let queue = Promise.resolve();

function bubble(kind, words) {
  const made = document.createElement("p");
  made.className = kind + " bubble";
  made.dir = "auto";
  made.textContent = words;
  return made;
}

function showPending(words) {
  const row = document.createElement("li");
  const typing = bubble("got typing", "");
  typing.append(...[1, 2, 3].map(() => document.createElement("i")));
  row.className = "pending";
  row.append(...(words ? [bubble("sent", words)] : []), typing);
  find("thread").append(row);
  find("thread").scrollTop = row.offsetTop;
  return row;
}

async function ask(words) {
  const body = new URLSearchParams(new FormData(form));
  body.append("text", words);
  const answer = await fetch(form.action, { method: "POST", body });
  if (!answer.ok) throw new Error(answer.status);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

function showReply(page) {
  const hadFocus = find("links").contains(document.activeElement);
  for (const id of THREADS) {
    find(id).append(...page.getElementById(id).children);
    const turn = find(id).lastElementChild;
    if (turn) find(id).scrollTop = turn.offsetTop - find(id).offsetTop - MARGIN;
  }
  for (const id of PARTS) find(id).replaceWith(page.getElementById(id));
  find("screens").replaceWith(page.getElementById("screens"));
  if (hadFocus) text.focus({ preventScroll: true });
}

async function deliver(words, isReplayed) {
  text.value = "";
  sent.push(words);
  find("shared").hidden = true;
  const pending = showPending(words);
  try {
    const shortest = new Promise((resolve) => setTimeout(resolve, isReplayed ? 0 : pause));
    const [page] = await Promise.all([ask(words), shortest]);
    pending.remove();
    showReply(page);
  } catch (error) {
    pending.lastElementChild.remove();
    find("thread").append(find("failed").content.cloneNode(true));
  }
}

// One message at a time: each carries the state that the reply before it left.
function send(words, isReplayed = false) {
  queue = queue.then(() => deliver(words, isReplayed));
}

// Empty the phone. A new sender makes the line forget the conversation.
function restart() {
  queue = queue.then(() => {
    sent = [];
    conversations += 1;
    for (const [id, part] of blank) find(id).replaceWith(part.cloneNode(true));
    form.elements.from.value += "-" + conversations;
    find("shared").hidden = true;
  });
}

function replay(texts) {
  restart();
  for (const each of texts) send(each, true);
}

function adaptToMedium() {
  const medium = form.elements.medium.value;
  text.inputMode = medium === "ussd" || medium === "voice" ? "tel" : "text";
  find("other").hidden = !beside.value;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const pressed = event.submitter;
  send(pressed && pressed.name ? pressed.value : text.value);
});

find("jump").addEventListener("submit", (event) => {
  event.preventDefault();
  send(find("screens").value);
});

// Another channel is another conversation; another language shows the same one.
form.addEventListener("change", (event) => {
  adaptToMedium();
  if (event.target.name === "medium") restart();
  if (["beside", "boxes", "price"].includes(event.target.name)) replay(sent);
});

find("keypad").addEventListener("click", (event) => {
  const key = event.target.closest("button");
  if (!key) return;
  if (key.textContent === "#" && form.elements.medium.value === "voice") send(text.value);
  else text.value += key.textContent;
});

// Bring what was opened into view: the thread is a window of its own.
form.addEventListener("toggle", ({ target }) => {
  if (target.open && target.closest(".turn")) target.scrollIntoView({ block: "nearest" });
}, true);

find("reset").addEventListener("click", (event) => {
  event.preventDefault();
  restart();
});

// The fragment of an address stays in the browser: no server sees it.
find("share").addEventListener("click", () => {
  const talk = new URLSearchParams({ medium: form.elements.medium.value, beside: beside.value });
  for (const each of sent) talk.append("text", each);
  find("shared").hidden = false;
  find("link").value = location.href.split("#")[0] + "#" + talk;
  find("link").select();
  if (navigator.clipboard) navigator.clipboard.writeText(find("link").value).catch(() => {});
});

function openLink() {
  const talk = new URLSearchParams(location.hash.slice(1));
  const wanted = [...form.elements.medium].find((each) => each.value === talk.get("medium"));
  if (!wanted) return;
  wanted.checked = true;
  beside.value = talk.get("beside") || "";
  adaptToMedium();
  replay(talk.getAll("text").slice(0, MAX_REPLAYED));
}

find("keypad").hidden = find("share").hidden = false;
addEventListener("hashchange", openLink);
adaptToMedium();
openLink();
