// Says what is new to those who hear the page: a few at a time, and only how many when it is more.
import { wordsOf } from "./message.js";

const EVERY = 2000;
const MOST = 3;
const LONGEST = 300;

export function startAnnouncer(box) {
  let waiting = [];
  let timer = 0;

  function say() {
    timer = 0;
    const lines = waiting.length > MOST ? [`${waiting.length} new messages`] : waiting;
    waiting = [];
    box.replaceChildren(...lines.map((line) => {
      const words = document.createElement("p");
      words.textContent = line;
      return words;
    }));
  }

  return function announce(handle, element) {
    if (document.visibilityState !== "visible") return;
    waiting.push(`${handle}: ${wordsOf(element).slice(0, LONGEST)}`);
    timer ||= setTimeout(say, EVERY);
  };
}
