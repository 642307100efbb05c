"use strict";

// The rich-text editor of an article's body. It writes the subset of HTML that newsroom/text/document.py keeps,
// and writes it back only when somebody changes something, so a text that was only looked at stays as it is.
// The editor itself is a module: its address, with the hash of its content, stands in data-editor.

{
  const MENU = [
    { group: "blockType -lists", type: "dropdown", minItems: 2 },
    { group: "lists" },
    { group: "marks" },
    { group: "link" },
    { group: "nodes -blockType -lists" },
    { group: "table" },
    { group: "history" },
  ];
  // What the house keeps of links: the web, mail, and places on this site.
  const ADDRESS = /^(https?:\/\/|mailto:|[/#])/i;

  const extensions = (prose) => [
    prose.Document,
    prose.Paragraph,
    prose.Text,
    prose.HardBreak,
    prose.Heading.configure({ levels: [2, 3, 4] }),
    prose.Blockquote,
    prose.BulletList,
    prose.OrderedList,
    prose.ListItem,
    // Lines of code stand in <pre> alone, as the house writes them.
    prose.CodeBlock.extend({ renderHTML: () => ["pre", 0] }),
    prose.Bold,
    prose.Italic,
    prose.Subscript,
    prose.Superscript,
    prose.Code.extend({ excludes: "" }),
    prose.Link.configure({
      autolink: false,
      enableTarget: false,
      openOnClick: false,
      isAllowedUri: (address) => ADDRESS.test(address),
    }),
    prose.Figure,
    prose.Image,
    prose.Caption,
    prose.Table,
    prose.TableRow,
    prose.TableHeader.extend({
      addAttributes() {
        return { ...this.parent?.(), scope: { default: null } };
      },
    }),
    prose.TableCell,
    prose.Dropcursor,
    prose.Gapcursor,
    prose.History,
    prose.Menu.configure({ groups: MENU }),
  ];

  // A line end in <pre> is a <br> to the house and a character to the editor.
  const readable = (html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    for (const lineEnd of page.querySelectorAll("pre br")) lineEnd.replaceWith("\n");
    return page.body.innerHTML;
  };

  // Styles that come along with what is pasted would be dropped anyway, but not before the policy had complained.
  const unstyled = (html) =>
    html
      .replace(/<style\b[^]*?<\/style>/gi, "")
      .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\sstyle\s*=\s*("[^"]*"|'[^']*')/gi, ""));

  const edit = (textarea, prose) => {
    const box = document.createElement("div");
    box.className = "prose-editor";
    textarea.before(box);
    box.append(textarea);
    new prose.Editor({
      element: box,
      editable: !textarea.disabled,
      content: readable(textarea.value),
      extensions: extensions(prose),
      // Its style element would be stopped by the content security policy: css/admin-body.css has the rules.
      injectCSS: false,
      editorProps: {
        transformPastedHTML: unstyled,
        attributes: {
          role: "textbox",
          "aria-multiline": "true",
          "aria-label": textarea.labels[0]?.textContent.replace(/:\s*$/, "") ?? "",
        },
      },
      onUpdate: ({ editor }) => {
        textarea.value = editor.getHTML();
      },
    });
  };

  for (const textarea of document.querySelectorAll("textarea[data-editor]")) {
    import(textarea.dataset.editor).then((prose) => edit(textarea, prose));
  }
}
