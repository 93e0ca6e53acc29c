// Times in the reader's own zone, and a line where a new day begins.
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const calendar = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });

// Only the lines before this message and before the next one can change with it.
export function date(message) {
  const time = message.querySelector("time");
  const moment = new Date(time.dateTime);
  time.textContent = clock.format(moment);
  message.dataset.day = calendar.format(moment);
  markDay(message);
  const next = neighbour(message, "nextElementSibling");
  if (next?.dataset.day) markDay(next);
}

function neighbour(message, side) {
  let other = message[side];
  while (other && !other.classList.contains("message")) other = other[side];
  return other;
}

function markDay(message) {
  const before = neighbour(message, "previousElementSibling");
  let line = message.previousElementSibling;
  while (line && line !== before) {
    const above = line.previousElementSibling;
    if (line.classList.contains("day")) line.remove();
    line = above;
  }
  if (before?.dataset.day === message.dataset.day) return;
  if (before) before.after(dayLine(message.dataset.day));
  else message.parentElement.prepend(dayLine(message.dataset.day));
}

function dayLine(text) {
  const line = document.createElement("li");
  line.className = "day";
  line.textContent = text;
  return line;
}
