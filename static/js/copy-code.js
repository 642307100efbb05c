// A button with data-copies copies what the field of that id holds; without this file one copies from the field.
for (const button of document.querySelectorAll("button[data-copies]")) {
  const field = document.getElementById(button.dataset.copies);
  const status = button.parentElement.querySelector("[role=status]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
      status.textContent = status.dataset.copied;
    } catch {
      // Where the clipboard is closed to pages, the code stands ready for the keyboard.
      field.focus();
      field.select();
    }
  });
}
