// How pages look to this reader: colours, size, spacing and letters of the text, and which layers an article opens
// with. All of it stays in this browser. Loaded without defer: what was chosen must stand before the first paint.
(() => {
  const root = document.documentElement;
  // What stands in static/css/tokens.css as :root[data-…]; "" is how pages look by themselves.
  const choices = {
    theme: ["", "light", "dark"],
    size: ["", "small", "large", "largest"],
    spacing: ["", "wide"],
    face: ["", "sans", "legible"],
  };

  // Storage can be forbidden by the browser: then a choice holds for this page only.
  const stored = (key) => {
    try {
      return localStorage.getItem(key) ?? "";
    } catch {
      return "";
    }
  };
  const store = (key, value) => {
    try {
      value ? localStorage.setItem(key, value) : localStorage.removeItem(key);
    } catch {
      /* It holds for this page only. */
    }
  };
  const wear = (key, value) => {
    if (value) root.dataset[key] = value;
    else delete root.dataset[key];
  };

  for (const [key, values] of Object.entries(choices)) if (values.includes(stored(key))) wear(key, stored(key));

  // Layers: an address that names some, or leads to certain words, is shown as it says.
  const layers = stored("layers");
  const asked = new URLSearchParams(location.search);
  const opens = document.currentScript.dataset.layers !== undefined;
  if (opens && /^(layer=[a-z]+)(&layer=[a-z]+)*$/.test(layers) && !asked.has("layer") && !location.hash) {
    const rest = asked.toString();
    location.replace(`${location.pathname}?${layers}${rest ? `&${rest}` : ""}`);
  }

  document.addEventListener("change", ({ target }) => {
    const form = target.closest?.(".layers form");
    if (!form) return;
    const chosen = [...form.querySelectorAll("[name=layer]:checked")].map(({ value }) => value);
    const standard = [...form.querySelectorAll("[name=layer][data-standard]")].map(({ value }) => value);
    const query = new URLSearchParams((chosen.length ? chosen : ["none"]).map((value) => ["layer", value]));
    store("layers", chosen.join() === standard.join() ? "" : query.toString());
  });

  document.addEventListener("DOMContentLoaded", () => {
    const panel = document.getElementById("look");
    if (!panel) return;
    for (const radio of panel.querySelectorAll("input")) radio.checked = (root.dataset[radio.name] ?? "") === radio.value;
    panel.addEventListener("change", ({ target }) => {
      wear(target.name, target.value);
      store(target.name, target.value);
    });
    document.getElementById("look-button").hidden = false;
  });
})();
