// N and P go from passage to passage. When one is decided the result is spoken, and the focus goes to the next.
// The keys can be switched off, here as on an article, since a single letter may be another tool's shortcut.
customElements.define(
  "queue-travel",
  class extends HTMLElement {
    connectedCallback() {
      this.keysLine = this.querySelector("[data-keys]");
      this.keysLine.hidden = false;
      this.keysOn = this.keysLine.querySelector("input");
      this.keysOn.checked = this.remembered !== "off";
      this.keysOn.addEventListener("change", () => (this.remembered = this.keysOn.checked ? "on" : "off"));
      this.addEventListener("htmx:afterSettle", () => this.settled());
      document.addEventListener("keydown", this);
    }

    disconnectedCallback() {
      document.removeEventListener("keydown", this);
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
      const elsewhere = event.target.closest("input:not([type=checkbox], [type=radio]), select, textarea");
      if (elsewhere || !this.keysOn.checked || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "n") this.travel(1);
      else if (event.key === "p") this.travel(-1);
      else return;
      event.preventDefault();
    }

    /** To the heading of the next passage that is to be decided (step 1), or of the one before (step -1). */
    travel(step) {
      const here = document.activeElement.closest(".check-item");
      const ahead = [...this.querySelectorAll(".check-item h2")].filter((heading) => {
        if (!here) return step > 0;
        const side = here.compareDocumentPosition(heading);
        const wanted = step > 0 ? Node.DOCUMENT_POSITION_FOLLOWING : Node.DOCUMENT_POSITION_PRECEDING;
        return side & wanted && !here.contains(heading);
      });
      const heading = step > 0 ? ahead[0] : ahead.at(-1);
      heading?.focus();
      heading?.scrollIntoView({ block: "start" });
      return Boolean(heading);
    }

    settled() {
      const decided = this.querySelector("[data-decided]:not([data-spoken])");
      if (decided) {
        decided.dataset.spoken = "";
        this.announce(decided.textContent.trim());
        decided.focus();
        this.travel(1) || this.travel(-1);
        return;
      }
      // Refused: what is wrong is said, and the passage has the focus.
      const refused = [...this.querySelectorAll("[role=alert]")].find((alert) => !alert.dataset.spoken);
      if (!refused) return;
      refused.dataset.spoken = "";
      refused.closest(".check-item").querySelector("h2").focus();
    }

    announce(words) {
      this.querySelector("[data-announcement]").textContent = words;
    }
  },
);
