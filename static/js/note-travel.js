// n and p travel from note to note; ? opens the help. Being focused, each number speaks for itself.
// The keys can be switched off in the help, since a single letter may be another tool's shortcut.
customElements.define(
  "note-travel",
  class extends HTMLElement {
    connectedCallback() {
      this.hidden = false;
      this.help = this.querySelector("[popover]");
      this.keysOn = this.querySelector("[type=checkbox]");
      this.keysOn.checked = this.remembered !== "off";
      this.keysOn.addEventListener("change", () => (this.remembered = this.keysOn.checked ? "on" : "off"));
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
      const elsewhere = event.target.closest("input:not([type=checkbox]), select, textarea, [contenteditable], [popover]");
      if (elsewhere || !this.keysOn.checked || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "n") this.travel(1);
      else if (event.key === "p") this.travel(-1);
      else if (event.key === "?") this.explain();
      else return;
      event.preventDefault();
    }

    explain() {
      this.help.showPopover();
      this.keysOn.focus();
    }

    /** To the next note after the focus (step 1) or the last one before it (step -1). */
    travel(step) {
      const notes = [...document.querySelectorAll("[role=doc-noteref]")];
      const ahead = notes.filter((note) => {
        const side = document.activeElement.compareDocumentPosition(note);
        return document.activeElement === document.body
          ? step > 0
          : side & (step > 0 ? Node.DOCUMENT_POSITION_FOLLOWING : Node.DOCUMENT_POSITION_PRECEDING);
      });
      const note = step > 0 ? ahead[0] : ahead.at(-1);
      note?.focus();
      note?.scrollIntoView({ block: "center" });
    }
  },
);
