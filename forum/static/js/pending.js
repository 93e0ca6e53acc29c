// What was sent and not answered yet, and what is being typed. Kept for this tab only: it survives a
// reload and a discarded tab, and is gone with the tab, with signing out and with the quick exit. On a
// shared phone nobody finds it later. It is kept under one's name: who signs in after somebody else
// neither sees nor sends the words of that other person.
function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

export class Pending {
  constructor(name) {
    this.listKey = `pending:${name}`;
    this.draftKey = `draft:${name}`;
    this.list = this.read(this.listKey, []);
  }

  read(key, otherwise) {
    try {
      return JSON.parse(sessionStorage.getItem(key)) ?? otherwise;
    } catch {
      return otherwise; // storage is off: it is kept in this page alone
    }
  }

  write(key, value) {
    try {
      sessionStorage.setItem(key, JSON.stringify(value));
    } catch {
      // as above
    }
  }

  add(message) {
    const waiting = { ...message, client_id: newId(), at: new Date().toISOString() };
    this.list.push(waiting);
    this.write(this.listKey, this.list);
    return waiting;
  }

  get(clientId) {
    return this.list.find((message) => message.client_id === clientId);
  }

  take(clientId) {
    const found = this.get(clientId);
    this.list = this.list.filter((message) => message !== found);
    this.write(this.listKey, this.list);
    return found;
  }

  draft() {
    return this.read(this.draftKey, { body: "", content_note: "" });
  }

  keepDraft(draft) {
    this.write(this.draftKey, draft);
  }
}
