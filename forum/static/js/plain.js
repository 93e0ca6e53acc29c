// The slow way, for places where sockets don't get through: asks for pages, posts forms.
const PLAINLY = { headers: { Accept: "application/json" }, credentials: "same-origin" };
const NO_ANSWER = { type: "error", code: "try_again", detail: "No connection. Please try again in a moment." };
const SIGNED_OUT = { type: "error", code: "signed_out", detail: "You are signed out, so this was not sent." };

async function answerOf(response) {
  // A page that needs a session sends to the sign-in page.
  return response.redirected ? SIGNED_OUT : response.json();
}

// What stands at an address; null when no answer came.
export async function ask(address) {
  try {
    return await answerOf(await fetch(address, PLAINLY));
  } catch {
    return null;
  }
}

// The answer to a posted form, or an error in the shape of the protocol.
export async function post(address, fields) {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value ?? "");
  data.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
  try {
    return await answerOf(await fetch(address, { ...PLAINLY, method: "POST", body: data }));
  } catch {
    return NO_ANSWER;
  }
}
