// What the author is told privately about a message: why it waits or was refused, and support cards.
import { SupportCards } from "./support.js";

const TITLES = {
  held: "Your message waits for a moderator",
  blocked: "This was not sent",
  nudged: "One question before it goes out",
};

export class Answers {
  constructor(box) {
    this.box = box;
    this.support = new SupportCards(box);
  }

  // Support cards stay until they are closed.
  clear() {
    for (const panel of this.box.querySelectorAll(":scope > .answer:not(.answer--support)")) panel.remove();
  }

  // Shows an answer to message.send; `onSuggested` is called when the text without details is taken.
  show(answer, { onSuggested } = {}) {
    for (const card of answer.support ?? []) this.support.add(card);
    if (answer.support && answer.status === "published") return; // the cards say it
    const panel = this.panel(TITLES[answer.status]);
    for (const reason of answer.reasons) panel.append(paragraph(reason.text));
    if (answer.suggested && onSuggested) {
      panel.append(paragraph(`Without the details: “${answer.suggested}”`));
      const take = button("Use this text");
      take.addEventListener("click", () => onSuggested(answer.suggested));
      panel.append(take);
    }
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
    this.clear();
    this.box.append(panel);
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
