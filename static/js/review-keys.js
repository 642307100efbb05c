// The keys of the review page, and where the focus goes when a part of it was swapped. A digit chooses a rating, a
// letter leads to a form; all of it is a form underneath. The keys can be switched off, here as on an article, since a
// single letter may be another tool's shortcut.
//   <review-keys>  [data-key="1"] … #add-evidence #claim-assignment [data-waiting] #rating .threads [data-keys]
customElements.define(
  "review-keys",
  class extends HTMLElement {
    connectedCallback() {
      this.begin();
      this.addEventListener("change", ({ target }) => {
        if (target.closest("[data-keys]")) this.remembered = target.checked ? "on" : "off";
      });
      document.addEventListener("keydown", this);
      document.addEventListener("htmx:afterSettle", this);
    }

    disconnectedCallback() {
      document.removeEventListener("keydown", this);
      document.removeEventListener("htmx:afterSettle", this);
    }

    /** The list of keys, which a swap of the page brings anew. */
    begin() {
      this.list = this.querySelector("[data-keys]");
      this.list.hidden = false;
      this.switch = this.list.querySelector("input");
      this.switch.checked = this.remembered !== "off";
    }

    // Storage can be forbidden by the browser: then the keys are on.
    get remembered() {
      try {
        return localStorage.getItem("note-keys");
      } catch {
        return "on";
      }
    }

    set remembered(value) {
      try {
        localStorage.setItem("note-keys", value);
      } catch {
        /* It holds for this page only. */
      }
    }

    handleEvent(event) {
      if (event.type === "htmx:afterSettle") this.settled(event.detail);
      else if (this.pressed(event)) event.preventDefault();
    }

    /** Whether the key meant something here. */
    pressed({ key, target, ctrlKey, metaKey, altKey, defaultPrevented }) {
      if (defaultPrevented) return false;
      const writing = target.closest("input:not([type=checkbox], [type=radio]), select, textarea");
      if (key === "Enter" && (ctrlKey || metaKey)) return this.send(target.closest("form"));
      if (ctrlKey || metaKey || altKey) return false;
      if (key === "Escape" && writing) return this.leave(writing);
      if (writing || !this.switch.checked) return false;
      if (/^[1-9]$/.test(key)) return this.choose(key);
      const there = {
        a: () => this.open("#claim-assignment details"),
        c: () => this.to(".threads h2"),
        d: () => this.to("[data-waiting]") || this.to("#rating-title") || this.to("#assignment-title"),
        e: () => this.open("details:has(> #add-evidence)"),
        s: () => this.to("#rating [name=rate-summary]"),
        "?": () => this.open("[data-keys]"),
      }[key];
      return Boolean(there?.());
    }

    choose(key) {
      const radio = this.querySelector(`[data-key="${key}"]`);
      if (!radio) return false;
      radio.checked = true;
      return this.focusOn(radio);
    }

    send(form) {
      if (!form || !this.contains(form)) return false;
      form.requestSubmit(form.querySelector(".button-main") ?? form.querySelector("button:not([name])"));
      return true;
    }

    /** Out of a field, to the heading of what it stands in: from there letters are keys again. */
    leave(field) {
      const heading = field.closest("section")?.querySelector("[tabindex='-1']");
      return heading ? this.focusOn(heading) : false;
    }

    to(selector) {
      const found = this.querySelector(selector);
      return found ? this.focusOn(found) : false;
    }

    /** Unfolds a form and goes to its first field. */
    open(selector) {
      const details = this.querySelector(selector);
      if (!details) return false;
      details.open = true;
      return this.focusOn(details.querySelector("form :is(input:not([type=hidden]), select, textarea)") ?? details.querySelector("summary"));
    }

    focusOn(element) {
      element.focus();
      element.scrollIntoView({ block: "nearest" });
      return true;
    }

    /** What was swapped says what has the focus; else what is wrong with it; else the heading of its part. */
    settled({ elt, target }) {
      const swapped = document.getElementById(target?.id) ?? elt;
      if (!swapped || !this.contains(swapped) || swapped.closest(".threads, .found")) return;
      if (swapped.id === "review-page") this.begin();
      const wanted = swapped.matches("[data-focus]") ? swapped : swapped.querySelector("[data-focus]");
      const wrong = swapped.querySelector("[aria-invalid=true]") ?? swapped.querySelector("[role=alert]");
      if (wrong) this.focusOn(wrong.matches("[role=alert]") ? this.headingOf(wrong) : wrong);
      else if (wanted) this.focusOn(wanted);
      else if (document.activeElement === document.body) this.focusOn(swapped.querySelector("[tabindex='-1']") ?? this.querySelector("h1"));
    }

    headingOf(element) {
      return element.closest("section")?.querySelector("[tabindex='-1']") ?? this.querySelector("h1");
    }
  },
);
