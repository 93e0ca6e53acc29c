// Forms that are no conversation: a text that is too long stays here and is not sent off.
import { startCounter } from "./counter.js";

for (const field of document.querySelectorAll("[data-most]")) {
  const counter = startCounter(field);
  field.form.addEventListener("submit", (event) => {
    if (!counter.isTooLong()) return;
    event.preventDefault();
    field.focus();
  });
}
