// The quick exit. Loaded before the page is shown, so that a page restored by Back is never shown.
"use strict";

// Removes the content from the screen and from the browser's back/forward cache. The title stays:
// without one, the browser history would show the URL.
function go(address) {
  document.documentElement.hidden = true;
  document.body?.replaceChildren();
  location.replace(address);
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

let shifts = 0;
addEventListener("keydown", (event) => {
  if (event.repeat) return;
  shifts = event.key === "Shift" ? shifts + 1 : 0;
  if (shifts === 3) leave();
});

// After Back, show the start page instead of the screen that was read.
addEventListener("pageshow", (event) => {
  if (event.persisted) go("/");
});
if (performance.getEntriesByType("navigation")[0]?.type === "back_forward" && location.pathname !== "/") go("/");
