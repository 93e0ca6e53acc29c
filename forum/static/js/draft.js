// Keeps what is typed into a form with data-draft until the server has taken it.
for (const form of document.querySelectorAll("form[data-draft]")) {
  const key = `draft:${form.dataset.draft}`;
  const fields = [...form.querySelectorAll("textarea, input:not([type=hidden])")];
  let kept = {};
  try {
    kept = JSON.parse(sessionStorage.getItem(key)) ?? {};
  } catch {
    kept = {};
  }
  for (const field of fields) {
    if (!field.value && kept[field.name]) field.value = kept[field.name];
  }
  const keep = () => {
    const values = Object.fromEntries(fields.map((field) => [field.name, field.value]));
    try {
      sessionStorage.setItem(key, JSON.stringify(values));
    } catch {
      // storage is off: the page itself still holds the text
    }
  };
  form.addEventListener("input", keep);
  // Kept until the next page is there; the page that shows the share takes it away.
  form.addEventListener("submit", () => sessionStorage.setItem("draft-sent", key));
}
