// After an answer the relations are swapped: the focus goes to what is new in them, or to what is to be put right.
document.addEventListener("htmx:afterSettle", ({ target }) => {
  const relations = target.closest?.(".relations");
  // What is found while somebody types stands under the field, which keeps the focus.
  if (!relations || target.matches(".found")) return;
  const wanted = relations.querySelector("[data-focus]") ?? relations.querySelector("[aria-invalid], .errors + * input");
  if (wanted) wanted.focus();
  else if (!relations.contains(document.activeElement)) relations.querySelector("h2").focus();
});
