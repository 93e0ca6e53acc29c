// Whether one may write now. Under a limit what was typed stays to be read and copied; when its time
// is over the server is asked again.
const SOONEST = 5000; // this clock may be ahead of the server's
const LATEST = 2 ** 31 - 1; // of what a timer takes
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: "long", timeStyle: "short" });

export function startLimit({ form, line, onOver }) {
  let timer = 0;

  function show({ can_write: may, until }) {
    clearTimeout(timer);
    if (!form) return;
    const { body, content_note: note } = form.elements;
    body.readOnly = !may;
    note.disabled = !may;
    form.querySelector("[type=submit]").disabled = !may;
    form.hidden = !may && !body.value;
    line.hidden = may || !until;
    if (may || !until) return;
    const end = new Date(until);
    const time = line.querySelector("time");
    time.dateTime = until;
    time.textContent = whole.format(end);
    line.querySelector("[data-kept]").hidden = !body.value;
    timer = setTimeout(onOver, Math.min(Math.max(end - Date.now() + 1000, SOONEST), LATEST));
  }
  return { show };
}
