// How a message leaves: as a frame where the socket is live and the frame not too large, else as the
// page's own form. A message that is under way by form is not sent again meanwhile.
import { post } from "./plain.js";

const MOST_BYTES = 16384;

export function startSending({ place, followed, onAnswer }) {
  const address = place.talk.replace(/talk\/$/, "messages/");
  const underway = new Set();

  async function byForm(message) {
    if (underway.has(message.client_id)) return;
    underway.add(message.client_id);
    const { client_id, body, content_note, nudged } = message;
    const answer = await post(address, { client_id, body, content_note, nudged, share: place.share });
    underway.delete(client_id);
    onAnswer({ client_id, ...answer });
  }

  return function send(message) {
    const frame = { type: "message.send", room: place.room, client_id: message.client_id, body: message.body };
    if (place.share) frame.share = place.share;
    if (message.content_note) frame.content_note = message.content_note;
    if (message.nudged) frame.nudged = message.nudged;
    const fits = new TextEncoder().encode(JSON.stringify(frame)).length <= MOST_BYTES;
    if (followed.isLive && fits) followed.send(frame);
    else if (followed.isLive || followed.isAsking) byForm(message);
  };
}
