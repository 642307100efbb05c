// The text that is tagged. It holds a place, [start, end) in code points of the canonical text: a selection of the
// mouse or the finger, as text-selection says it, or sentences and words chosen with keys. C, E and A open a form for
// that place; the server answers a save with the blocks that changed. Letters act only while the text has the focus.
//   <tagging-pane data-tag="/desk/articles/…/tags/claim/" data-sentence="…" …>  text-selection#pane > [data-o][data-s]
{
  const KINDS = { c: "claim", e: "mention", a: "attribution" };
  const WORD = /[\p{L}\p{N}\p{M}_]+(?:[’'-][\p{L}\p{N}\p{M}_]+)*|[^\s\p{L}\p{N}\p{M}_]/gu;

  /** The text of the pane as the server knows it: blocks joined by line ends, in code points. */
  class Canonical {
    constructor(pane) {
      this.blocks = [...pane.querySelectorAll("[data-o]")].map((element) => ({
        element,
        start: Number(element.dataset.o),
        characters: [...element.textContent],
      }));
      this.characters = this.blocks.flatMap((block, number) => (number ? ["\n", ...block.characters] : block.characters));
      this.sentences = this.blocks.flatMap(({ element }) =>
        (element.dataset.s ?? "").split(" ").filter(Boolean).map((span) => span.split("-").map(Number)),
      );
    }

    slice(start, end) {
      return this.characters.slice(start, end).join("");
    }

    /** Starts and ends of words and marks, found once. */
    get words() {
      if (!this.found) {
        const text = this.characters.join("");
        // From UTF-16 units, which patterns count in, to code points.
        const point = new Map();
        let units = 0;
        this.characters.forEach((character, index) => {
          point.set(units, index);
          units += character.length;
        });
        point.set(units, this.characters.length);
        this.found = [...text.matchAll(WORD)].map((match) => [
          point.get(match.index),
          point.get(match.index + match[0].length),
        ]);
      }
      return this.found;
    }

    /** A place in the page: the text node and the offset in it, in UTF-16 units. */
    node(block, offset) {
      const walker = document.createTreeWalker(block.element, NodeFilter.SHOW_TEXT);
      let left = block.characters.slice(0, offset).join("").length;
      let last = null;
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (left <= node.length) return [node, left];
        left -= node.length;
        last = node;
      }
      return last ? [last, last.length] : [block.element, 0];
    }

    /** A range of the page for a place. */
    range({ start, end }) {
      const within = this.blocks.filter((block) => block.start < end && start <= block.start + block.characters.length);
      if (!within.length) return null;
      const [first, last] = [within[0], within.at(-1)];
      const range = document.createRange();
      range.setStart(...this.node(first, Math.max(0, start - first.start)));
      range.setEnd(...this.node(last, Math.min(last.characters.length, end - last.start)));
      return range;
    }
  }

  customElements.define(
    "tagging-pane",
    class extends HTMLElement {
      connectedCallback() {
        this.pane = this.querySelector("#pane");
        this.said = "";
        this.place = null;
        this.pane.addEventListener("keydown", (event) => this.pressed(event));
        this.querySelector(".tagging-bar").addEventListener("click", ({ target }) => {
          const { kind } = target.closest("button")?.dataset ?? {};
          if (kind) this.open(kind);
        });
        this.addEventListener("click", (event) => this.clicked(event));
        this.addEventListener("keydown", (event) => {
          const form = event.target.closest("#tag-form form:not(.threads *)");
          if (event.key === "Escape" && form) this.close();
          if (event.key === "Enter" && form) this.entered(event, form);
        });
        this.addEventListener("text-selection:change", ({ detail: { start, end } }) => this.take({ start, end }, { by: "selection" }));
        this.addEventListener("suggestion:show", ({ detail: { start, end, said } }) => {
          this.take({ start, end }, { spoken: false });
          this.say(said);
        });
        this.pending();
        document.addEventListener("htmx:configRequest", ({ detail }) => {
          detail.headers["X-Revision"] = this.querySelector("#tagging-text").dataset.revision;
        });
        document.addEventListener("htmx:afterSettle", ({ detail }) => this.settled(detail));
        document.addEventListener("tagging:saved", () => this.saved());
        document.addEventListener("htmx:beforeSwap", () => (this.text = null));
      }

      get canonical() {
        this.text ??= new Canonical(this.pane);
        return this.text;
      }

      // The place

      take(place, { by = "keys", spoken = true } = {}) {
        this.place = place;
        this.classList.toggle("has-place", Boolean(place));
        CSS.highlights?.delete("place");
        if (!place) return;
        const range = this.canonical.range(place);
        if (by === "keys") {
          document.getSelection().removeAllRanges();
          if (range && CSS.highlights) CSS.highlights.set("place", new Highlight(range));
          range?.startContainer.parentElement.scrollIntoView({ block: "nearest" });
        }
        if (spoken) this.say(`${this.dataset.selected}: «${this.canonical.slice(place.start, place.end)}»`);
      }

      /** What waits for a person is underlined, and no part of the text. */
      pending() {
        if (!CSS.highlights) return;
        for (const kind of Object.values(KINDS)) {
          const rows = [...this.querySelectorAll(`.suggestion[data-kind="${kind}"]`)];
          const spans = rows.flatMap(({ dataset }) => dataset.spans.split(" ").filter(Boolean)).map((span) => span.split("-").map(Number));
          const ranges = spans.map(([start, end]) => this.canonical.range({ start, end })).filter(Boolean);
          CSS.highlights.set(`suggested-${kind}`, new Highlight(...ranges));
        }
      }

      say(words) {
        this.querySelector("#said").textContent = words;
      }

      // Keys

      pressed(event) {
        if (event.ctrlKey || event.metaKey || event.altKey || event.target !== this.pane) return;
        const { key } = event;
        const kind = KINDS[key.toLowerCase()];
        if (key === "ArrowDown" || key === "ArrowUp") this.sentence(key === "ArrowDown" ? 1 : -1, event.shiftKey);
        else if ("[]{}".includes(key)) this.edge(key);
        else if (kind && !event.shiftKey) this.open(kind);
        else if (key === "u") this.undo();
        else if (key === "Enter") this.openHere();
        else if (key === "?") this.help();
        else return;
        event.preventDefault();
      }

      /** To the next or the previous sentence; with `more` it is added to the place. */
      sentence(step, more) {
        const { sentences } = this.canonical;
        if (!sentences.length) return;
        const { start, end } = this.place ?? { start: 0, end: 0 };
        let index = 0;
        if (step > 0) index = sentences.findIndex(([first]) => first >= end);
        else index = sentences.findLastIndex(([, last]) => last <= start);
        if (index < 0) {
          if (this.place) return;
          index = 0;
        }
        const [first, last] = sentences[index];
        const extended = more && this.place;
        this.take({ start: extended ? Math.min(start, first) : first, end: extended ? Math.max(end, last) : last }, { spoken: false });
        const words = this.canonical.slice(this.place.start, this.place.end);
        this.say(`${this.dataset.sentence} ${index + 1}/${sentences.length}: ${words}`);
      }

      /** [ and ] move the end by a word, { and } the start. */
      edge(key) {
        if (!this.place) return;
        const { words } = this.canonical;
        let { start, end } = this.place;
        if (key === "]") end = words.find(([, last]) => last > end)?.[1] ?? end;
        if (key === "[") end = words.findLast(([first, last]) => last < end && first >= start)?.[1] ?? end;
        if (key === "}") start = words.find(([first, last]) => first > start && last <= end)?.[0] ?? start;
        if (key === "{") start = words.findLast(([first]) => first < start)?.[0] ?? start;
        this.take({ start, end });
      }

      help() {
        const keys = this.querySelector(".pane-keys");
        keys.open = true;
        keys.querySelector("summary").focus();
      }

      // Forms

      open(kind) {
        if (!this.place) {
          this.say(this.dataset.nothing);
          this.pane.focus();
          return;
        }
        const { start, end } = this.place;
        const address = this.dataset.tag.replace(/claim\/$/, `${kind}/`);
        const query = new URLSearchParams({ start, end, words: this.canonical.slice(start, end) });
        htmx.ajax("GET", `${address}?${query}`, { source: this.pane, target: "#tag-form", swap: "outerHTML" });
      }

      /** The tag under the place: the innermost that begins there or holds it. */
      openHere() {
        const range = this.place && this.canonical.range(this.place);
        const mark = range?.startContainer.parentElement.closest("[data-a]");
        if (mark) this.openTag(mark.dataset.a);
      }

      openTag(code) {
        this.querySelector(`#tag-${code} a`)?.click();
      }

      undo() {
        this.querySelector("#undo button").click();
      }

      /** Enter saves; in the search field, which finds by itself, it does nothing, and in a text a line ends. */
      entered(event, form) {
        const { target } = event;
        if (target.matches("button, a, summary, select") || (target.matches("textarea") && !event.ctrlKey)) return;
        event.preventDefault();
        if (target.type !== "search") form.requestSubmit(form.querySelector(".button-main"));
      }

      clicked(event) {
        const { target } = event;
        if (target.closest("[data-close]")) {
          event.preventDefault();
          this.close();
        }
        if (target.closest("[data-take]")) this.takePart(target.closest("[data-part]"));
        if (target.closest("#pane") && document.getSelection().isCollapsed) this.pointed(event);
        const mark = target.closest("#pane [data-a]");
        if (mark && document.getSelection().isCollapsed) this.openTag(mark.dataset.a);
      }

      /** Where the text was pointed at, for whoever knows what waits there. */
      pointed({ clientX, clientY }) {
        const caret = document.caretPositionFromPoint?.(clientX, clientY);
        const block = caret && this.canonical.blocks.find(({ element }) => element.contains(caret.offsetNode));
        if (!block) return;
        const before = document.createRange();
        before.selectNodeContents(block.element);
        before.setEnd(caret.offsetNode, caret.offset);
        this.dispatchEvent(new CustomEvent("text:pointed", { detail: { at: block.start + [...before.toString()].length } }));
      }

      /** What is selected becomes the words of a part of an attribution: who says it, or that it is said. */
      takePart(part) {
        if (!this.place) return;
        const { start, end } = this.place;
        part.querySelector("[type=text]").value = this.canonical.slice(start, end);
        part.querySelector("[type=hidden]").value = `${start}-${end}`;
      }

      close() {
        const form = this.querySelector("#tag-form");
        form.replaceChildren();
        delete form.dataset.open;
        this.pane.focus();
      }

      // Answers

      settled({ target, elt }) {
        this.text = null;
        this.pending();
        const form = this.querySelector("#tag-form[data-open]");
        if (!form || form === this.shown || ![target?.id, elt?.id].includes("tag-form")) return;
        this.shown = form;
        for (const button of form.querySelectorAll("[data-take]")) button.hidden = false;
        (form.querySelector("[role=alert]") ? form.querySelector("h2") : this.firstField(form)).focus();
      }

      /** Where most forms are finished: what was found, else the first field to fill in. */
      firstField(form) {
        return form.querySelector("#found input:checked, #found input") ?? form.querySelector("textarea, input:not([type=hidden])") ?? form.querySelector("h2");
      }

      saved() {
        this.text = null;
        if (this.place) this.take(this.place, { spoken: false });
        this.pane.focus({ preventScroll: true });
      }
    },
  );
}
