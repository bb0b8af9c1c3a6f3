// Buttons of the header, whose code the theme has in attributes; the site's policy does not allow that.
document.addEventListener("click", (event) => {
  const action = event.target.closest("[data-action]")?.dataset.action;
  if (action === "print") window.print();
  if (action === "fullscreen") window.toggleFullScreen?.();
});
