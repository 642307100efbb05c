// The page of the API: Swagger UI over our own description. No validator of another host is asked.
(() => {
  "use strict";
  const place = document.getElementById("api-docs");

  // What it leaves unsaid for who does not see the page or has no mouse; it draws its parts as they are opened.
  const LEVELS = { "h3.opblock-tag": "2", "h4": "3", "h5": "4" };
  const say = () => {
    for (const [headings, level] of Object.entries(LEVELS)) {
      for (const heading of place.querySelectorAll(`${headings}:not([aria-level])`)) heading.ariaLevel = level;
    }
    for (const box of place.querySelectorAll("pre:not([tabindex])")) box.tabIndex = 0;
    for (const field of place.querySelectorAll(":is(select, input):not([aria-label], [id])")) {
      const name = field.closest("[data-param-name]")?.dataset.paramName;
      if (name) field.ariaLabel = name;
    }
    for (const button of place.querySelectorAll(".copy-to-clipboard button")) {
      if (!button.ariaLabel && !button.textContent.trim()) button.ariaLabel = "Copy to clipboard";
    }
  };
  new MutationObserver(say).observe(place, { childList: true, subtree: true });

  window.SwaggerUIBundle({
    domNode: place,
    url: place.dataset.description,
    validatorUrl: null,
    // A link within the button that opens an operation would be two controls in one.
    deepLinking: false,
    tryItOutEnabled: true,
    persistAuthorization: false,
    // What each operation takes and answers stands with it.
    defaultModelsExpandDepth: -1,
    // The colours of words in answers are too faint for many.
    syntaxHighlight: false,
  });
})();
