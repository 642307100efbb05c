// A link with data-share is shared by the system where it can, else copied; without this file it is a plain link.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-share]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (navigator.share) {
    await navigator.share({ title: link.dataset.share, url: link.href }).catch(() => {});
    return;
  }
  try {
    await navigator.clipboard.writeText(link.href);
    link.textContent = link.dataset.copied;
  } catch {
    location.assign(link.href);
  }
});
