// Support cards: whom to call first, then words. A card stays, through reloads too, until its reader
// closes it, and one is shown at a time, the newest. Where no country is known it is chosen on the
// card, and the numbers come at once.
import { build } from "./panels.js";

const KEPT = "support";
const ELSEWHERE = [["in the US and Canada", "911"], ["UK", "999"], ["Australia", "000"]]; // as care/_anywhere.html

export class SupportCards {
  constructor(box, panels) {
    this.box = box;
    this.panels = panels;
    this.cards = read();
    for (const card of this.cards) this.show(card);
  }

  add(card) {
    this.cards = [...this.cards.filter((kept) => kept.card !== card.card), card];
    write(this.cards);
    this.show(card);
  }

  show(card) {
    this.box.querySelector(`[data-card="${card.card}"]`)?.remove();
    const panel = this.panels.add({
      title: card.title,
      urgent: [emergency(card.emergency)],
      body: this.body(card),
      kind: "answer--support support",
      onClose: () => this.close(card),
    });
    panel.dataset.card = card.card;
  }

  close(card) {
    this.cards = this.cards.filter((kept) => kept.card !== card.card);
    write(this.cards);
  }

  // The same order as in chat/_support.html: nothing stands before the numbers, nor between steps that
  // save a life and their title, but the emergency number.
  body(card) {
    const words = card.text.map((text) => build("p", {}, text));
    const urgent = card.steps.length ? [...words, list("ol", card.steps.map((step) => [step]))] : [];
    return [
      ...urgent,
      build("p", {}, card.before_lines),
      ...(card.countries.length ? [this.picker(card)] : []),
      list("ul", card.lines.map(line), "support__lines"),
      ...(card.steps.length ? [] : words),
      build("p", {}, build("a", { href: "/help/" }, "More lines, or another country")),
    ];
  }

  picker(card) {
    const id = `country-${card.card}`;
    const options = [["", "Choose your country"], ...card.countries];
    const select = build("select", { id, name: "country", required: true }, ...options.map(([value, name]) => build("option", { value }, name)));
    const form = build(
      "form", { className: "inline-form", action: "/help/" },
      build("label", { htmlFor: id, className: "visually-hidden" }, "Your country"), select, build("button", { className: "button" }, "Show"),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.choose(select.value, form);
    });
    return form;
  }

  async choose(country, form) {
    const unknown = this.cards.filter((card) => card.countries.length);
    try {
      for (const card of unknown) this.add(await cardFor(country, card.card));
    } catch {
      form.submit(); // the help page says the same
    }
  }
}

async function cardFor(country, card) {
  const data = new FormData();
  data.set("country", country);
  data.set("card", card);
  data.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
  const headers = { Accept: "application/json" };
  const response = await fetch("/help/country/", { method: "POST", headers, body: data, credentials: "same-origin" });
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

function emergency(numbers) {
  const big = numbers.map((number) => build("a", { className: "button button--big", href: `tel:${number}` }, `Call ${number}`));
  if (big.length) return build("p", { className: "row" }, ...big);
  const elsewhere = ELSEWHERE.flatMap(([where, number], n) => [n ? ", " : " ", `${where} `, dial(number, number)]);
  const rest = build("span", { className: "support__elsewhere" }, " from most mobile phones;", ...elsewhere, ".");
  return build("p", {}, "In danger now? ", dial("112", "Call 112"), rest);
}

function dial(number, words) {
  return build("a", { href: `tel:${number}` }, words);
}

function line(one) {
  const call = (one.numbers ?? []).flatMap(({ number, tel }) => [build("a", { className: "button button--small", href: `tel:${tel}` }, `Call ${number}`), " "]);
  const text = one.text ? ["Text ", build("strong", {}, one.text), " "] : [];
  return [...call, ...text, build("span", {}, `${one.name} (${one.hours})`)];
}

function list(kind, items, className = "") {
  return build(kind, { className }, ...items.map((parts) => build("li", {}, ...parts)));
}

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT)) ?? [];
  } catch {
    return []; // storage is off: the cards live as long as the page
  }
}

function write(cards) {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(cards));
  } catch {
    // as above
  }
}
