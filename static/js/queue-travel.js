// N and P go from passage to passage; when one is decided, the focus goes to the next.
customElements.define(
  "queue-travel",
  class extends HTMLElement {
    connectedCallback() {
      document.addEventListener("keydown", this);
      this.addEventListener("htmx:afterSettle", () => this.settled());
    }

    disconnectedCallback() {
      document.removeEventListener("keydown", this);
    }

    handleEvent(event) {
      if (event.target.closest("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
      const step = { n: 1, p: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      this.travel(step);
    }

    get headings() {
      return [...this.querySelectorAll(".check-item h2")];
    }

    travel(step) {
      const { headings } = this;
      const item = document.activeElement.closest(".check-item");
      const here = headings.findIndex((heading) => item?.contains(heading));
      const next = headings[here < 0 ? (step > 0 ? 0 : headings.length - 1) : here + step];
      next?.focus();
      next?.scrollIntoView({ block: "start" });
    }

    settled() {
      const decided = this.querySelector("[data-decided]:not([data-spoken])");
      if (decided) {
        decided.dataset.spoken = "";
        decided.focus();
        return;
      }
      this.querySelector("[role=alert]")?.closest(".check-item").querySelector("h2").focus();
    }
  },
);
