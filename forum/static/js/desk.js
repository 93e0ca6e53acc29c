// The desk, live: says when something is new without moving what one is reading; keys for decisions.
import { connect } from "./connection.js";

const KEYS = { k: "care", r: "release", n: "release_with_note", x: "remove", w: "warn", m: "mute", s: "suspend", d: "dismiss" };
const news = document.querySelector("[data-news]");
const changed = document.querySelector("[data-changed]");
const form = document.querySelector("[data-decision]");
let fresh = 0;
let wasLost = false;

function show(words) {
  if (!news) return;
  news.hidden = false;
  news.querySelector("button").textContent = words;
}

const connection = connect({
  onState: (state) => {
    if (state === "lost" || state === "refused") wasLost = true;
    if (state !== "open") return;
    connection.send({ type: "desk.watch" });
    if (wasLost) show("The connection was lost for a while: look again");
  },
  onFrame: (frame) => {
    if (frame.type === "desk.ended" || frame.type === "error") show("This page is no longer live: look again");
    if (!frame.type.startsWith("desk.case_")) return;
    if (changed && Number(changed.dataset.changed) === frame.case) changed.hidden = false;
    fresh += 1;
    show(fresh === 1 ? "1 change: show it" : `${fresh} changes: show them`);
  },
});

document.querySelector("[data-reload]")?.addEventListener("click", () => location.reload());

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.matches("textarea, select, input:not([type=radio]):not([type=checkbox])");
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  const kind = KEYS[event.key];
  const choice = kind && form?.querySelector(`input[name=kind][value=${kind}]`);
  if (choice) {
    choice.checked = true;
    form.elements.reason.focus();
    event.preventDefault();
  } else if (target) target.click();
});
