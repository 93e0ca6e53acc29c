// How far one has read: where the page opens, the line before what is new, and telling the server.
const MARKED = "New since you were here";

export function startReading({ stream, scroller, jump, seqNow, tell }) {
  let unseen = 0;
  let told = 0;
  let leftAt = document.visibilityState === "hidden" ? seqNow() : null;

  function open() {
    const named = location.hash.startsWith("#m-") && document.getElementById(location.hash.slice(1));
    const first = named || marker();
    if (first) first.scrollIntoView({ block: "start" });
    else stream.toEnd();
    showJump();
  }

  function marker() {
    return document.getElementById("unread");
  }

  function came({ isOwn, wasAtEnd }) {
    if (wasAtEnd || isOwn) stream.toEnd();
    else unseen += 1;
    showJump();
    sayRead();
  }

  function showJump() {
    if (!jump) return;
    if (stream.isAtEnd) unseen = 0;
    jump.hidden = stream.isAtEnd;
    jump.textContent = unseen ? `${unseen} new` : "Newest";
  }

  async function sayRead() {
    const seq = seqNow();
    if (!stream.isAtEnd || document.visibilityState !== "visible" || told >= seq) return;
    const before = told;
    told = seq;
    if (!(await tell(seq))) told = before;
  }

  // What came while nobody looked, here or on the way back from a lost connection.
  function showMissed() {
    if (leftAt === null || document.visibilityState !== "visible") return;
    const first = stream.firstAfter(leftAt);
    const old = marker();
    const isOldStillTrue = old && told < leftAt;
    if (!first || isOldStillTrue || first.previousElementSibling === old && old) return;
    old?.remove();
    const line = document.createElement("li");
    line.className = "unread";
    line.id = "unread";
    line.textContent = MARKED;
    const wasAtEnd = stream.isAtEnd;
    first.before(line);
    if (wasAtEnd) line.scrollIntoView({ block: "start" });
    showJump();
  }

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") leftAt = seqNow();
    else {
      showMissed();
      sayRead();
    }
  });
  jump?.addEventListener("click", () => {
    stream.toEnd();
    showJump();
  });
  scroller?.addEventListener("scroll", () => {
    showJump();
    sayRead();
  }, { passive: true });
  return { open, came, caughtUp: () => { showMissed(); sayRead(); } };
}
