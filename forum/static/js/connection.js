// One socket for the page: opens, opens again when it is lost, and says how it is.
// States: "connecting", "open", "lost" (being tried again), "refused" (sockets don't get through
// here: the page may ask by plain HTTP meanwhile), and for good: "signed-out", "closed", "stopped".
const FIRST_WAIT = 500;
const LONGEST_WAIT = 15000;
const PING_EVERY = 25000;
const HANDSHAKE_WITHIN = 8000;
const ANSWER_WITHIN = 10000;
const ANSWER_SOON = 4000; // the page has just come back: somebody is looking at it
const FAILURES_UNTIL_REFUSED = 3;
const FOR_GOOD = new Map([[4400, "stopped"], [4401, "signed-out"], [4403, "closed"]]);

export function connect({ onFrame, onState }) {
  let socket = null;
  let wait = FIRST_WAIT;
  let failures = 0;
  let timer = 0;
  let pinging = 0;
  let watch = 0;
  let done = false;

  function open() {
    clearTimeout(timer);
    if (done || (socket && socket.readyState <= WebSocket.OPEN)) return;
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    socket = new WebSocket(`${scheme}//${location.host}/ws/`);
    socket.addEventListener("open", opened);
    socket.addEventListener("message", heard);
    socket.addEventListener("close", closed);
    expectWithin(HANDSHAKE_WITHIN);
    onState(failures >= FAILURES_UNTIL_REFUSED ? "refused" : failures ? "lost" : "connecting");
  }

  function opened(event) {
    if (event.target !== socket) return;
    pinging = setInterval(() => ping(ANSWER_WITHIN), PING_EVERY);
    expectWithin(ANSWER_WITHIN);
    onState("open");
  }

  function heard(event) {
    if (event.target !== socket) return;
    clearTimeout(watch);
    wait = FIRST_WAIT;
    failures = 0;
    onFrame(JSON.parse(event.data));
  }

  function closed(event) {
    if (event.target !== socket) return;
    drop();
    const end = FOR_GOOD.get(event.code);
    if (end) {
      done = true;
      onState(end);
    } else failed(1);
  }

  function failed(times) {
    failures += times;
    onState(failures >= FAILURES_UNTIL_REFUSED ? "refused" : "lost");
    // Spread out, so that a server that comes back is not met by everybody at once.
    timer = setTimeout(open, wait * (0.5 + Math.random()));
    wait = Math.min(wait * 2, LONGEST_WAIT);
  }

  function ping(within) {
    if (send({ type: "ping" })) expectWithin(within);
  }

  function expectWithin(milliseconds) {
    clearTimeout(watch);
    watch = setTimeout(giveUp, milliseconds);
  }

  // A socket whose network is gone may take minutes to close by itself, and a proxy may swallow the
  // handshake: silence for so long says as much as several refusals.
  function giveUp() {
    const isHandshake = socket?.readyState === WebSocket.CONNECTING;
    drop();
    failed(isHandshake ? FAILURES_UNTIL_REFUSED : 1);
  }

  function drop() {
    const old = socket;
    socket = null;
    clearInterval(pinging);
    clearTimeout(watch);
    old?.close();
  }

  function send(frame) {
    if (!socket || socket.readyState !== WebSocket.OPEN) return false;
    socket.send(JSON.stringify(frame));
    return true;
  }

  // After a break the old socket may look open and be dead: a new one is cheap, the log has the rest.
  window.addEventListener("online", () => {
    wait = FIRST_WAIT;
    drop();
    open();
  });
  window.addEventListener("offline", () => {
    onState("lost");
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return;
    wait = FIRST_WAIT;
    if (socket?.readyState === WebSocket.OPEN) ping(ANSWER_SOON);
    else open();
  });
  window.addEventListener("pagehide", () => {
    done = true;
    drop();
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    done = false;
    open();
  });
  open();
  return { send };
}
