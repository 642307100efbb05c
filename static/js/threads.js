// After an answer, a change or a resolution the threads are swapped: the focus goes to what is new in them, and words
// that stand unsent in another form stay there, or come back when their thread is open again.
(() => {
  const unsent = new Map();

  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const threads = detail.target.closest?.(".threads");
    if (!threads) return;
    for (const field of threads.querySelectorAll("textarea")) {
      if (field.form === detail.requestConfig.elt || !field.value) unsent.delete(field.id);
      else unsent.set(field.id, field.value);
    }
  });

  document.addEventListener("htmx:afterSettle", ({ target }) => {
    const threads = target.closest?.(".threads");
    if (!threads) return;
    for (const field of threads.querySelectorAll("textarea")) field.value ||= unsent.get(field.id) ?? "";
    const wanted = threads.querySelector("[data-focus]");
    if (wanted) wanted.focus();
    else if (document.activeElement === document.body) threads.querySelector("h2").focus();
  });
})();
