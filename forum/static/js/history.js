// Older messages: fetched when the top comes near, put before what is there.
const NEAR_TOP = 160;

export function startHistory({ stream, scroller }) {
  const link = document.querySelector("[data-older]");
  if (!link) return;
  let busy = false;

  async function load() {
    if (busy || link.hidden) return;
    busy = true;
    try {
      const response = await fetch(link.href, { headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (!response.ok) return;
      show(await response.json());
    } catch {
      // no network: the link stays and can be pressed again
    } finally {
      busy = false;
    }
  }

  function show(page) {
    const box = scroller ?? document.scrollingElement;
    const height = box.scrollHeight;
    for (const message of page.messages) stream.put(message);
    box.scrollTop += box.scrollHeight - height;
    link.hidden = !page.more;
    const address = new URL(link.href);
    address.searchParams.set("before", page.first);
    link.href = address.href;
  }

  link.addEventListener("click", (event) => {
    event.preventDefault();
    load();
  });
  scroller?.addEventListener("scroll", () => {
    if (scroller.scrollTop < NEAR_TOP) load();
  }, { passive: true });
}
