// Appends each reply to the conversation. Without this script each reply is a new web page.
"use strict";
const find = (id) => document.getElementById(id);
const form = find("phone");
const fresh = find("state").cloneNode(true);
let queue = Promise.resolve();

async function send(words) {
  const body = new URLSearchParams(new FormData(form));
  body.append("text", words);
  const answer = await fetch(form.action, { method: "POST", body });
  if (!answer.ok) throw new Error(answer.status);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const hadFocus = find("links").contains(document.activeElement);
  if (!form.querySelector(".turn")) find("thread").replaceChildren();
  find("thread").append(...page.getElementById("thread").children);
  for (const id of ["state", "links"]) find(id).replaceWith(page.getElementById(id));
  const turn = find("thread").lastElementChild;
  for (const one of turn.querySelectorAll(".speak")) one.hidden = !window.speechSynthesis;
  find("thread").scrollTop = turn.offsetTop - find("thread").offsetTop - 10;
  find("failed").hidden = true;
  if (hadFocus) find("text").focus({ preventScroll: true });
}

// One message at a time: each carries the state that the reply before it left.
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const pressed = event.submitter;
  const words = pressed && pressed.name ? pressed.value : find("text").value;
  find("text").value = "";
  queue = queue.then(() => send(words)).catch(() => {
    find("text").value = words;
    find("failed").hidden = false;
  });
});

// Another channel is another conversation, of another sender.
form.addEventListener("change", (event) => {
  if (event.target.name !== "medium") return;
  find("thread").replaceChildren();
  find("links").replaceChildren();
  find("state").replaceWith(fresh.cloneNode(true));
  form.elements.from.value += event.target.value;
});

form.addEventListener("click", (event) => {
  if (!event.target.matches(".speak")) return;
  const reply = event.target.closest(".turn").querySelector(".got");
  const spoken = new SpeechSynthesisUtterance(reply.textContent);
  spoken.lang = reply.lang;
  speechSynthesis.cancel();
  speechSynthesis.speak(spoken);
});
