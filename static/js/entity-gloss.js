// What a name in the text stands for, beside it, while the pointer rests on it or the focus has it. It goes with Escape,
// and stays while the pointer is on it. Without this file the browser's own bubble says the same to the pointer; on a
// touch screen the link leads to the page of the name.
(() => {
  const gloss = document.getElementById("entity-gloss");
  const anchored = CSS.supports("anchor-name: --glossed-name");
  // Milliseconds before it comes, so that it does not flicker under a pointer that passes, and before it goes.
  const COMES = 200;
  const GOES = 300;
  let shown = null;
  // Taken away with Escape: it has no title until the pointer leaves it, or the browser's own bubble would follow.
  let dismissed = null;
  let timer = 0;

  const later = (then, delay) => {
    clearTimeout(timer);
    timer = setTimeout(then, delay);
  };

  // For browsers that cannot anchor: below the first line of the name, inside the window, and scrolling with the text.
  const place = () => {
    if (anchored) return;
    const line = shown.getClientRects()[0];
    const left = Math.max(16, Math.min(line.left, innerWidth - gloss.offsetWidth - 16));
    Object.assign(gloss.style, { position: "absolute", inset: "auto", left: `${left + scrollX}px`, top: `${line.bottom + scrollY}px` });
  };

  const restore = (name) => {
    name.title = name.dataset.words;
    delete name.dataset.words;
  };

  const hide = () => {
    clearTimeout(timer);
    if (!shown) return;
    shown.removeAttribute("aria-describedby");
    delete shown.dataset.glossed;
    if (shown !== dismissed) restore(shown);
    shown = null;
    gloss.hidePopover();
  };

  const leave = () => {
    if (dismissed) restore(dismissed);
    dismissed = null;
  };

  // The kind is in the language of the page, what follows it perhaps in another.
  const say = (words, lang) => {
    const kind = words.split(" · ", 1)[0];
    const description = document.createElement("span");
    description.textContent = words.slice(kind.length);
    if (lang) description.lang = lang;
    gloss.replaceChildren(kind, description);
  };

  const show = (name) => {
    if (name === shown || name === dismissed || !name.isConnected) return;
    hide();
    shown = name;
    say(name.title, name.dataset.titleLang);
    // Or the browser's own bubble would stand over this one.
    name.dataset.words = name.title;
    name.removeAttribute("title");
    name.dataset.glossed = "";
    name.setAttribute("aria-describedby", gloss.id);
    gloss.showPopover();
    place();
  };

  const hideIfLeft = () => {
    if (shown && !shown.matches(":hover, :focus-visible") && !gloss.matches(":hover")) hide();
  };

  const nameAt = (event) => (event.target.closest ? event.target.closest("a.entity:is([title], [data-words])") : null);

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const name = nameAt(event);
    if (name !== dismissed) leave();
    if (name && name !== shown) later(() => show(name), COMES);
    else if (shown) later(hideIfLeft, GOES);
    else clearTimeout(timer);
  });
  document.documentElement.addEventListener("pointerleave", () => {
    leave();
    later(hideIfLeft, GOES);
  });
  document.addEventListener("focusin", (event) => {
    const name = nameAt(event);
    if (name === dismissed || !dismissed?.matches(":hover")) leave();
    if (name?.matches(":focus-visible")) show(name);
    else hideIfLeft();
  });
  document.addEventListener("focusout", () => later(hideIfLeft, GOES));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !shown) return;
    leave();
    dismissed = shown;
    hide();
  });
  // The text is about to be another.
  document.addEventListener("htmx:beforeSwap", hide);
})();
