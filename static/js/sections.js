// A page with several forms, all of whose fields belong to one form where no script runs (ADR 45). Here each belongs to
// the form that it stands in again: htmx sends that alone, and the browser asks for what is required in it.
// What is written in others stays when the whole page is swapped.
//   <form id="page">  <textarea form="page">  <button form="page" formaction="…" data-form="its own, elsewhere">
(() => {
  for (const field of document.querySelectorAll("[form=page]")) {
    if (field.dataset.form) field.setAttribute("form", field.dataset.form);
    else field.removeAttribute("form");
    field.removeAttribute("formmethod");
    // A button that htmx sends by itself leads there without htmx as well.
    if (field.hasAttribute("hx-post")) field.setAttribute("formaction", field.getAttribute("hx-post"));
    else field.removeAttribute("formaction");
  }
  document.getElementById("page")?.remove();
})();

// What stands unsent in other forms comes back when the whole page was swapped.
(() => {
  const unsent = new Map();

  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.target.id !== "review-page") return;
    const sent = detail.requestConfig.elt.closest("form");
    for (const field of fields()) if (field.form !== sent && touched(field)) unsent.set(key(field), field.value);
  });

  document.addEventListener("htmx:afterSettle", () => {
    if (!unsent.size) return;
    for (const field of fields()) {
      if (!unsent.has(key(field)) || touched(field)) continue;
      if (chosen(field)) field.checked = true;
      else field.value = unsent.get(key(field));
      for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    }
    unsent.clear();
  });

  /** The comments have a script of their own (threads.js). */
  function fields() {
    return [...document.querySelectorAll("#review-page :is(textarea, select, input:not([type=hidden]))")].filter((field) => field.name && !field.closest(".threads"));
  }

  const chosen = (field) => field.matches("[type=radio], [type=checkbox]");
  const key = (field) => (chosen(field) ? `${field.name}=${field.value}` : field.name);

  /** Whether something else stands in it than the page brought. */
  function touched(field) {
    if (chosen(field)) return field.checked && !field.defaultChecked;
    if (!field.matches("select")) return field.value !== field.defaultValue;
    const brought = [...field.options].findIndex((option) => option.defaultSelected);
    return field.selectedIndex !== Math.max(0, brought);
  }
})();
