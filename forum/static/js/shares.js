// The list of a room's shares, live: a new one comes to the top, numbers of replies change in place.
import { follow } from "./following.js";
import { repliesWords } from "./message.js";

const list = document.querySelector("[data-shares]");
const place = list.dataset;
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "long" });

follow(place, { onEvent, onCaughtUp: () => {} });

function onEvent(event) {
  if (!event.share) return;
  const known = list.querySelector(`[data-share="${event.share.id}"]`);
  if (!known && event.type === "share.opened") list.prepend(card(event));
  else if (known && event.type === "message.removed" && "title" in event.share) known.remove();
  else if (known) show(known, event);
}

function card(event) {
  const element = document.getElementById("share-template").content.firstElementChild.cloneNode(true);
  element.dataset.share = event.share.id;
  element.querySelector("a").href = place.talk.replace(/talk\/$/, `shares/${event.share.id}/`);
  list.querySelector("[data-empty]")?.remove();
  show(element, event);
  return element;
}

function show(element, { type, share, message }) {
  element.querySelector("[data-replies]").textContent = repliesWords(share.replies);
  if (!("title" in share)) return;
  element.querySelector("a").textContent = share.title;
  element.querySelector("[data-by]").textContent = message.handle;
  element.querySelector("[data-day]").textContent = day.format(new Date(message.sent_at));
  element.querySelector("[data-note]").textContent = message.content_note ? ` · content note: ${message.content_note}` : "";
  if (type === "share.opened") element.querySelector(".tag--waits")?.remove();
}
