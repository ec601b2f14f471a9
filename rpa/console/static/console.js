// The one thing that the pages do by themselves beside htmx: say when the connection is lost, and when it is back.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const lost = document.getElementById("lost");
  const say = (words) => { lost.textContent = words; lost.hidden = !words; };
  for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.body.addEventListener(name, () => { if (lost.hidden) say(lost.dataset.words); });
  }
  document.body.addEventListener("htmx:afterSwap", () => say(""));
});
