// The quick exit. Loaded before the page is shown, so that a page restored by Back is never shown.
// Written in the JavaScript of 2017: in an older browser a newer method would leave the page where it is.
"use strict";

// Leaves first. Then removes the content from the screen and from the browser's back/forward cache. The
// title stays: without one, the browser history would show the URL.
function go(address) {
  location.replace(address);
  document.documentElement.hidden = true;
  try {
    document.body.textContent = "";
  } catch (error) {
    // The page has no body yet.
  }
}

function leave() {
  go(document.getElementById("leave").href);
}

addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  const isOurs = link.origin === location.origin;
  if (!isOurs && link.rel !== "noreferrer") return;
  event.preventDefault();
  // The whole visit is one history entry, and leaving replaces it.
  if (isOurs) location.replace(link.href);
  else go(link.href);
});

// Shift three times in a row, within five seconds.
let shifts = [];
addEventListener("keydown", (event) => {
  if (event.repeat) return;
  shifts = event.key === "Shift" ? [...shifts, event.timeStamp].slice(-3) : [];
  if (shifts.length === 3 && shifts[2] - shifts[0] <= 5000) leave();
});

// After Back, show the start page instead of the screen that was read.
addEventListener("pageshow", (event) => {
  if (event.persisted) go("/");
});
const visit = performance.getEntriesByType("navigation")[0];
if (visit && visit.type === "back_forward" && location.pathname !== "/") go("/");
