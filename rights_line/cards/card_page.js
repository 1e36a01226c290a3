// Repeats the card, so that the printed page is a full sheet. Without this script it has one card.
"use strict";
for (const sheet of document.querySelectorAll(".sheet")) {
  for (let copies = 4; copies > 0; copies -= 1) {
    const copy = sheet.firstElementChild.cloneNode(true);
    copy.classList.add("copy");
    sheet.append(copy);
  }
}
const print = document.getElementById("print");
print.hidden = false;
print.addEventListener("click", () => window.print());
