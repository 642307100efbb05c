// How many characters are left of a text with a limit: shown as one types, spoken when the typing rests and it matters.
// Nothing is cut off: who pastes a longer text sees by how much it is too long.
//   <counted-text data-most="160" data-left="{number} characters left" data-over="{number} characters too many"> … <textarea>
customElements.define(
  "counted-text",
  class extends HTMLElement {
    connectedCallback() {
      this.field = this.querySelector("textarea");
      this.most = Number(this.dataset.most);
      this.shown = this.line("count", { ariaHidden: "true" });
      this.spoken = this.line("visually-hidden", { role: "status" });
      this.field.addEventListener("input", () => this.count());
      this.count();
    }

    disconnectedCallback() {
      clearTimeout(this.timer);
    }

    line(className, attributes) {
      const line = Object.assign(document.createElement("p"), { className, ...attributes });
      this.append(line);
      return line;
    }

    /** In code points, as the server counts: blanks at the ends and line ends become one blank or none there. */
    get left() {
      return this.most - [...this.field.value.trim().replace(/\s+/g, " ")].length;
    }

    count() {
      const { left, most } = this;
      this.shown.textContent = `${most - left} / ${most}`;
      this.shown.classList.toggle("count-over", left < 0);
      clearTimeout(this.timer);
      if (left < 40) this.timer = setTimeout(() => (this.spoken.textContent = this.words(left)), 900);
      else this.spoken.textContent = "";
    }

    words(left) {
      return (left < 0 ? this.dataset.over : this.dataset.left).replace("{number}", Math.abs(left));
    }
  },
);
