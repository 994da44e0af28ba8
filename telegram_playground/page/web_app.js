// A page inside the chat (a Mini App): in a frame, with the colours of this page, as Telegram's apps show it.

import { $, h } from "./dom.js";
import { t } from "./i18n.js";

const COLOURS = {
  bg_color: "--panel",
  secondary_bg_color: "--panel-2",
  text_color: "--text",
  hint_color: "--muted",
  link_color: "--accent",
  button_color: "--accent",
  button_text_color: "--on-accent",
};

export class WebApp {
  constructor() {
    this.dialog = $("#web-app");
    $(".close", this.dialog).addEventListener("click", () => this.dialog.close());
    this.dialog.addEventListener("close", () => $("iframe", this.dialog)?.remove());
    addEventListener("message", (event) => this.hear(event));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.tell("theme_changed", { theme_params: this.theme() }));
  }

  /** The page's colours, as Telegram hands them over. */
  theme() {
    const style = getComputedStyle(document.documentElement);
    return Object.fromEntries(Object.entries(COLOURS).map(([name, variable]) => [name, style.getPropertyValue(variable).trim()]));
  }

  open(url) {
    $("strong", this.dialog).textContent = $("#title").textContent;
    this.dialog.append(h("iframe", { src: url, title: t("webApp"), referrerPolicy: "no-referrer" }));
    this.dialog.showModal();
  }

  hear({ source, origin, data }) {
    if (origin !== location.origin || source !== $("iframe", this.dialog)?.contentWindow) return;
    const { eventType } = JSON.parse(data);
    if (eventType === "web_app_close") this.dialog.close();
  }

  tell(eventType, eventData) {
    $("iframe", this.dialog)?.contentWindow.postMessage(JSON.stringify({ eventType, eventData }), location.origin);
  }
}
