// Says how much fits into a field with data-most, once it matters. Nothing is cut off: what is too
// long stays as it was typed or pasted, and is not sent.
const SHOWN_FROM = 0.9;
const number = new Intl.NumberFormat();

export function startCounter(field) {
  const most = Number(field.dataset.most);
  const line = document.createElement("p");
  line.id = `${field.id}-count`;
  line.setAttribute("aria-live", "polite");
  line.hidden = true;
  field.after(line);

  // As the server counts: characters, not UTF-16 units, without the space around.
  function length() {
    return [...field.value.trim().normalize("NFC")].length;
  }

  function show() {
    const count = field.value.length < most * SHOWN_FROM ? 0 : length();
    line.hidden = count < most * SHOWN_FROM;
    line.className = count > most ? "field__error" : "field__help";
    line.textContent = count > most
      ? `Your text has ${number.format(count)} characters; at most ${number.format(most)} fit. Please shorten it or send it in two parts.`
      : `${number.format(count)} of ${number.format(most)} characters`;
    field.setAttribute("aria-invalid", String(count > most));
    return count > most;
  }

  field.addEventListener("input", show);
  show();
  return { isTooLong: show };
}
