// One message as an element, from the page's template and what the server sent.
import { setBody } from "./trusted.js";

const WAITS = "waits for a moderator; only you see it";

export function build(message, { me, talk, signs, title, replies, mine }) {
  const element = blank();
  element.id = `m-${message.id}`;
  element.dataset.id = message.id;
  element.dataset.place = message.place;
  element.dataset.handle = message.handle;
  element.classList.toggle("message--own", message.handle === me);
  element.querySelector(".message__handle").textContent = message.handle;
  const role = element.querySelector(".tag--role");
  role.hidden = message.role === "member";
  role.textContent = message.role;
  element.querySelector("time").dateTime = message.sent_at;
  element.querySelector(".message__edited").hidden = !message.edited_at;
  const room = talk.replace(/talk\/$/, "");
  if (message.removed) return emptied(element, message, { me, address: `${room}messages/${message.id}/` });
  fill(element, message);
  if (title) entitle(element, { title, replies, id: message.share, address: `${room}shares/${message.share}/` });
  linkMore(element, `${room}messages/${message.id}/`, message.is_held ? "your message that waits" : `the message of ${message.handle}`);
  if (message.is_held) hold(element);
  else for (const [kind, words] of signs) element.querySelector(".reactions").append(reaction(kind, words, mine.has(kind)));
  count(element, message.reactions);
  return element;
}

// One's own text that was not answered yet.
export function buildPending(message, me) {
  const element = blank();
  element.classList.add("message--own", "message--pending");
  element.dataset.client = message.client_id;
  element.querySelector(".message__handle").textContent = me;
  element.querySelector("time").dateTime = message.at;
  tag(element, "sending");
  const words = document.createElement("p");
  words.textContent = message.body;
  element.querySelector(".message__body").append(words);
  element.querySelector(".message__foot").hidden = true;
  return element;
}

export function hold(element) {
  element.classList.remove("message--pending");
  element.classList.add("message--held");
  element.querySelector(".reactions")?.remove();
  tag(element, WAITS);
}

// It was sent and waits now: it can be looked at and taken back like any other.
export function holdSent(element, { id, talk }) {
  hold(element);
  element.querySelector(".message__foot").hidden = false;
  linkMore(element, talk.replace(/talk\/$/, `messages/${id}/`), "your message that waits");
}

// Nothing brings it to the server from this page any more.
export function markUnsent(element) {
  tag(element, "not sent");
}

export function press(button, on) {
  button.setAttribute("aria-pressed", String(on));
  button.classList.toggle("reaction--mine", on);
}

export function count(element, reactions) {
  for (const button of element.querySelectorAll(".reaction")) {
    button.querySelector(".reaction__count").textContent = reactions[button.dataset.kind] || "";
  }
}

export function repliesWords(replies) {
  return replies === 1 ? "1 reply" : `${replies} replies`;
}

// What one would read aloud of a message: never what stands behind a content note.
export function wordsOf(element) {
  const note = element.querySelector(".veil > summary");
  return (note ?? element.querySelector(".message__body")).textContent.trim().replace(/\s+/g, " ");
}

function blank() {
  return document.getElementById("message-template").content.firstElementChild.cloneNode(true);
}

function tag(element, words) {
  const label = element.querySelector(".tag--waits");
  label.hidden = false;
  label.textContent = words;
}

function linkMore(element, address, about) {
  const more = element.querySelector(".message__more");
  more.href = address;
  more.append(hiddenWords(` about ${about}`));
}

// What others took back leads to its page still: there a moderator can be asked to look at it.
function emptied(element, { removed, handle }, { me, address }) {
  element.classList.add("message--removed");
  const byAuthor = removed === "author";
  element.querySelector(".message__body").textContent = byAuthor ? "Taken back by its author." : "Removed by a moderator.";
  if (byAuthor && handle !== me) {
    element.querySelector(".reactions").remove();
    linkMore(element, address, `what ${handle} took back`);
  } else element.querySelector(".message__foot").remove();
  return element;
}

function fill(element, message) {
  const body = element.querySelector(".message__body");
  setBody(body, message.body_html);
  if (message.content_note) body.replaceWith(veiled(message.content_note, body.cloneNode(true)));
  if (message.correction) element.querySelector(".message__foot").before(corrected(message.correction));
}

function entitle(element, { title, replies, id, address }) {
  const head = element.querySelector(".message__title");
  head.hidden = false;
  head.firstElementChild.textContent = title;
  head.firstElementChild.href = address;
  const link = element.querySelector(".message__replies");
  link.hidden = false;
  link.href = address;
  link.dataset.share = id;
  link.textContent = repliesWords(replies);
}

function reaction(kind, words, isMine) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "reaction";
  button.dataset.kind = kind;
  const number = document.createElement("span");
  number.className = "reaction__count";
  button.append(words, " ", number);
  press(button, isMine);
  return button;
}

function hiddenWords(text) {
  const element = document.createElement("span");
  element.className = "visually-hidden";
  element.textContent = text;
  return element;
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
