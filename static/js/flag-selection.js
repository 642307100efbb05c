// Words that a reader selects in the text can be flagged: a link to the form with their place appears, and goes when
// nothing is selected any more. Listens to text-selection:change; the link is #flag-selection, its address data-to.
{
  const link = document.getElementById("flag-selection");
  if (link) {
    document.addEventListener("text-selection:change", ({ detail: { start, end } }) => {
      link.href = `${link.dataset.to}?start=${start}&end=${end}`;
      link.hidden = false;
    });
    document.addEventListener("selectionchange", () => {
      if (document.getSelection().isCollapsed && document.activeElement !== link) link.hidden = true;
    });
  }
}
