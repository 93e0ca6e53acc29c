// Keeps what is typed into a form with data-draft until the server has taken it. Where the server has
// answered (data-answered), its form holds what is left to write: after a share that is out or waits,
// nothing. After a share that is out another page comes (data-draft-taken), and the draft goes there.
const SENT = "draft-sent";

function read(key) {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null; // storage is off: the page itself still holds the text
  }
}

function write(key, value) {
  try {
    if (value === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, value);
  } catch {
    // as above
  }
}

if (document.querySelector("[data-draft-taken]")) write(read(SENT), null);
write(SENT, null);
for (const form of document.querySelectorAll("form[data-draft]")) {
  const key = `draft:${form.dataset.draft}`;
  const fields = [...form.querySelectorAll("textarea, select, input:not([type=hidden])")];
  const keep = () => write(key, JSON.stringify(Object.fromEntries(fields.map((field) => [field.name, field.value]))));
  const kept = JSON.parse(read(key)) ?? {};
  if ("answered" in form.dataset) keep();
  else for (const field of fields) field.value ||= kept[field.name] ?? "";
  form.addEventListener("input", keep);
  form.addEventListener("submit", () => write(SENT, key));
}
