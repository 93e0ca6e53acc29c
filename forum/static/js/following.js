// Follows a room's log, over the socket or by asking where sockets don't get through. Every event
// comes once and in order, whichever way it came.
import { connect } from "./connection.js";
import { ask } from "./plain.js";

const ASK_EVERY = 4000;

// `onCaughtUp` is called with what the server says of oneself ("you") whenever nothing is missing.
export function follow(place, { onEvent, onCaughtUp, onFrame = () => {}, onState = () => {} }) {
  const followed = { seq: Number(place.seq), isLive: false, isAsking: false, send, again };
  const events = place.talk.replace(/talk\/$/, "events/");
  const connection = connect({ onFrame: heard, onState: changed });

  function changed(state) {
    if (state !== "open") followed.isLive = false;
    if (state === "open") again();
    else if (state === "refused") startAsking();
    onState(state);
  }

  // Asks for what is new, and for one's rights, which come with it.
  function again() {
    connection.send({ type: "room.join", room: place.room, after: followed.seq });
  }

  function heard(frame) {
    const isHere = frame.room === place.room;
    if (frame.type === "room.joined") joined(frame);
    else if (isHere && typeof frame.seq === "number") take(frame);
    else if (isHere || !["presence", "typing"].includes(frame.type)) onFrame(frame);
  }

  function joined(page) {
    takeAll(page);
    if (page.more) {
      again();
      return;
    }
    followed.isLive = true;
    onCaughtUp(page.you);
  }

  function takeAll(page) {
    for (const event of page.events) take(event);
    followed.seq = page.seq;
  }

  function take(event) {
    if (event.seq <= followed.seq) return;
    followed.seq = event.seq;
    onEvent(event);
  }

  async function startAsking() {
    if (followed.isAsking) return;
    followed.isAsking = true;
    while (!followed.isLive) {
      const page = await ask(`${events}?after=${followed.seq}`);
      if (followed.isLive) break;
      if (page?.events) {
        takeAll(page);
        if (page.more) continue;
        onCaughtUp(page.you);
      } else if (page?.code === "signed_out") onState("signed-out");
      await new Promise((resume) => setTimeout(resume, ASK_EVERY));
    }
    followed.isAsking = false;
  }

  function send(frame) {
    return connection.send({ ...frame, room: place.room });
  }
  return followed;
}
