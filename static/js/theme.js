// Light or dark, as the system says or as the reader chose; the choice stays in this browser.
// Loaded without defer: the choice must stand before the first paint.
(() => {
  const root = document.documentElement;
  const key = "theme";
  const system = matchMedia("(prefers-color-scheme: dark)");

  // Storage can be forbidden by the browser: then the system decides.
  const stored = () => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const store = (theme) => {
    try {
      theme ? localStorage.setItem(key, theme) : localStorage.removeItem(key);
    } catch {
      /* It holds for this page only. */
    }
  };
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);

  if (["light", "dark"].includes(stored())) root.dataset.theme = stored();

  document.addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("theme-button");
    if (!button) return;
    const show = () => button.setAttribute("aria-pressed", isDark());
    button.hidden = false;
    button.addEventListener("click", () => {
      const theme = isDark() ? "light" : "dark";
      // What the system wants anyway is no choice worth remembering.
      if ((theme === "dark") === system.matches) {
        delete root.dataset.theme;
        store(null);
      } else {
        root.dataset.theme = theme;
        store(theme);
      }
      show();
    });
    system.addEventListener("change", show);
    show();
  });
})();
