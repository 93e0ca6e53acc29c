// Says what is new to those who hear the page: a few at a time, and only how many when it is more.
// Nothing said stays to be found later: it goes after a few seconds, and with its message.
import { wordsOf } from "./message.js";

const EVERY = 2000;
const KEPT = 6000;
const MOST = 3;
const LONGEST = 300;

export function startAnnouncer(box) {
  let waiting = new Map();
  let said = new Map();
  let timer = 0;
  let clearing = 0;

  function say() {
    timer = 0;
    said = waiting;
    waiting = new Map();
    const lines = said.size > MOST ? [`${said.size} new messages`] : [...said.values()];
    box.replaceChildren(...lines.map((line) => {
      const words = document.createElement("p");
      words.textContent = line;
      return words;
    }));
    clearTimeout(clearing);
    clearing = setTimeout(() => box.replaceChildren(), KEPT);
  }

  function announce(handle, element) {
    if (document.visibilityState !== "visible") return;
    waiting.set(element.dataset.id, `${handle}: ${wordsOf(element).slice(0, LONGEST)}`);
    timer ||= setTimeout(say, EVERY);
  }

  // Its words have changed or are gone.
  function forget(id) {
    waiting.delete(id);
    if (said.has(id)) box.replaceChildren();
  }
  return { announce, forget };
}
