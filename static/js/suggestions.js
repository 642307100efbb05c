// Suggestions that wait, beside the text: N and P go from one to the next, Y accepts, ⇧Y accepts all of the same name,
// X rejects; all of it while the text has the focus. The rows are plain forms; this file goes through them, tells the
// text which is meant and, after a decision, goes on to the next. Underlined words that are clicked show their row.
//   <suggestion-list for="pane" data-of="…">  #suggestions li.suggestion[data-spans]  fires  suggestion:show
{
  const KEYS = { n: 1, p: -1 };

  customElements.define(
    "suggestion-list",
    class extends HTMLElement {
      connectedCallback() {
        this.pane = document.getElementById(this.getAttribute("for"));
        this.at = -1;
        this.code = "";
        this.pane.addEventListener("keydown", (event) => this.pressed(event));
        this.addEventListener("click", (event) => this.clicked(event));
        this.closest("tagging-pane").addEventListener("text:pointed", ({ detail: { at } }) => this.pointed(at));
        this.addEventListener("focusin", ({ target }) => this.meant(target));
        document.addEventListener("htmx:configRequest", ({ detail }) => this.asked(detail));
        document.addEventListener("tagging:saved", () => this.saved());
        // An answer that saved nothing: a form to fill in, or none at all.
        document.addEventListener("htmx:afterRequest", () => setTimeout(() => (this.busy = false), 100));
        document.addEventListener("htmx:afterSettle", () => this.mark());
      }

      get rows() {
        return [...this.querySelectorAll(".suggestion")];
      }

      get current() {
        return this.rows.find((row) => row.dataset.code === this.code);
      }

      pressed(event) {
        if (event.ctrlKey || event.metaKey || event.altKey || event.target !== this.pane) return;
        const key = event.key.toLowerCase();
        if (KEYS[key] && !event.shiftKey) this.step(KEYS[key]);
        else if (key === "y") this.decide(event.shiftKey ? "[data-all]" : "[data-accept]");
        else if (key === "x" && !event.shiftKey) this.decide("[data-reject]");
        else return;
        event.preventDefault();
      }

      /** To the next or the previous row; round the end it begins again. */
      step(by) {
        const { rows } = this;
        if (!rows.length) {
          this.say(this.dataset.none);
          return;
        }
        const here = rows.findIndex((row) => row.dataset.code === this.code);
        let next = here + by;
        if (here < 0) next = by > 0 ? Math.max(0, this.at) : this.at - 1;
        this.show(rows[(next + rows.length) % rows.length]);
      }

      /** The row, and its words in the text, become what Y and X decide. */
      show(row, before = "") {
        this.code = row.dataset.code;
        this.mark();
        row.scrollIntoView({ block: "nearest" });
        const place = this.rows.indexOf(row) + 1;
        const words = row.querySelector(".suggestion-words").textContent;
        const what = row.querySelector(".suggestion-what").textContent.replace(/\s+/g, " ").trim();
        const said = `${before}${this.dataset.of} ${place}/${this.rows.length}: «${words}», ${what}`;
        const [start, end] = row.dataset.spans.split(" ")[0].split("-").map(Number);
        row.dispatchEvent(new CustomEvent("suggestion:show", { bubbles: true, detail: { start, end, said } }));
      }

      /** The shortest of those whose words were pointed at in the text. */
      pointed(at) {
        const here = this.rows
          .map((row) => [row, ...row.dataset.spans.split(" ")[0].split("-").map(Number)])
          .filter(([, start, end]) => start <= at && at < end)
          .sort(([, a, b], [, c, d]) => b - a - (d - c))[0];
        if (here) this.show(here[0]);
      }

      mark() {
        for (const row of this.rows) {
          if (row.dataset.code === this.code) row.setAttribute("aria-current", "true");
          else row.removeAttribute("aria-current");
        }
      }

      say(words) {
        document.getElementById("said").textContent = words;
      }

      decide(which) {
        // Until the next one has been said, a letter that comes early decides nothing.
        if (this.busy) return;
        const row = this.current;
        if (!row) {
          this.say(this.dataset.choose);
          return;
        }
        const button = which === "[data-all]" ? this.querySelector(`[data-all="${row.dataset.entity}"]`) : row.querySelector(which);
        (button ?? row.querySelector("[data-accept]")).click();
      }

      clicked({ target }) {
        const row = target.closest(".suggestion");
        if (row && !target.closest("button, a, summary")) this.show(row);
      }

      /** What has the focus in the list is what the letters mean as well. */
      meant(target) {
        const row = target.closest(".suggestion");
        if (!row) return;
        this.code = row.dataset.code;
        this.mark();
      }

      /** Where the focus was when a decision was sent: there it goes on. */
      asked({ elt }) {
        const row = elt.closest?.(".suggestion");
        this.busy ||= this.contains(elt);
        if (row) this.at = this.rows.indexOf(row);
        else if (this.current) this.at = this.rows.indexOf(this.current);
        this.from = elt.matches?.("[data-accept], [data-reject]") && document.activeElement === elt ? elt : null;
      }

      saved() {
        const { from } = this;
        this.busy = false;
        this.from = null;
        if (this.current) {
          this.mark();
          return;
        }
        // Only a decision goes on to the next; a tag made by hand leaves one where it was.
        if (!this.code) return;
        this.code = "";
        const said = document.getElementById("said").textContent.trim();
        const next = this.rows[Math.min(this.at, this.rows.length - 1)];
        if (!next) {
          this.say(`${said} ${this.dataset.none}`.trim());
          return;
        }
        this.show(next, said ? `${said} ` : "");
        if (from) next.querySelector(from.matches("[data-accept]") ? "[data-accept]" : "[data-reject]").focus();
      }
    },
  );
}
