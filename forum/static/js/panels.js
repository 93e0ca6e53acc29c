// Panels above the composer: whom to call, why something waits, what was decided. Title and Close are
// always in sight. One panel is open at a time; of the others the title is left, to be opened again.
export class Panels {
  constructor(box) {
    this.box = box;
  }

  // `urgent` stands in the head, so that it is never folded away. Whom to call comes before all else.
  add({ title, urgent = [], body, kind = "", onClose = () => {} }) {
    const panel = build("div", { className: `answer ${kind}` });
    panel.setAttribute("role", "alert");
    const read = button("Read");
    const close = button("Close");
    read.classList.add("answer__read");
    const name = title ? [build("h2", {}, title)] : [];
    const head = build("div", { className: "answer__head" }, ...name, read, close, ...urgent);
    panel.append(head, build("div", { className: "answer__body" }, ...body));
    read.addEventListener("click", () => this.open(panel));
    close.addEventListener("click", () => {
      panel.remove();
      onClose();
    });
    const cards = [...this.box.querySelectorAll(":scope > .answer--support")];
    if (urgent.length || !cards.length) this.box.prepend(panel);
    else cards.at(-1).after(panel);
    this.open(panel);
    return panel;
  }

  open(panel) {
    for (const other of this.box.children) other.classList.toggle("answer--folded", other !== panel);
    this.box.scrollTop = 0;
  }
}

export function build(kind, properties, ...children) {
  const element = Object.assign(document.createElement(kind), properties);
  element.append(...children);
  return element;
}

export function button(words, onPress = null) {
  const element = build("button", { type: "button", className: "button button--small" }, words);
  if (onPress) element.addEventListener("click", onPress);
  return element;
}
