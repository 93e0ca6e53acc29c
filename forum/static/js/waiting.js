// How long cases wait and when they are due, as time goes on. The server says it first, in the same
// words; a page that stays open goes on counting.
const EVERY = 20000;
const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60]];

function lasting(milliseconds) {
  const seconds = Math.abs(milliseconds) / 1000;
  const first = UNITS.findIndex(([, length]) => seconds >= length);
  if (first < 0) return "0 minutes";
  let left = seconds;
  const parts = UNITS.slice(first, first + 2).map(([unit, length]) => {
    const count = Math.floor(left / length);
    left -= count * length;
    return count ? `${count} ${unit}${count === 1 ? "" : "s"}` : "";
  });
  return parts.filter(Boolean).join(", ");
}

function show() {
  const now = Date.now();
  for (const time of document.querySelectorAll("[data-waiting]")) {
    time.textContent = lasting(now - new Date(time.dateTime));
  }
  for (const time of document.querySelectorAll("[data-due]")) {
    const left = new Date(time.dateTime) - now;
    const [ahead, late] = time.dataset.due.split("|");
    time.classList.toggle("late", left < 0);
    time.textContent = `${left < 0 ? late : ahead} ${lasting(left)}`;
  }
}

setInterval(show, EVERY);
document.addEventListener("visibilitychange", show);
