"use strict";

// Beside a textarea with a limit: how many characters it has, of how many.

for (const textarea of document.querySelectorAll("textarea[maxlength]")) {
  const count = document.createElement("output");
  count.className = "count";
  count.htmlFor = textarea.id;
  const say = () => {
    count.value = `${[...textarea.value].length} / ${textarea.maxLength}`;
  };
  textarea.after(count);
  textarea.addEventListener("input", say);
  say();
}
