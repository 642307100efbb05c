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
