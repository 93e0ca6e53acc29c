// A room or a share, live: what comes in is shown once and in order, what goes out is never lost.
import { Answers } from "./answers.js";
import { Composer } from "./composer.js";
import { connect } from "./connection.js";
import { poll, postByForm } from "./plain.js";
import { Stream, press } from "./stream.js";
import { startHistory } from "./history.js";
import { startPresence } from "./presence.js";

const place = document.querySelector("[data-room]").dataset;
const stateLine = document.querySelector("[data-state]");
const jump = document.querySelector("[data-jump]");
const scroller = document.querySelector("[data-scroll]");
const signs = JSON.parse(document.getElementById("signs").textContent);
const stream = new Stream(document.querySelector("[data-stream]"), { me: place.me, talk: place.talk, signs, scroller });
const answers = new Answers(document.querySelector("[data-answers]"));
const STATES = {
  connecting: "",
  open: "",
  lost: "No connection. What you write is kept and sent when it is back.",
  refused: "Live connection not possible here: new messages are fetched every few seconds.",
  "signed-out": "You are signed out. Copy what you were writing, then sign in again.",
  closed: "This account is closed.",
};

let seq = Number(place.seq);
let live = false;
let polling = null;
let unseen = 0;

const connection = connect({ onFrame, onState });
const composer = new Composer({ place, stream, answers, send });
const presence = startPresence({ me: place.me, send: (frame) => connection.send({ ...frame, room: place.room }) });
startHistory({ stream, scroller });
if (location.hash.startsWith("#m-")) document.querySelector(CSS.escape ? `#${CSS.escape(location.hash.slice(1))}` : location.hash)?.scrollIntoView();
else (document.getElementById("unread") ?? stream.list.lastElementChild)?.scrollIntoView({ block: "nearest" });
if (!document.getElementById("unread") && !location.hash) stream.toEnd();

function onState(state) {
  stateLine.textContent = STATES[state];
  if (state !== "open") live = false;
  if (state === "open") {
    connection.send({ type: "room.join", room: place.room, after: seq });
  } else if (state === "refused") startPolling();
}

function startPolling() {
  polling ??= poll({ talk: place.talk, after: () => seq, onPage: joined, isNeeded: () => !live, onEnd: () => { polling = null; } });
}

function joined(page) {
  for (const event of page.events) onEvent(event);
  seq = page.seq;
  if (page.more) connection.send({ type: "room.join", room: place.room, after: seq });
}

function onFrame(frame) {
  if (frame.type === "room.joined") {
    joined(frame);
    if (frame.more) return;
    live = true;
    stateLine.textContent = "";
    composer.sendAll();
    sayRead();
  } else if (frame.type === "message.ack") composer.answered(frame);
  else if (frame.type === "error") composer.failed(frame);
  else if (frame.type === "notice") onNotice(frame);
  else if (frame.type === "room.left") leftRoom();
  else if (frame.type === "room.changed") composer.allow(frame.you.can_write);
  else if (frame.type === "presence" || frame.type === "typing") {
    if (frame.room === place.room) presence.hear(frame);
  } else if (typeof frame.seq === "number" && frame.room === place.room) onEvent(frame);
}

function onEvent(event) {
  if (event.seq <= seq) return;
  seq = event.seq;
  const message = event.message;
  if (!message) return;
  const known = stream.find(message.id);
  const isHere = place.share ? message.share === place.share : !message.share || event.type === "share.opened";
  const isNew = event.type === "message.posted" || event.type === "share.opened";
  if (!known && !(isNew && isHere)) return;
  const wasAtEnd = stream.isAtEnd;
  composer.settle(message.id);
  const shown = stream.put(message, { fresh: !known, share: event.share });
  if (message.handle === place.me) composer.hideTwin(shown);
  if (known) return;
  if (wasAtEnd || message.handle === place.me) stream.toEnd();
  else unseen += 1;
  showJump();
  sayRead();
}

function onNotice(notice) {
  answers.say(notice.text);
  if (notice.message_id && ["refused", "removed"].includes(notice.kind)) {
    const held = stream.find(notice.message_id);
    if (held?.classList.contains("message--held")) held.remove();
  }
}

function leftRoom() {
  composer.allow(false);
  stateLine.textContent = "You are no longer in this room.";
}

function send(message) {
  const frame = { type: "message.send", room: place.room, client_id: message.client_id, body: message.body };
  if (place.share) frame.share = place.share;
  if (message.content_note) frame.content_note = message.content_note;
  if (message.nudged) frame.nudged = message.nudged;
  if (live) return connection.send(frame);
  if (polling) postByForm(message, { onAnswer: (answer) => (answer.type === "error" ? composer.failed(answer) : composer.answered(answer)) });
  return Boolean(polling);
}

function showJump() {
  if (!jump) return;
  if (stream.isAtEnd) unseen = 0;
  jump.hidden = stream.isAtEnd;
  jump.textContent = unseen ? `${unseen} new` : "Newest";
}

let told = 0;
function sayRead() {
  if (place.share || !stream.isAtEnd || document.visibilityState !== "visible" || told === seq) return;
  if (connection.send({ type: "room.read", room: place.room, seq })) told = seq;
}

jump?.addEventListener("click", () => {
  stream.toEnd();
  showJump();
});
scroller?.addEventListener("scroll", () => {
  showJump();
  sayRead();
}, { passive: true });

stream.list.addEventListener("click", (event) => {
  const button = event.target.closest(".reaction");
  if (!button || !live) return;
  event.preventDefault();
  const on = button.getAttribute("aria-pressed") !== "true";
  press(button, on);
  const id = button.closest(".message").dataset.id;
  connection.send({ type: "reaction.set", room: place.room, message_id: id, kind: button.dataset.kind, on });
});
