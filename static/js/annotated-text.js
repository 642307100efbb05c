// After a filter or a layer has changed the text: the reader's place is kept, and the result is spoken.
(() => {
  let pressed = null;
  let layersOpen = false;

  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.target.id !== "annotated-text") return;
    pressed = document.activeElement?.id;
    layersOpen = Boolean(detail.target.querySelector(".layers")?.open);
  });

  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    const text = document.getElementById("annotated-text");
    if (!text || detail.elt.id !== "annotated-text") return;
    text.querySelector(".layers").open = layersOpen;
    (document.getElementById(pressed) ?? text).focus({ preventScroll: true });
    document.getElementById("announcement").textContent = text.querySelector("[data-announce]").textContent;
  });
})();
