// Asking the bot. Every question carries what Telegram signed; nothing is kept in the browser.

import { initData } from "./telegram.js";

/** There is no answer: `code` names the sentence, `facts` fill its blanks. */
export class Refused extends Error {
  constructor(code, facts = {}, waitSeconds = 0) {
    super(code);
    this.code = code;
    this.facts = facts;
    this.waitSeconds = waitSeconds;
  }
}

export const pictures = (label, onlyWrong) => {
  const query = new URLSearchParams();
  if (label !== "") query.set("label", label);
  if (onlyWrong) query.set("only", "wrong");
  return ask(`api/pictures?${query}`);
};

export const picture = (number) => ask(`api/pictures/${encodeURIComponent(number)}`);

export const drawing = (pixels) => ask("api/drawing", { method: "POST", body: pixels });

async function ask(address, options = {}) {
  if (!initData) throw new Refused("missing");
  let response;
  try {
    response = await fetch(address, { ...options, credentials: "omit", headers: { Authorization: `tma ${initData}` } });
  } catch {
    throw new Refused("offline");
  }
  const { error = "error", ...facts } = await response.json().catch(() => ({}));
  if (response.status === 200) return facts;
  throw new Refused(error, facts, Number(response.headers.get("Retry-After") ?? 0));
}
