// A room or a share, live: what comes in is shown once and in order, what goes out is never lost.
import { startAnnouncer } from "./announcer.js";
import { Answers } from "./answers.js";
import { Composer } from "./composer.js";
import { follow } from "./following.js";
import { startHistory } from "./history.js";
import { startLimit } from "./limit.js";
import { build } from "./panels.js";
import { post } from "./plain.js";
import { startPresence } from "./presence.js";
import { startReacting } from "./reacting.js";
import { startReading } from "./reading.js";
import { startSending } from "./sending.js";
import { Stream } from "./stream.js";

const place = document.querySelector("[data-room]").dataset;
const stateLine = document.querySelector("[data-state]");
const scroller = document.querySelector("[data-scroll]");
const form = document.querySelector("[data-composer]");
const signs = JSON.parse(document.getElementById("signs").textContent);
const STATES = {
  connecting: "",
  open: "",
  lost: "No connection. What you write stays in this tab and is sent when it is back. If you close the tab before, it is gone.",
  refused: "Live connection not possible here: new messages are fetched every few seconds.",
  "signed-out": "You are signed out. What was not sent stays in this tab, for you alone: ",
  closed: "This account is closed.",
  stopped: "This page is out of date. Copy what you were writing, then reload it.",
};

const STILL_THERE = new Set(["released", "held"]);
const FOR_GOOD = new Set(["signed-out", "closed", "stopped"]);

const stream = new Stream(document.querySelector("[data-stream]"), { me: place.me, talk: place.talk, signs, scroller });
const answers = new Answers(document.querySelector("[data-answers]"));
const announcer = startAnnouncer(document.querySelector("[data-announce]"));
const followed = follow(place, { onEvent, onCaughtUp, onFrame, onState });
const send = startSending({ place, followed, onAnswer });
const composer = new Composer({ place, form, stream, answers, send });
const presence = startPresence({ me: place.me, send: followed.send });
const limit = startLimit({ form, line: document.querySelector("[data-limit]"), onOver: followed.again });
const jump = document.querySelector("[data-jump]");
const reading = startReading({ stream, scroller, jump, seqNow: () => followed.seq, tell: tellRead });
startReacting({ list: stream.list, place, followed, onRefused: (words) => answers.say(words) });
startHistory({ stream, scroller });
if (place.canWrite === "no") limit.show({ can_write: false, until: place.until });
reading.open();

function onState(state) {
  stateLine.textContent = STATES[state];
  if (FOR_GOOD.has(state)) composer.stop();
  if (state === "signed-out") stateLine.append(signInLink());
}

// In this tab one comes back to this page, and what was not sent goes out.
function signInLink() {
  const next = encodeURIComponent(location.pathname);
  return build("a", { href: `/account/sign-in/?next=${next}` }, "sign in again to send it");
}

function onCaughtUp(you) {
  stateLine.textContent = followed.isLive ? "" : STATES.refused;
  onRights(you);
  composer.sendAll();
  reading.caughtUp();
}

function onRights(you) {
  limit.show(you);
  if (!you.can_write && !you.until) stateLine.textContent = "This room is closed. You can still read what was said here.";
}

function onAnswer(answer) {
  if (answer.type === "message.ack") composer.answered(answer);
  else composer.failed(answer);
}

function onFrame(frame) {
  if (frame.type === "message.ack" || frame.type === "error") onAnswer(frame);
  else if (frame.type === "notice") onNotice(frame);
  else if (frame.type === "room.left") leftRoom();
  else if (frame.type === "room.changed") onRights(frame.you);
  else if (frame.type === "presence" || frame.type === "typing") presence.hear(frame);
}

function onEvent(event) {
  const message = event.message;
  if (!message) return;
  if (event.share) stream.countReplies(event.share);
  const known = stream.find(message.id);
  if (known && event.type === "reaction.changed") stream.count(message);
  else if (known || isNewHere(event)) show(event, known);
}

function isNewHere({ type, message }) {
  if (type !== "message.posted" && type !== "share.opened") return false;
  return place.share ? message.share === place.share : !message.share || type === "share.opened";
}

function show({ message, share }, known) {
  const wasAtEnd = stream.isAtEnd;
  const isOwn = message.handle === place.me;
  composer.settle(message.id);
  answers.settle(message.id);
  if (known) announcer.forget(message.id);
  presence.wrote(message.handle);
  const shown = stream.put(message, { fresh: !known, share });
  if (isOwn) composer.hideTwin(shown);
  if (known) return;
  if (!isOwn) announcer.announce(message.handle, shown);
  reading.came({ isOwn, wasAtEnd });
}

// Whatever was decided about a message that waited, it waits no more: what is let out comes as an
// event, anything else is gone.
function onNotice(notice) {
  answers.notice(notice);
  countNotice();
  if (!notice.message_id || STILL_THERE.has(notice.kind)) return;
  const held = stream.find(notice.message_id);
  if (held?.classList.contains("message--held")) held.remove();
}

function countNotice() {
  for (const number of document.querySelectorAll("[data-unseen]")) {
    number.textContent = Number(number.textContent) + 1;
    number.parentElement.hidden = false;
  }
}

function leftRoom() {
  limit.show({ can_write: false, until: null });
  stateLine.textContent = "You are no longer in this room.";
}

// The marker is that of the conversation; a share has none of its own.
async function tellRead(seq) {
  if (place.share) return true;
  if (followed.isLive) return followed.send({ type: "room.read", seq });
  if (!followed.isAsking) return false;
  const answer = await post(place.talk.replace(/talk\/$/, "read/"), { seq });
  return answer.type !== "error";
}
