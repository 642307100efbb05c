// What is selected in an article's text, in code points of its canonical text. The element holds the blocks (data-o);
// whenever a selection in it comes to rest it says so:
//   <text-selection fills=".move-form">  fires  text-selection:change  with { start, end, exact }
// and puts the words, and their place, into the forms that `fills` names, if it names any. What is typed or chosen
// there afterwards counts.
customElements.define(
  "text-selection",
  class extends HTMLElement {
    connectedCallback() {
      this.settled = this.settled.bind(this);
      this.listen = () => {
        clearTimeout(this.timer);
        this.timer = setTimeout(this.settled, 120);
      };
      document.addEventListener("selectionchange", this.listen);
      this.querySelector("[data-hint]")?.removeAttribute("hidden");
    }

    disconnectedCallback() {
      document.removeEventListener("selectionchange", this.listen);
    }

    settled() {
      const found = this.read();
      if (!found) return;
      this.fill(found);
      this.dispatchEvent(new CustomEvent("text-selection:change", { bubbles: true, detail: found }));
    }

    /** The selected words without blanks at their edges; null if none of them are in a block. */
    read() {
      const selection = document.getSelection();
      if (!selection.rangeCount || selection.isCollapsed || !this.contains(selection.anchorNode)) return null;
      const range = selection.getRangeAt(0);
      const pieces = [];
      for (const block of this.querySelectorAll("[data-o]")) {
        if (!range.intersectsNode(block)) continue;
        const [from, to] = this.inside(block, range);
        if (from < to) pieces.push({ start: Number(block.dataset.o) + from, text: [...block.textContent].slice(from, to) });
      }
      if (!pieces.length) return null;
      let characters = pieces.flatMap((piece, number) => (number ? ["\n", ...piece.text] : piece.text));
      let { start } = pieces[0];
      while (characters.length && !characters[0].trim()) {
        characters.shift();
        start += 1;
      }
      while (characters.length && !characters.at(-1).trim()) characters.pop();
      if (!characters.length) return null;
      return { start, end: start + characters.length, exact: characters.join("") };
    }

    /** Where the range begins and ends in a block, in code points; its whole length if it goes beyond. */
    inside(block, range) {
      const before = document.createRange();
      before.selectNodeContents(block);
      const length = [...block.textContent].length;
      let from = 0;
      let to = length;
      if (block.contains(range.startContainer)) {
        before.setEnd(range.startContainer, range.startOffset);
        from = [...before.toString()].length;
      }
      before.selectNodeContents(block);
      if (block.contains(range.endContainer)) {
        before.setEnd(range.endContainer, range.endOffset);
        to = [...before.toString()].length;
      }
      return [from, to];
    }

    fill({ start, end, exact }) {
      for (const form of document.querySelectorAll(this.getAttribute("fills") || "none")) {
        const place = form.querySelector("[data-selected]") ?? this.addPlace(form);
        form.elements.words.value = exact;
        place.disabled = false;
        place.value = `${start}-${end}`;
        for (const radio of form.querySelectorAll("[type=radio]")) radio.checked = false;
      }
    }

    addPlace(form) {
      const { words } = form.elements;
      const place = document.createElement("input");
      Object.assign(place, { type: "hidden", name: "place" });
      place.dataset.selected = "";
      form.append(place);
      words.addEventListener("input", () => (place.disabled = true));
      form.addEventListener("change", ({ target }) => {
        if (target.type !== "radio") return;
        place.disabled = true;
        words.value = "";
      });
      return place;
    }
  },
);
