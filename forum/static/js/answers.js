// What the author is told privately about a message: why it waits or was refused, what was decided.
import { build, button, Panels } from "./panels.js";
import { SupportCards } from "./support.js";

const TITLES = {
  held: "Your message waits for a moderator",
  blocked: "This was not sent",
  nudged: "One question before it goes out",
};

export class Answers {
  constructor(box) {
    this.box = box;
    this.panels = new Panels(box);
    this.support = new SupportCards(box, this.panels);
  }

  // The next text is on its way: what was said about the one before goes. Support cards and
  // decisions of moderators stay until they are closed.
  clear() {
    const gone = ":scope > .answer:not(.answer--support, [data-stays])";
    for (const panel of this.box.querySelectorAll(gone)) panel.remove();
  }

  // Shows an answer to message.send. `onSuggested` is called when the text without details is taken,
  // `onMeant` when the text is to go out as it is.
  show(answer, { onSuggested, onMeant }) {
    for (const card of answer.support ?? []) this.support.add(card);
    if (answer.support && answer.status === "published") return; // the cards say it
    const body = answer.reasons.map((reason) => build("p", {}, reason.text));
    const choices = [];
    if (answer.suggested) {
      body.push(build("p", {}, `Without the details: “${answer.suggested}”`));
      choices.push(button("Use this text", () => onSuggested(answer.suggested)));
    }
    if (answer.status === "nudged") choices.push(button("Send as it is", onMeant));
    if (answer.reasons.some((reason) => reason.label === "appeal")) body.push(toNotices("To your "));
    if (choices.length) body.push(build("p", { className: "row" }, ...choices));
    const panel = this.place(TITLES[answer.status], body);
    if (answer.status === "held") panel.dataset.waits = answer.message_id;
  }

  say(text) {
    this.place("", [build("p", {}, text)]);
  }

  // A decision of a moderator, or about oneself. It takes the place of "your message waits".
  notice(notice) {
    this.settle(notice.message_id);
    const body = [build("p", {}, notice.text), toNotices("All ")];
    const panel = this.panels.add({ title: "A notice for you", body });
    panel.dataset.stays = "notice";
  }

  // The message waits no more.
  settle(messageId) {
    this.box.querySelector(`[data-waits="${messageId}"]`)?.remove();
  }

  // The newest comes first. Only notices pile up: they may be about different things.
  place(title, body) {
    this.clear();
    return this.panels.add({ title, body });
  }
}

function toNotices(words) {
  return build("p", {}, words, build("a", { href: "/notices/" }, "Notices"));
}
