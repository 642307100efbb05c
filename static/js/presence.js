// Who else is in the article is asked only while the page can be seen.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt.id === "presence" && document.visibilityState === "hidden") event.preventDefault();
});
