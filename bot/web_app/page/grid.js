// 25 pictures to choose from: with a finger, the mouse, or the arrow keys.

import { paint } from "./pixels.js";
import { $, className, t } from "./words.js";

const COLUMNS = 5;
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -COLUMNS, ArrowDown: COLUMNS, Home: -Infinity, End: Infinity };

export class Grid {
  /** `choose(picture)` is called with what was chosen. */
  constructor(choose) {
    this.choose = choose;
    this.pictures = [];
    $("#grid").addEventListener("keydown", (event) => this.step(event));
  }

  show(pictures) {
    this.pictures = pictures;
    const buttons = pictures.map((picture, index) => {
      const button = document.createElement("button");
      const canvas = Object.assign(document.createElement("canvas"), { width: 28, height: 28 });
      canvas.setAttribute("aria-hidden", "true");
      paint(canvas, picture.pixels);
      button.type = "button";
      button.tabIndex = index === 0 ? 0 : -1;
      button.append(canvas);
      button.addEventListener("click", () => this.press(index));
      return button;
    });
    $("#grid").replaceChildren(...buttons);
    this.translate();
  }

  translate() {
    [...$("#grid").children].forEach((button, index) => {
      const { number, actual } = this.pictures[index];
      button.setAttribute("aria-label", t("picture", { number, name: className(actual) }));
    });
  }

  press(index) {
    this.mark(index);
    this.choose(this.pictures[index]);
  }

  /** Marks one as chosen; none when `chosen` is null. */
  mark(chosen) {
    [...$("#grid").children].forEach((button, index) => {
      button.setAttribute("aria-pressed", String(index === chosen));
      if (chosen !== null) button.tabIndex = index === chosen ? 0 : -1;
    });
  }

  step(event) {
    const buttons = [...$("#grid").children];
    const at = buttons.indexOf(document.activeElement);
    if (!(event.key in STEPS) || at < 0) return;
    event.preventDefault();
    const wanted = at + STEPS[event.key];
    const to = Number.isFinite(wanted) ? wanted : wanted < 0 ? 0 : buttons.length - 1;
    if (!buttons[to]) return;
    buttons[at].tabIndex = -1;
    buttons[to].tabIndex = 0;
    buttons[to].focus();
  }
}
