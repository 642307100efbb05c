// A claim's card beside its note number. One listener serves every number; without this file the number leads to its note.
(() => {
  const popover = document.getElementById("claim-card");
  const content = document.getElementById("claim-card-content");
  const anchored = CSS.supports("anchor-name: --open-noteref");
  let noteref = null;

  // For browsers that cannot anchor, below the number and inside the window; a phone's sheet needs no place.
  const place = () => {
    if (anchored || matchMedia("(width < 40rem)").matches) return;
    const mark = noteref.getBoundingClientRect();
    const left = Math.min(mark.left, innerWidth - popover.offsetWidth - 16);
    const below = mark.bottom + 12;
    const above = mark.top - popover.offsetHeight - 12;
    const top = below + popover.offsetHeight > innerHeight && above > 0 ? above : below;
    Object.assign(popover.style, { position: "fixed", inset: "auto", left: `${Math.max(16, left)}px`, top: `${top}px` });
  };

  const open = async (link) => {
    link.setAttribute("aria-busy", "true");
    content.replaceChildren();
    await htmx.ajax("GET", link.dataset.card, { source: link, target: content, swap: "innerHTML" }).catch(() => {});
    link.removeAttribute("aria-busy");
    const heading = content.querySelector("h2");
    if (!heading) {
      // The card did not come: the note in the margin says the same.
      location.hash = link.hash;
      return;
    }
    // Another card may be open, if this number was pressed with a key.
    noteref?.removeAttribute("aria-expanded");
    popover.hidePopover();
    noteref = link;
    noteref.setAttribute("aria-expanded", "true");
    noteref.focus({ preventScroll: true });
    popover.showPopover();
    place();
    heading.focus({ preventScroll: true });
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[role=doc-noteref][data-card]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    open(link);
  });

  popover.addEventListener("toggle", (event) => {
    if (event.newState !== "closed" || !noteref) return;
    noteref.removeAttribute("aria-expanded");
    // Back to the number, unless the reader has pressed something else meanwhile.
    if (popover.contains(document.activeElement) || document.activeElement === document.body) {
      noteref.focus({ preventScroll: true });
    }
    noteref = null;
  });
})();
