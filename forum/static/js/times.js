// Times in the reader's own zone, on pages that are not live.
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: "long", timeStyle: "short" });
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

for (const [name, format] of [["moment", whole], ["time", clock]]) {
  for (const time of document.querySelectorAll(`[data-${name}]`)) {
    time.textContent = format.format(new Date(time.dateTime));
  }
}
