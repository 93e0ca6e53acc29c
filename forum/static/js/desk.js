// The desk, live: says when something is new without moving what one is reading; keys for decisions.
import { connect } from "./connection.js";

const KEYS = { k: "care", r: "release", n: "release_with_note", x: "remove", w: "warn", m: "mute", s: "suspend", d: "dismiss" };
const news = document.querySelector("[data-news]");
const changed = document.querySelector("[data-changed]");
const form = document.querySelector("[data-decision]");
const GRAVEST = 1;
const title = document.title;
const changes = new Set();
const urgent = new Set();
let wasLost = false;

function show(words) {
  if (!news) return;
  news.hidden = false;
  news.querySelector("button, a").textContent = words;
}

// A life at risk is said at once, also in the title of a tab that is not looked at.
function note(frame) {
  const row = document.querySelector(`[data-case="${frame.case}"]`);
  const isNew = frame.type === "desk.case_opened" || (row && row.dataset.severity !== String(frame.severity));
  if (frame.type === "desk.case_closed") urgent.delete(frame.case);
  else if (frame.severity === GRAVEST && isNew) urgent.add(frame.case);
  changes.add(frame.case);
  const gravest = urgent.size ? `${urgent.size} new ${urgent.size === 1 ? "case" : "cases"}: life at risk` : "";
  document.title = gravest ? `${gravest} · ${title}` : title;
  if (gravest) show(`${gravest}; show it`);
  else show(changes.size === 1 ? "1 change: show it" : `${changes.size} changes: show them`);
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
    const isHere = changed && Number(changed.dataset.changed) === frame.case;
    if (isHere) changed.hidden = false;
    else note(frame);
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
    offerReasons();
    form.elements.reason.focus();
    event.preventDefault();
  } else if (target) target.click();
});

// Only the reasons that go with the choice; without a script the answer to the form says so.
const reasons = JSON.parse(document.getElementById("reasons")?.textContent ?? "{}");

function offerReasons() {
  const kind = form?.querySelector("input[name=kind]:checked")?.value;
  if (!kind) return;
  for (const option of form.elements.reason.options) {
    const isOffered = !option.value || reasons[kind].includes(option.value);
    option.hidden = option.disabled = !isOffered;
    if (!isOffered && option.selected) form.elements.reason.value = "";
  }
}

form?.addEventListener("change", offerReasons);
offerReasons();
