// Pictures, large: Esc, the back button or a tap beside the picture closes; arrows go to the next one.

import { $ } from "./dom.js";

export class Lightbox {
  constructor() {
    this.dialog = $("#lightbox");
    this.image = $("img", this.dialog);
    this.stage = $(".stage", this.dialog);
    this.pictures = [];
    this.at = 0;
    this.left = null;
    $(".close", this.dialog).addEventListener("click", () => this.dialog.close());
    $(".previous", this.dialog).addEventListener("click", () => this.step(-1));
    $(".next", this.dialog).addEventListener("click", () => this.step(1));
    this.stage.addEventListener("click", (event) => {
      if (event.target === this.image) this.dialog.classList.toggle("zoomed");
      else this.dialog.close();
    });
    this.dialog.addEventListener("keydown", (event) => {
      if (event.key === "ArrowLeft") this.step(-1);
      if (event.key === "ArrowRight") this.step(1);
    });
    this.dialog.addEventListener("close", () => this.leave());
    addEventListener("popstate", () => this.dialog.open && this.dialog.close());
  }

  /** Shows one of several messages that carry a picture. */
  async show(message, all) {
    await this.left; // going back takes the browser a moment, and would close what is opened meanwhile
    this.pictures = all;
    this.at = Math.max(all.findIndex((other) => other.id === message.id), 0);
    this.draw();
    if (!this.dialog.open) {
      if (!history.state?.picture) history.pushState({ picture: true }, "");
      this.dialog.showModal();
    }
  }

  /** Takes back what opening added to the history. The browser tells of a closing later, when another may be open. */
  leave() {
    if (this.dialog.open) return;
    this.image.removeAttribute("src");
    if (this.left || !history.state?.picture) return;
    const back = new Promise((resolve) => addEventListener("popstate", resolve, { once: true }));
    this.left = back.then(() => (this.left = null));
    history.back();
  }

  step(by) {
    const at = this.at + by;
    if (at < 0 || at >= this.pictures.length) return;
    this.at = at;
    this.draw();
  }

  draw() {
    const message = this.pictures[this.at];
    this.dialog.classList.remove("zoomed");
    this.image.src = (message.photo ?? message.document).src;
    this.image.alt = message.runs.map((run) => run.text).join("").split("\n")[0];
    $(".previous", this.dialog).hidden = this.at === 0;
    $(".next", this.dialog).hidden = this.at === this.pictures.length - 1;
  }
}
