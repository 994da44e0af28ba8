// Talking to the local server: posting, and following what happens there.

/** The server has understood and said no; its reason is the message. */
export class Refused extends Error {}

async function answer(response) {
  const data = await response.json().catch(() => ({}));
  if (!response.ok || !data.ok) throw new Refused(data.description ?? `${response.status}`);
  return data;
}

export async function post(what, data) {
  const options = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(data) };
  return answer(await fetch(`/chat/${what}`, options));
}

export async function upload(fields, files) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  for (const file of files) form.append("files", file, file.name || "photo.jpg");
  return answer(await fetch("/chat/upload", { method: "POST", body: form }));
}

export async function readState() {
  const response = await fetch("/chat/state");
  if (!response.ok) throw new Refused(`${response.status}`);
  return response.json();
}

/**
 * Reads the state, then follows changes; after a break it goes on, and reads everything again where that is needed.
 * `on` has: state(state), change(event), connected(bool).
 */
export async function follow(on) {
  let epoch = null;
  let source = null;

  async function begin() {
    source?.close();
    let state;
    try {
      state = await readState();
    } catch {
      on.connected(false);
      setTimeout(begin, 1500);
      return;
    }
    epoch = state.epoch;
    on.connected(true);
    on.state(state);
    source = new EventSource(`/chat/events?after=${state.number}`);
    source.onmessage = (message) => receive(JSON.parse(message.data));
    source.onopen = () => on.connected(true);
    source.onerror = () => {
      on.connected(false);
      if (source.readyState === EventSource.CLOSED) setTimeout(begin, 1500);
    };
  }

  function receive(event) {
    if (event.kind === "reset" || (event.kind === "hello" && event.epoch !== epoch)) begin();
    else if (event.kind !== "hello") on.change(event);
  }

  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", (event) => event.persisted && begin());
  await begin();
}
