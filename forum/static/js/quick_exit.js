// Leaves at once: by the button, or by Esc three times within a second and a half.
// The neutral page takes this one's place in the history, so that Back does not return here.
const PRESSES = 3;
const WITHIN = 1500;
const link = document.querySelector("[data-quick-exit]");
let presses = [];

function leave() {
  document.documentElement.hidden = true;
  try {
    sessionStorage.clear();
  } catch {
    // storage is off: nothing is kept that would have to go
  }
  location.replace(link.href);
}

if (link) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") {
      presses = [];
      return;
    }
    presses = [...presses, event.timeStamp].slice(-PRESSES);
    if (presses.length === PRESSES && presses[PRESSES - 1] - presses[0] < WITHIN) leave();
  });
}
