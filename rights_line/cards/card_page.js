// Fills each sheet with copies of its cards, and shrinks the type of a card that does not fit.
// Without this script each language has one card, with the smallest type; so do copies from a narrow
// screen, on which a card does not have the form of paper.
"use strict";
const ROWS = 4;
const POINTS = [9, 8.5, 8];
const isPaper = matchMedia("(min-width: 60rem)").matches;
for (const piece of isPaper ? document.querySelectorAll(".piece") : []) {
  const faces = [...piece.querySelectorAll(".face")];
  for (const points of POINTS) {
    piece.style.setProperty("--points", points);
    if (faces.every((face) => face.scrollHeight <= face.clientHeight + 1)) break;
  }
}
for (const sheet of document.querySelectorAll(".sheet")) {
  const cards = [...sheet.children];
  for (let place = cards.length; place < ROWS; place += 1) {
    const copy = cards[place % cards.length].cloneNode(true);
    copy.classList.add("copy");
    sheet.append(copy);
  }
}
const print = document.getElementById("print");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
