// The session ended, or began anew in another tab, while this page stood open: the page stays with all that is typed in
// it, a box says what to do, and the forms take the token that the answer brings, so that they can be sent again.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const box = document.querySelector("#session");
  const { xhr, requestConfig } = detail;
  const session = xhr.getResponseHeader("X-Session");
  // Nobody presses what asks every few seconds who is here: that it goes through says nothing of what was typed.
  const byItself = requestConfig.elt.id === "presence";
  if (!session) {
    if (xhr.status < 400 && !byItself) box.replaceChildren();
    return;
  }
  detail.shouldSwap = false;
  detail.isError = false;
  const token = xhr.getResponseHeader("X-Fresh-Token");
  const person = xhr.getResponseHeader("X-Signed-In");
  const same = person === box.dataset.for;
  // By itself it takes the new token for the same person alone. Had it taken it for another, the next press would send in
  // that one's name, and nobody had been told.
  if (token && (same || !byItself)) {
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
    for (const part of document.querySelectorAll("[hx-headers]")) {
      const headers = JSON.parse(part.getAttribute("hx-headers"));
      if ("X-CSRFToken" in headers) part.setAttribute("hx-headers", JSON.stringify({ ...headers, "X-CSRFToken": token }));
    }
    box.dataset.for = person;
  }
  if (byItself && token && same) box.replaceChildren();
  else if (!byItself || box.dataset.said !== session || !box.hasChildNodes()) box.innerHTML = xhr.responseText;
  box.dataset.said = session;
});
