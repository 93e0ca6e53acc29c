// What the author is told privately about a message: why it waits or was refused, and support cards.
const TITLES = {
  held: "Your message waits for a moderator",
  blocked: "This was not sent",
  nudged: "One question before it goes out",
};

export class Answers {
  constructor(box) {
    this.box = box;
  }

  clear() {
    this.box.replaceChildren();
  }

  // Shows an answer to message.send; `onSuggested` is called when the text without details is taken.
  show(answer, { onSuggested } = {}) {
    const panel = this.panel(TITLES[answer.status]);
    for (const reason of answer.reasons) panel.append(paragraph(reason.text));
    if (answer.suggested && onSuggested) {
      panel.append(paragraph(`Without the details: “${answer.suggested}”`));
      const take = button("Use this text");
      take.addEventListener("click", () => onSuggested(answer.suggested));
      panel.append(take);
    }
    for (const card of answer.support ?? []) panel.append(supportCard(card));
    this.place(panel);
  }

  say(text) {
    const panel = this.panel("");
    panel.append(paragraph(text));
    this.place(panel);
  }

  panel(title) {
    const panel = document.createElement("div");
    panel.className = "answer";
    panel.setAttribute("role", "alert");
    if (title) {
      const head = document.createElement("h2");
      head.textContent = title;
      panel.append(head);
    }
    return panel;
  }

  place(panel) {
    const close = button("Close");
    close.addEventListener("click", () => panel.remove());
    panel.append(close);
    this.box.replaceChildren(panel);
  }
}

function paragraph(text) {
  const element = document.createElement("p");
  element.textContent = text;
  return element;
}

function button(text) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "button button--small";
  element.textContent = text;
  return element;
}

function link(text, href) {
  const element = document.createElement("a");
  element.href = href;
  element.textContent = text;
  return element;
}

function supportCard(card) {
  const box = document.createElement("section");
  box.className = "card card--care support";
  const title = document.createElement("h3");
  title.textContent = card.title;
  box.append(title, ...card.text.map(paragraph));
  if (card.steps.length) box.append(list("ol", card.steps.map((step) => [step])));
  const calls = document.createElement("p");
  calls.className = "row";
  for (const number of card.emergency) {
    const call = link(`Call ${number}`, `tel:${number}`);
    call.className = "button button--big";
    calls.append(call);
  }
  box.append(calls);
  box.append(list("ul", card.lines.map(lineParts)));
  const more = document.createElement("p");
  more.append(link(card.lines.length ? "More lines" : "Lines in your country", "/help/"));
  box.append(more);
  return box;
}

function lineParts(line) {
  const name = document.createElement("strong");
  name.textContent = line.name;
  const call = line.tel ? link(line.number, `tel:${line.tel}`) : line.number;
  const text = line.text ? ` text ${line.text}` : "";
  return [name, ": ", call, `${text} (${line.hours})`];
}

function list(kind, items) {
  const element = document.createElement(kind);
  for (const parts of items) {
    const item = document.createElement("li");
    item.append(...parts);
    element.append(item);
  }
  return element;
}
