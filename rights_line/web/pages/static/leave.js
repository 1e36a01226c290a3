// Leaves quickly. Read before the page is shown, so that a page come back to is not shown at all.
"use strict";

// Nothing of the page stays, neither on the screen nor in what the browser keeps to go back to. Its
// title does: without one, the history would show the address.
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
  // The whole visit is one entry of what Back goes to, and leaving replaces that one.
  if (isOurs) location.replace(link.href);
  else go(link.href);
});

let shifts = 0;
addEventListener("keydown", (event) => {
  if (event.repeat) return;
  shifts = event.key === "Shift" ? shifts + 1 : 0;
  if (shifts === 3) leave();
});

// Come back to, a page says nothing of what was read: the first one stands in its place.
addEventListener("pageshow", (event) => {
  if (event.persisted) go("/");
});
if (performance.getEntriesByType("navigation")[0]?.type === "back_forward" && location.pathname !== "/") go("/");
