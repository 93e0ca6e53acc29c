// A button beside each passphrase field that shows what is typed.
for (const field of document.querySelectorAll('input[type="password"]')) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--small";
  button.textContent = "Show";
  button.setAttribute("aria-controls", field.id);
  button.setAttribute("aria-label", "Show the passphrase");
  button.addEventListener("click", () => {
    const hidden = field.type === "password";
    field.type = hidden ? "text" : "password";
    button.textContent = hidden ? "Hide" : "Show";
    button.setAttribute("aria-label", hidden ? "Hide the passphrase" : "Show the passphrase");
  });
  field.after(button);
}
