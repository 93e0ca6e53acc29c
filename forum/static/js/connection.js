// One socket for the page: opens, opens again when it is lost, and says how it is.
// States: "connecting", "open", "lost" (being tried again), "refused" (sockets don't get through
// here: the page may ask by plain HTTP meanwhile), "signed-out", "closed" (not tried again).
const FIRST_WAIT = 500;
const LONGEST_WAIT = 15000;
const PING_EVERY = 25000;
const PONG_WITHIN = 10000;
const FAILURES_UNTIL_REFUSED = 3;
const SIGNED_OUT = 4401;
const FOR_GOOD = new Set([4403]);

export function connect({ onFrame, onState }) {
  let socket = null;
  let wait = FIRST_WAIT;
  let failures = 0;
  let timer = 0;
  let pinging = 0;
  let pongTimer = 0;
  let done = false;

  function open() {
    clearTimeout(timer);
    if (done || (socket && socket.readyState <= WebSocket.OPEN)) return;
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    socket = new WebSocket(`${scheme}//${location.host}/ws/`);
    socket.addEventListener("open", opened);
    socket.addEventListener("message", heard);
    socket.addEventListener("close", closed);
    onState(failures >= FAILURES_UNTIL_REFUSED ? "refused" : failures ? "lost" : "connecting");
  }

  function opened() {
    pinging = setInterval(ping, PING_EVERY);
    onState("open");
  }

  function heard(event) {
    clearTimeout(pongTimer);
    wait = FIRST_WAIT;
    failures = 0;
    onFrame(JSON.parse(event.data));
  }

  function closed(event) {
    if (event.target !== socket) return;
    clearInterval(pinging);
    clearTimeout(pongTimer);
    if (event.code === SIGNED_OUT || FOR_GOOD.has(event.code)) {
      done = true;
      onState(event.code === SIGNED_OUT ? "signed-out" : "closed");
      return;
    }
    failures += 1;
    onState(failures >= FAILURES_UNTIL_REFUSED ? "refused" : "lost");
    // Spread out, so that a server that comes back is not met by everybody at once.
    timer = setTimeout(open, wait * (0.5 + Math.random()));
    wait = Math.min(wait * 2, LONGEST_WAIT);
  }

  function ping() {
    send({ type: "ping" });
    clearTimeout(pongTimer);
    pongTimer = setTimeout(() => lose(), PONG_WITHIN);
  }

  // A socket whose network is gone may take minutes to close by itself.
  function lose() {
    const old = socket;
    socket = null;
    if (old) {
      old.close();
      clearInterval(pinging);
      onState("lost");
    }
    failures += 1;
    open();
  }

  function send(frame) {
    if (!socket || socket.readyState !== WebSocket.OPEN) return false;
    socket.send(JSON.stringify(frame));
    return true;
  }

  // After a break the old socket may look open and be dead: a new one is cheap, the log has the rest.
  window.addEventListener("online", () => {
    wait = FIRST_WAIT;
    lose();
  });
  window.addEventListener("offline", () => {
    onState("lost");
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return;
    wait = FIRST_WAIT;
    if (!send({ type: "ping" })) open();
  });
  window.addEventListener("pagehide", () => {
    done = true;
    socket?.close();
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    done = false;
    open();
  });
  open();
  return { send };
}
