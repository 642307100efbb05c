// While somebody writes “@gi”, the people whose name goes on like that, to choose from. The names come from a datalist:
//   <mention-list people="id-of-the-datalist" label="People of the desk"><textarea></textarea></mention-list>
// Without this file a name is typed.
customElements.define(
  "mention-list",
  class extends HTMLElement {
    connectedCallback() {
      this.field = this.querySelector("textarea");
      if (!this.field || this.list) return;
      this.list = document.createElement("ul");
      this.list.className = "mention-options";
      this.list.id = `${this.field.id}-options`;
      this.list.setAttribute("role", "listbox");
      this.list.setAttribute("aria-label", this.getAttribute("label"));
      this.list.hidden = true;
      this.append(this.list);
      this.field.setAttribute("aria-autocomplete", "list");
      this.field.setAttribute("aria-controls", this.list.id);
      this.field.addEventListener("input", () => this.offer());
      this.field.addEventListener("keydown", (event) => this.key(event));
      this.field.addEventListener("blur", () => this.close());
      // The field keeps the focus, and its caret, when an option is pressed.
      this.list.addEventListener("pointerdown", (event) => event.preventDefault());
      this.list.addEventListener("click", ({ target }) => this.take(target.closest("[role=option]")));
    }

    /** Names without case and accents. */
    static plain(name) {
      return name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    }

    /** What stands between the last @ and the caret; null if nobody is being called. */
    begun() {
      const { selectionStart, selectionEnd, value } = this.field;
      if (selectionStart !== selectionEnd) return null;
      return /(?<![\p{L}\p{N}_.@+/-])@([\p{L}\p{N}_.+-]*)$/u.exec(value.slice(0, selectionStart))?.[1] ?? null;
    }

    offer() {
      const begun = this.begun();
      const { plain } = this.constructor;
      const options = document.getElementById(this.getAttribute("people"))?.options ?? [];
      const fitting = [...options].filter(
        ({ value, text }) =>
          begun !== null && [value, ...text.split(/\s+/)].some((name) => plain(name).startsWith(plain(begun))),
      );
      this.list.replaceChildren(...fitting.slice(0, 6).map((option, number) => this.option(option, number)));
      this.list.hidden = !fitting.length;
      this.choose(0);
    }

    option({ value, text }, number) {
      const item = document.createElement("li");
      item.id = `${this.list.id}-${number}`;
      item.dataset.name = value;
      item.setAttribute("role", "option");
      item.textContent = text === value ? `@${value}` : `${text} @${value}`;
      return item;
    }

    choose(number) {
      const items = [...this.list.children];
      this.chosen = items.length ? (number + items.length) % items.length : -1;
      items.forEach((item, index) => item.setAttribute("aria-selected", index === this.chosen));
      if (this.list.hidden) this.field.removeAttribute("aria-activedescendant");
      else this.field.setAttribute("aria-activedescendant", items[this.chosen].id);
    }

    key(event) {
      if (this.list.hidden || event.ctrlKey || event.metaKey || event.altKey) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) this.choose(this.chosen + step);
      else if (event.key === "Enter" || (event.key === "Tab" && !event.shiftKey)) this.take(this.list.children[this.chosen]);
      else if (event.key === "Escape") this.close();
      else return;
      event.preventDefault();
      event.stopPropagation();
    }

    take(item) {
      if (!item) return;
      const end = this.field.selectionStart;
      this.field.setRangeText(`${item.dataset.name} `, end - this.begun().length, end, "end");
      this.close();
    }

    close() {
      this.list.hidden = true;
      this.list.replaceChildren();
      this.choose(0);
    }
  },
);
