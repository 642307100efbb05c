// The session ended, or began anew in another tab, while this page stood open: the page stays with all that is typed in
// it, a box says what to do, and the forms take the token that the answer brings, so that they can be sent again.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const box = document.querySelector("#session");
  const { xhr, requestConfig } = detail;
  const session = xhr.getResponseHeader("X-Session");
  if (!session) {
    if (xhr.status < 400) box.replaceChildren();
    return;
  }
  detail.shouldSwap = false;
  detail.isError = false;
  const token = xhr.getResponseHeader("X-Fresh-Token");
  if (token) {
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
    for (const part of document.querySelectorAll("[hx-headers]")) {
      const headers = JSON.parse(part.getAttribute("hx-headers"));
      if ("X-CSRFToken" in headers) part.setAttribute("hx-headers", JSON.stringify({ ...headers, "X-CSRFToken": token }));
    }
  }
  // What asks by itself every few seconds says it once, and what it sends anew nobody has to press.
  const byItself = requestConfig.elt.id === "presence";
  if (byItself && token) box.replaceChildren();
  else if (!byItself || !box.hasChildNodes()) box.innerHTML = xhr.responseText;
});
