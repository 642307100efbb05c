// A claim under the pointer, or with the focus, shows its own arcs and the claims at their other ends; the others fade.
// Without this file all arcs are shown alike.
customElements.define(
  "claim-map",
  class extends HTMLElement {
    connectedCallback() {
      for (const name of ["pointerover", "focusin"]) this.addEventListener(name, ({ target }) => this.show(target));
      for (const name of ["pointerleave", "focusout"]) this.addEventListener(name, () => this.show(document.activeElement));
    }

    show(target) {
      const claim = target?.closest?.("a[data-claim]");
      const place = claim && this.contains(claim) ? claim.dataset.claim : null;
      if (place === this.place) return;
      this.place = place;
      for (const lit of this.querySelectorAll(".is-lit")) lit.classList.remove("is-lit");
      const arcs = place === null ? [] : this.querySelectorAll(`[data-ends~="${place}"]`);
      this.toggleAttribute("data-lit", arcs.length > 0);
      for (const arc of arcs) {
        arc.classList.add("is-lit");
        for (const end of arc.dataset.ends.split(" ")) {
          this.querySelector(`a[data-claim="${end}"]`)?.classList.add("is-lit");
        }
      }
    }
  },
);
