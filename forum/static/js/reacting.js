// Small signs of support: shown at once, sent over the socket or, where there is none, as a form.
import { press } from "./message.js";
import { post } from "./plain.js";

export function startReacting({ list, place, followed, onRefused }) {
  async function byForm(button, id, on) {
    const address = place.talk.replace(/talk\/$/, `messages/${id}/react/`);
    const answer = await post(address, { kind: button.dataset.kind, on: String(on) });
    if (answer.type !== "error") return;
    press(button, !on);
    onRefused(answer.detail);
  }

  list.addEventListener("click", (event) => {
    const button = event.target.closest(".reaction");
    if (!button) return;
    event.preventDefault();
    const on = button.getAttribute("aria-pressed") !== "true";
    const id = button.closest(".message").dataset.id;
    press(button, on);
    const frame = { type: "reaction.set", message_id: id, kind: button.dataset.kind, on };
    if (!followed.isLive || !followed.send(frame)) byForm(button, id, on);
  });
}
