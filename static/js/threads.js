// After an answer, a change or a resolution the threads are swapped: the focus goes to what is new in them, and words
// that stand unsent in another form stay there, or come back when their form is open again. So they do if what holds
// the threads is swapped.
(() => {
  const unsent = new Map();

  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const threads = detail.target.closest?.(".threads") ?? detail.target;
    // What is sent, and what its own link gives up, is not unsent.
    const done = detail.requestConfig.elt.closest("form");
    for (const field of threads.querySelectorAll(".threads textarea")) {
      const touched = field.value !== field.defaultValue || field.matches("[aria-invalid]");
      if (touched && field.form !== done) unsent.set(field.id, field.value);
      else unsent.delete(field.id);
    }
  });

  document.addEventListener("htmx:afterSettle", ({ target }) => {
    const threads = target.closest?.(".threads");
    if (!threads) return;
    for (const field of threads.querySelectorAll("textarea")) {
      if (unsent.has(field.id)) field.value = unsent.get(field.id);
    }
    const wanted = threads.querySelector("[data-focus]");
    if (wanted) wanted.focus();
    else if (document.activeElement === document.body) threads.querySelector("h2").focus();
  });
})();
