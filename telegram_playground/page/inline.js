// Inline queries: "@bot something" in the text field shows what the bot offers; a tap sends it.

import { $, h, avatar } from "./dom.js";
import { t } from "./i18n.js";
import { post } from "./server.js";

const TYPING_MS = 300;

export class Inline {
  /** `on` has: request(), the fields that say where and who; begin(argument), which opens the private chat. */
  constructor(on) {
    this.on = on;
    this.list = $("#offers");
    this.text = $("#text");
    this.asked = null;
    this.timer = 0;
    this.text.addEventListener("input", () => this.changed());
    this.text.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
  }

  /** The bot's name, by which it is asked. */
  set username(name) {
    this.prefix = `@${name}`;
  }

  /** What stands behind the bot's name; null when the text does not begin with it. */
  get query() {
    const [first, ...rest] = this.text.value.split(" ");
    return first === this.prefix && this.text.value.includes(" ") ? rest.join(" ") : null;
  }

  /** Writes the bot's name and a query into the text field. */
  write(query) {
    this.put(`${this.prefix} ${query}`);
    this.text.focus();
  }

  put(text) {
    this.text.value = text;
    this.text.dispatchEvent(new Event("input"));
  }

  changed() {
    clearTimeout(this.timer);
    if (this.query === null) this.close();
    else this.timer = setTimeout(() => this.ask(this.query), TYPING_MS);
  }

  async ask(query) {
    if (query === null) return;
    try {
      this.asked = (await post("inline", { ...this.on.request(), text: query })).query;
      if (this.answer?.query === this.asked) this.show(this.answer); // it came first
    } catch {
      this.close();
    }
  }

  /** Shows what the bot offers, if it is still asked for. */
  show(answer) {
    this.answer = answer;
    if (answer.query !== this.asked || this.query === null) return;
    const { results, button } = answer;
    const head = button ? [h("button", { type: "button", className: "offer head", onclick: () => this.open(button) }, button.text)] : [];
    const items = results.length ? results.map((result) => this.offer(result)) : [h("p", {}, t("noOffers"))];
    this.list.replaceChildren(...head, ...items);
    this.list.hidden = false;
  }

  offer(result) {
    const face = result.thumb ? h("img", { src: result.thumb, alt: "" }) : avatar({ id: 0, name: result.title, bot: true }, "small");
    const words = h("span", {}, h("b", {}, result.title), result.description ? h("span", {}, result.description) : null);
    return h("button", { type: "button", className: "offer", onclick: () => this.send(result) }, face, words);
  }

  open(button) {
    this.put("");
    this.on.begin(button.start);
  }

  async send(result) {
    const query = this.asked;
    this.put("");
    await post("inline-send", { query, result: result.id });
  }

  close() {
    clearTimeout(this.timer);
    this.asked = null;
    this.list.hidden = true;
  }
}
