// The writing end: a message is shown as pending at once and is sent until it is answered, once.
import { startCounter } from "./counter.js";
import { holdSent, markUnsent } from "./message.js";
import { Pending } from "./pending.js";

const RETRY = 4000;
const TRY_AGAIN = new Set(["try_again", "slow_down", "not_joined"]);

export class Composer {
  constructor({ place, form, stream, answers, send }) {
    this.stream = stream;
    this.answers = answers;
    this.talk = place.talk;
    this.isOver = false;
    this.send = send;
    this.pending = new Pending(`${place.me}:${place.share || place.room}`);
    this.form = form;
    if (!this.form) return;
    this.body = this.form.elements.body;
    this.note = this.form.elements.content_note;
    this.nudged = "";
    this.restore();
    this.counter = startCounter(this.body);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.form.addEventListener("input", () => this.keep());
    this.body.addEventListener("keydown", (event) => {
      const isEnter = event.key === "Enter" && !event.shiftKey && !event.isComposing;
      // On a phone Enter makes a new line; the button sends.
      if (isEnter && matchMedia("(hover: hover) and (pointer: fine)").matches) {
        event.preventDefault();
        this.submit();
      }
    });
  }

  restore() {
    const draft = this.pending.draft();
    if (!this.body.value) this.body.value = draft.body;
    if (!this.note.value) this.note.value = draft.content_note;
    for (const message of this.pending.list) this.stream.putPending(message);
  }

  keep() {
    this.pending.keepDraft({ body: this.body.value, content_note: this.note.value });
  }

  submit() {
    if (!this.body.value.trim() || this.body.readOnly || this.counter.isTooLong()) return;
    this.answers.clear();
    const message = this.pending.add({ body: this.body.value, content_note: this.note.value, nudged: this.nudged });
    this.write("", "");
    this.nudged = "";
    this.stream.putPending(message);
    this.stream.toEnd();
    if (this.isOver) this.markUnsent();
    else this.send(message);
    this.body.focus();
  }

  write(body, note) {
    this.body.value = body;
    this.note.value = note;
    if (body) this.form.hidden = false;
    this.counter.isTooLong();
    this.keep();
  }

  sendAll() {
    if (!this.form) return;
    for (const message of this.pending.list) this.send(message);
  }

  // This page can send nothing any more: what waits is kept, and is not said to be on its way.
  stop() {
    this.isOver = true;
    this.markUnsent();
  }

  markUnsent() {
    for (const element of this.stream.list.querySelectorAll(".message--pending")) markUnsent(element);
  }

  element(clientId) {
    return this.stream.list.querySelector(`[data-client="${clientId}"]`);
  }

  // The event of a message has come: whatever stood for it goes.
  settle(messageId) {
    this.stream.list.querySelector(`[data-waits-for="${messageId}"]`)?.remove();
  }

  // One's own event may come a moment before its answer: what is pending with the same words is the
  // same message, and is not shown twice meanwhile.
  hideTwin(shown) {
    const words = bodyOf(shown);
    const twins = this.stream.list.querySelectorAll(".message--pending");
    for (const twin of twins) if (bodyOf(twin) === words) twin.hidden = true;
  }

  answered(answer) {
    const message = this.pending.take(answer.client_id);
    const element = this.element(answer.client_id);
    if (!message) return;
    if (answer.status === "published") this.published(element, answer);
    else if (answer.status === "held") this.held(element, answer);
    else this.returned(element, message, answer);
    if (answer.reasons.length || answer.support) {
      this.answers.show(answer, { onSuggested: (text) => this.write(text, this.note.value), onMeant: () => this.submit() });
      this.stream.toEnd(); // the panel took some of the height: one's own words stay in sight
    }
  }

  published(element, answer) {
    if (!element) return;
    element.hidden = false;
    if (this.stream.find(answer.message_id)) element.remove();
    else {
      element.dataset.waitsFor = answer.message_id;
      element.classList.remove("message--pending");
      element.dataset.place = answer.seq;
      element.dataset.id = answer.message_id;
      element.querySelector(".tag--waits").hidden = true;
    }
  }

  // It waits where it will stand when it is let out.
  held(element, answer) {
    if (!element) return;
    holdSent(element, { id: answer.message_id, talk: this.talk });
    element.id = `m-${answer.message_id}`;
    element.dataset.id = answer.message_id;
    element.dataset.place = answer.place;
    this.stream.place(element, { place: answer.place, id: answer.message_id });
  }

  // Asked about, or refused: the text goes back to where it was typed.
  returned(element, message, answer) {
    element?.remove();
    this.nudged = answer.status === "nudged" ? answer.client_id : "";
    const typed = this.body.value.trim();
    this.write(typed ? `${message.body}\n\n${this.body.value}` : message.body, message.content_note);
  }

  failed(error) {
    const message = this.pending.get(error.client_id);
    if (!message) {
      this.answers.say(error.detail);
      return;
    }
    if (error.code === "signed_out") return; // the page says so, and keeps it
    if (TRY_AGAIN.has(error.code)) {
      setTimeout(() => this.pending.get(message.client_id) && this.send(message), RETRY);
      if (error.code === "slow_down") this.answers.say(error.detail);
      return;
    }
    this.pending.take(error.client_id);
    this.returned(this.element(error.client_id), message, { status: "refused" });
    this.answers.say(error.detail);
  }
}

function bodyOf(element) {
  return element.querySelector(".message__body").textContent.trim().replace(/\s+/g, " ");
}
