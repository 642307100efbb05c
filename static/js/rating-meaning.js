// A tap on a rating's name explains it on the spot; without this file the name leads to the scale.
(() => {
  const popover = document.getElementById("rating-meaning");
  let name = null;

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.badge[href^='#rating-']");
    const entry = link && document.querySelector(`${link.hash} dd`);
    if (!entry || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    name = link;
    name.dataset.explained = "";
    popover.textContent = `${link.textContent.trim()}: ${entry.textContent.trim()}`;
    popover.showPopover();
    popover.focus();
  });

  popover.addEventListener("toggle", (event) => {
    if (event.newState !== "closed" || !name) return;
    delete name.dataset.explained;
    if ([document.body, popover].includes(document.activeElement)) name.focus({ preventScroll: true });
    name = null;
  });
})();
