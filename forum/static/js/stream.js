// The list of messages: puts each where it belongs, replaces it when it changes.
import { date } from "./days.js";
import { build, buildPending, count, repliesWords } from "./message.js";

const NEAR_END = 120;
const AT_END = 8;

export class Stream {
  constructor(list, { me, talk, signs, scroller }) {
    this.list = list;
    this.me = me;
    this.talk = talk;
    this.signs = signs;
    this.scroller = scroller;
    for (const message of list.querySelectorAll(".message")) date(message);
    this.stayAtEnd();
  }

  // The end stays in sight when the window, a panel or a line above takes some of the height.
  stayAtEnd() {
    if (!this.scroller) return;
    let wasAtEnd = false;
    let size = "";
    const sizeNow = () => `${this.scroller.clientWidth}x${this.scroller.clientHeight}`;
    // A scroll that a new size has brought about says nothing of where one was.
    const look = () => { if (sizeNow() === size) wasAtEnd = this.fromEnd < AT_END; };
    this.scroller.addEventListener("scroll", look, { passive: true });
    new ResizeObserver(() => {
      if (wasAtEnd) this.toEnd();
      size = sizeNow();
      look();
    }).observe(this.scroller);
  }

  get fromEnd() {
    const box = this.scroller;
    return box ? box.scrollHeight - box.scrollTop - box.clientHeight : 0;
  }

  get isAtEnd() {
    return this.fromEnd < NEAR_END;
  }

  toEnd() {
    if (this.scroller) this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  find(id) {
    return document.getElementById(`m-${id}`);
  }

  // Shows a message: new, or in the place of an older state of itself.
  put(message, { fresh = false, share = null } = {}) {
    const old = this.find(message.id);
    const element = build(message, {
      me: this.me,
      talk: this.talk,
      signs: this.signs,
      title: share?.title ?? message.share_title ?? old?.querySelector(".message__title a")?.textContent,
      replies: share?.replies ?? message.share_replies ?? 0,
      mine: old ? pressed(old) : new Set(message.mine ?? []),
    });
    const isFocused = old?.contains(document.activeElement);
    const focus = isFocused && sameIn(element, document.activeElement);
    if (old?.querySelector(".veil")?.open) element.querySelector(".veil")?.setAttribute("open", "");
    // One's own words were there already, as pending: they do not arrive a second time.
    const isOwn = message.handle === this.me;
    if (fresh && !old && !isOwn) element.classList.add("message--fresh");
    old?.remove();
    this.place(element, message);
    if (focus) focus.focus({ preventScroll: true });
    return element;
  }

  place(element, { place, id }) {
    this.list.querySelector("[data-empty]")?.remove();
    this.list.insertBefore(element, this.after(place, id));
    date(element);
  }

  putPending(message) {
    this.list.querySelector("[data-empty]")?.remove();
    const element = buildPending(message, this.me);
    this.list.append(element);
    date(element);
  }

  // The element before which a message stands: by place, then by id; what is pending comes last.
  after(place, id) {
    const others = [...this.list.querySelectorAll(".message")];
    for (let index = others.length - 1; index >= 0; index -= 1) {
      const other = others[index];
      if (other.classList.contains("message--pending")) continue;
      const itsPlace = Number(other.dataset.place);
      if (itsPlace < place || (itsPlace === place && other.dataset.id < id)) return other.nextSibling;
    }
    return this.list.firstChild;
  }

  // New numbers under a message that stays as it is: an open note stays open, the focus where it was.
  count(message) {
    const element = this.find(message.id);
    if (element) count(element, message.reactions);
  }

  countReplies({ id, replies }) {
    for (const link of this.list.querySelectorAll(`.message__replies[data-share="${id}"]`)) {
      link.textContent = repliesWords(replies);
    }
  }

  // The first message of somebody else that stands after a place.
  firstAfter(place) {
    const others = this.list.querySelectorAll(".message:not(.message--own, .message--pending)");
    return [...others].find((other) => Number(other.dataset.place) > place);
  }
}

function pressed(element) {
  const buttons = element.querySelectorAll('.reaction[aria-pressed="true"]');
  return new Set([...buttons].map((button) => button.dataset.kind));
}

// What in the new state of a message stands for the part that has the focus; else the message itself.
function sameIn(element, active) {
  const names = [`.reaction[data-kind="${active.dataset.kind}"]`, ".message__more", ".message__replies", ".message__title a", "summary"];
  const name = names.find((one) => active.matches(one));
  const found = name && element.querySelector(name);
  if (!found) element.tabIndex = -1;
  return found || element;
}
