// What else can be sent: the menu of the paper clip.

import { $, h, icon } from "./dom.js";
import { t } from "./i18n.js";

const KINDS = ["sticker", "voice", "video", "live_photo", "location", "contact", "poll"];
const ICONS = { animation: "video", audio: "voice", live_photo: "picture" };

/** The drawing that stands for a kind of message. */
export const kindIcon = (kind) => icon(ICONS[kind] ?? kind);

export class Attachments {
  /** `onFiles()` lets the visitor pick files; `onKind(kind)` sends a sample of a kind. */
  constructor(onFiles, onKind) {
    this.menu = $("#attachments");
    this.button = $("#attach");
    this.menu.append(
      this.item("picture", t("photoOrFile"), onFiles),
      ...KINDS.map((kind) => this.item(kind, t(kind), () => onKind(kind))),
    );
    this.button.addEventListener("click", () => (this.menu.hidden ? this.open() : this.close()));
    document.addEventListener("pointerdown", (event) => {
      if (!this.menu.contains(event.target) && !this.button.contains(event.target)) this.close();
    });
    this.menu.addEventListener("keydown", (event) => this.key(event));
  }

  item(kind, words, choose) {
    const chosen = () => {
      this.close();
      choose();
    };
    return h("button", { type: "button", role: "menuitem", dataset: { kind }, onclick: chosen }, kindIcon(kind), h("span", {}, words));
  }

  open() {
    this.menu.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    this.menu.firstElementChild.focus();
  }

  close() {
    this.menu.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
  }

  key(event) {
    const items = [...this.menu.children];
    const at = items.indexOf(document.activeElement);
    if (event.key === "ArrowDown") items[(at + 1) % items.length].focus();
    else if (event.key === "ArrowUp") items[(at - 1 + items.length) % items.length].focus();
    else if (event.key === "Escape") {
      this.close();
      this.button.focus();
    } else return;
    event.preventDefault();
  }
}
