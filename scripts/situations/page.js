"use strict";
// The messages stay in this browser until they are saved as a file: a line each, separated by tabs.

const situations = JSON.parse(document.getElementById("model").textContent);
const byId = (id) => document.getElementById(id);
const KEY = "rights-line-situations";
let kept = {};
try {
  kept = JSON.parse(localStorage.getItem(KEY)) ?? {};
} catch {
  kept = {};
}

function keep() {
  const texts = fields().map((field) => field.value);
  try {
    localStorage.setItem(KEY, JSON.stringify({ language: byId("language").value, texts }));
  } catch {
    // A browser may keep nothing for a file: the messages last until the page is closed.
  }
  showCount();
}

function fields() {
  return [...document.querySelectorAll("textarea")];
}

// A message may have several lines; in the file it has one.
function plain(text) {
  return text.replace(/\s+/g, " ").trim();
}

// Messages of one situation are separated by an empty line.
function messages() {
  return fields().flatMap((field, at) => {
    const texts = field.value.split(/\n\s*\n/).map(plain).filter(Boolean);
    return texts.map((text) => ({ ...situations[at], text }));
  });
}

function fileText() {
  const language = byId("language").value;
  return messages().map((one) => [language, one.concept, "person", one.text, one.also].join("\t") + "\n").join("");
}

function showCount() {
  const count = messages().length;
  byId("count").textContent = count === 1 ? "1 message" : `${count} messages`;
}

function save() {
  const language = byId("language").value;
  if (!language) {
    byId("saved").textContent = "Choose your language first.";
    byId("language").focus();
    return;
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([fileText()], { type: "text/tab-separated-values" }));
  link.download = `messages-${language}.tsv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  byId("saved").textContent = `Saved as ${link.download}, among your downloads. Thank you!`;
}

function forget() {
  for (const field of fields()) field.value = "";
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Nothing was kept.
  }
  showCount();
}

function showSituations() {
  const tongue = byId("norwegian").checked ? "nb" : "en";
  document.querySelectorAll("#situations label").forEach((label, at) => {
    label.textContent = situations[at][tongue];
    label.lang = tongue;
  });
}

function row(_, at) {
  const item = document.createElement("li");
  const label = document.createElement("label");
  const field = document.createElement("textarea");
  label.htmlFor = field.id = `text-${at}`;
  Object.assign(field, { rows: 3, dir: "auto", spellcheck: false, value: kept.texts?.[at] ?? "" });
  field.addEventListener("input", keep);
  item.append(label, field);
  return item;
}

byId("situations").append(...situations.map(row));
byId("language").value = kept.language ?? "";
byId("language").addEventListener("change", keep);
byId("norwegian").addEventListener("change", showSituations);
byId("save").addEventListener("click", save);
byId("forget").addEventListener("click", forget);
showSituations();
showCount();
