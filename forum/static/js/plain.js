// The slow way, for places where sockets don't get through: asks every few seconds, posts the form.
const EVERY = 4000;
const JSON_ONLY = { headers: { Accept: "application/json" }, credentials: "same-origin" };

export function poll({ talk, after, onPage, isNeeded, onEnd }) {
  const address = talk.replace(/talk\/$/, "events/");
  let timer = 0;
  async function ask() {
    if (!isNeeded()) {
      onEnd();
      return;
    }
    try {
      const response = await fetch(`${address}?after=${after()}`, JSON_ONLY);
      if (response.ok) onPage(await response.json());
    } catch {
      // no network at all: asked again below
    }
    timer = setTimeout(ask, EVERY);
  }
  ask();
  return { stop: () => clearTimeout(timer) };
}

export async function postByForm(message, { onAnswer }) {
  const form = document.querySelector("[data-composer]");
  const data = new FormData(form);
  data.set("client_id", message.client_id);
  data.set("body", message.body);
  data.set("content_note", message.content_note ?? "");
  data.set("nudged", message.nudged ?? "");
  try {
    const response = await fetch(form.action, { ...JSON_ONLY, method: "POST", body: data });
    onAnswer(await response.json());
  } catch {
    onAnswer({ type: "error", code: "try_again", client_id: message.client_id, detail: "" });
  }
}
