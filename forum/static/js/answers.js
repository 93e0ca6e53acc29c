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

  // The next text is on its way: what was said about the one before goes. Support cards and
  // decisions of moderators stay until they are closed.
  clear() {
    const gone = ":scope > .answer:not(.answer--support, [data-stays])";
    for (const panel of this.box.querySelectorAll(gone)) panel.remove();
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

  // A decision of a moderator, or about oneself.
  notice(text) {
    const panel = this.panel("");
    const more = paragraph("");
    const link = document.createElement("a");
    link.href = "/notices/";
    link.textContent = "All notices";
    more.append(link);
    panel.append(paragraph(text), more);
    panel.dataset.stays = "notice";
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

  // The newest comes first. Only notices pile up: they may be about different things.
  place(panel) {
    const close = button("Close");
    close.addEventListener("click", () => panel.remove());
    panel.append(close);
    if (!panel.dataset.stays) this.clear();
    this.box.prepend(panel);
    this.box.scrollTop = 0;
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
