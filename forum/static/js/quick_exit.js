// Leaves at once: by the button, or by Esc three times within a second and a half. The neutral page
// is drawn from this one, so that leaving needs no network; a cookie has the server end the session
// before it answers anything else, so that no way back leads in.
const PRESSES = 3;
const WITHIN = 1500;
const LONGEST_SESSION = 14 * 24 * 3600;
const form = document.querySelector("[data-quick-exit]");
const neutral = document.getElementById("neutral");
let presses = [];
let hasLeft = false;

function leave() {
  if (hasLeft) return;
  hasLeft = true;
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `left=1; path=/; max-age=${LONGEST_SESSION}; samesite=lax${secure}`;
  draw();
  window.dispatchEvent(new Event("pagehide")); // what is live on the page closes for good
  arrive();
}

function draw() {
  history.replaceState(null, "", form.action);
  document.title = neutral.dataset.title;
  for (const link of document.head.querySelectorAll("link")) link.remove();
  const icon = document.createElement("link");
  icon.rel = "icon";
  icon.href = "data:,";
  document.head.append(icon);
  document.body.className = "";
  document.body.replaceChildren(neutral.content.cloneNode(true));
}

function forget() {
  try {
    sessionStorage.clear();
  } catch {
    // storage is off: nothing is kept that would have to go
  }
}

// The real page takes over where it can be had: it also clears what the browser kept.
async function arrive() {
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    if (answer.ok) location.replace(location.href);
  } catch {
    // offline: the drawn page stays
  }
}

if (form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    leave();
  });
  document.addEventListener("keydown", (event) => {
    if (event.repeat) return;
    presses = event.key === "Escape" ? [...presses, event.timeStamp].slice(-PRESSES) : [];
    if (presses.length === PRESSES && presses[PRESSES - 1] - presses[0] < WITHIN) leave();
  });
  window.addEventListener("pagehide", () => hasLeft && forget());
  window.addEventListener("online", () => hasLeft && arrive());
  // A page that the browser had put aside whole would show somebody who has left since.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && "signedIn" in form.dataset) location.reload();
  });
}
