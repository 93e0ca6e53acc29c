// The list of messages: puts each where it belongs, replaces it when it changes.
import { setBody } from "./trusted.js";

const NEAR_END = 120;
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const calendar = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });

export class Stream {
  constructor(list, { me, talk, signs, scroller }) {
    this.list = list;
    this.me = me;
    this.talk = talk;
    this.signs = signs;
    this.scroller = scroller;
    this.template = document.getElementById("message-template");
    this.tidy();
  }

  get isAtEnd() {
    const box = this.scroller;
    return !box || box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END;
  }

  toEnd() {
    if (this.scroller) this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  find(id) {
    return document.getElementById(`m-${id}`);
  }

  // Shows a message: new, or in the place of an older state of itself.
  put(message, { fresh = false, share = null } = {}) {
    const old = this.find(message.id);
    const mine = old ? this.pressed(old) : new Set(message.mine ?? []);
    const title = share?.title ?? message.share_title ?? old?.querySelector(".message__title a")?.textContent;
    const element = this.build(message, title, mine);
    if (fresh && !old) element.classList.add("message--fresh");
    old?.remove();
    this.list.insertBefore(element, this.after(message));
    this.date(element);
    return element;
  }

  pressed(element) {
    const buttons = element.querySelectorAll('.reaction[aria-pressed="true"]');
    return new Set([...buttons].map((button) => button.dataset.kind));
  }

  // The element before which a message stands: by place, then by id; what is pending comes last.
  after(message) {
    const others = [...this.list.querySelectorAll(".message")];
    for (let index = others.length - 1; index >= 0; index -= 1) {
      const other = others[index];
      if (other.classList.contains("message--pending")) continue;
      const place = Number(other.dataset.place);
      if (place < message.place || (place === message.place && other.dataset.id < message.id)) {
        return other.nextSibling;
      }
    }
    return this.list.firstChild;
  }

  build(message, title, mine) {
    const element = this.template.content.firstElementChild.cloneNode(true);
    element.id = `m-${message.id}`;
    element.dataset.id = message.id;
    element.dataset.place = message.place;
    element.dataset.handle = message.handle;
    element.classList.toggle("message--own", message.handle === this.me);
    element.querySelector(".message__handle").textContent = message.handle;
    const role = element.querySelector(".tag--role");
    role.hidden = message.role === "member";
    role.textContent = message.role;
    element.querySelector("time").dateTime = message.sent_at;
    element.querySelector(".message__edited").hidden = !message.edited_at;
    if (message.removed) return this.emptied(element, message.removed);
    this.fill(element, message, title);
    this.react(element.querySelector(".reactions"), message, mine);
    const more = element.querySelector(".message__more");
    more.href = this.talk.replace(/talk\/$/, `messages/${message.id}/`);
    more.append(hiddenWords(` about the message of ${message.handle}`));
    return element;
  }

  emptied(element, by) {
    element.classList.add("message--removed");
    const words = by === "author" ? "Taken back by its author." : "Removed by a moderator.";
    element.querySelector(".message__body").textContent = words;
    element.querySelector(".message__foot").remove();
    return element;
  }

  fill(element, message, title) {
    if (title) {
      const head = element.querySelector(".message__title");
      head.hidden = false;
      head.firstElementChild.textContent = title;
      head.firstElementChild.href = this.talk.replace(/talk\/$/, `shares/${message.share}/`);
    }
    const body = element.querySelector(".message__body");
    setBody(body, message.body_html);
    if (message.content_note) body.replaceWith(veiled(message.content_note, body.cloneNode(true)));
    if (message.correction) element.querySelector(".message__foot").before(corrected(message.correction));
  }

  react(box, message, mine) {
    for (const [kind, words] of this.signs) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "reaction";
      button.dataset.kind = kind;
      const count = document.createElement("span");
      count.className = "reaction__count";
      count.textContent = message.reactions[kind] || "";
      button.append(words, " ", count);
      press(button, mine.has(kind));
      box.append(button);
    }
  }

  // Times in the reader's own zone, and a line where a new day begins, for what the page came with.
  tidy() {
    for (const element of this.list.querySelectorAll(".message")) this.date(element);
  }

  // Only the lines before this message and before the next one can change with it.
  date(element) {
    const time = element.querySelector("time");
    const moment = new Date(time.dateTime);
    time.textContent = clock.format(moment);
    element.dataset.day = calendar.format(moment);
    markDay(element);
    const next = neighbour(element, "nextElementSibling");
    if (next?.dataset.day) markDay(next);
    this.list.querySelector("[data-empty]")?.remove();
  }
}

function neighbour(element, side) {
  let other = element[side];
  while (other && !other.classList.contains("message")) other = other[side];
  return other;
}

function markDay(element) {
  const before = neighbour(element, "previousElementSibling");
  let line = element.previousElementSibling;
  while (line && line !== before) {
    const above = line.previousElementSibling;
    if (line.classList.contains("day")) line.remove();
    line = above;
  }
  if (before?.dataset.day === element.dataset.day) return;
  if (before) before.after(dayLine(element.dataset.day));
  else element.parentElement.prepend(dayLine(element.dataset.day));
}

export function press(button, on) {
  button.setAttribute("aria-pressed", String(on));
  button.classList.toggle("reaction--mine", on);
}

function hiddenWords(text) {
  const element = document.createElement("span");
  element.className = "visually-hidden";
  element.textContent = text;
  return element;
}

function dayLine(text) {
  const line = document.createElement("li");
  line.className = "day";
  line.textContent = text;
  return line;
}

function veiled(note, body) {
  const veil = document.createElement("details");
  veil.className = "veil";
  const summary = document.createElement("summary");
  summary.textContent = `Content note: ${note}`;
  veil.append(summary, body);
  return veil;
}

function corrected(correction) {
  const box = document.createElement("aside");
  box.className = "correction";
  box.setAttribute("aria-label", "Note of this place");
  const words = document.createElement("p");
  const strong = document.createElement("strong");
  strong.textContent = "Please read:";
  words.append(strong, ` ${correction.text}`);
  const list = document.createElement("ul");
  for (const source of correction.sources) {
    const item = document.createElement("li");
    if (source.url) {
      const link = document.createElement("a");
      link.href = source.url;
      link.rel = "noreferrer noopener";
      link.textContent = source.title;
      item.append(link);
    } else item.textContent = source.title;
    list.append(item);
  }
  box.append(words, list);
  return box;
}
