// Keeps the thread on the page, and nowhere else. Without this script each reply is a new web page.
"use strict";

const form = document.getElementById("phone");
const thread = document.getElementById("thread");
const text = document.getElementById("text");

function replace(id, page) {
  document.getElementById(id).replaceWith(page.getElementById(id));
}

async function send(body) {
  const answer = await fetch(form.action, { method: "POST", body });
  if (!answer.ok) throw new Error(answer.status);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  thread.append(...page.getElementById("thread").children);
  replace("state", page);
  replace("lock", page);
  text.value = "";
  thread.lastElementChild.scrollIntoView({ block: "nearest" });
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form));
  const pressed = event.submitter;
  if (pressed && pressed.name) body.append(pressed.name, pressed.value);
  send(body).catch(() => {
    thread.append(document.createElement("li"));
    thread.lastElementChild.textContent = "–";
  });
});

// Another channel is another conversation: start an empty thread.
form.addEventListener("change", (event) => {
  if (event.target.name === "medium") thread.replaceChildren();
});
