// Who is here (a number, and the names that chose to be seen), and who is typing.
const TYPING_FOR = 4000;
const SAY_TYPING_EVERY = 3000;

export function startPresence({ me, send }) {
  const box = document.querySelector("[data-presence]");
  const count = document.querySelector("[data-presence-count]");
  const names = document.querySelector("[data-presence-names]");
  const line = document.querySelector("[data-typing]");
  const typing = new Map();
  let said = 0;

  document.querySelector("[data-presence-me]")?.addEventListener("change", (event) => {
    send({ type: "presence", visible: event.target.checked });
  });

  document.querySelector("[data-composer]")?.addEventListener("input", () => {
    if (Date.now() - said < SAY_TYPING_EVERY) return;
    said = Date.now();
    send({ type: "typing" });
  });

  function showTyping() {
    const now = Date.now();
    for (const [handle, until] of typing) if (until < now) typing.delete(handle);
    const who = [...typing.keys()];
    const words = who.length === 1 ? `${who[0]} is typing` : who.length ? `${who.length} people are typing` : "";
    if (line && line.textContent !== words) line.textContent = words;
    if (who.length) setTimeout(showTyping, 1000);
  }

  function hear(frame) {
    if (frame.type === "typing") {
      if (frame.handle === me) return;
      typing.set(frame.handle, Date.now() + TYPING_FOR);
      showTyping();
    } else if (box) {
      box.hidden = false;
      count.textContent = frame.count === 1 ? "1 person here" : `${frame.count} people here`;
      names.textContent = frame.handles.length ? frame.handles.join(", ") : "Nobody shows their name.";
    }
  }

  // The message is there: its author types no more.
  function wrote(handle) {
    if (typing.delete(handle)) showTyping();
  }
  return { hear, wrote };
}
