// A pad of 28x28 pixels: a soft pen that brightens, an eraser that darkens, and the same with the keyboard.

import { SIDE, paint } from "./pixels.js";
import { $ } from "./words.js";

const UNDOS = 30;
const SOFTNESS = 0.8; // pixels over which the pen's edge fades; the eraser is wider by as much, so that it leaves none
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Pad {
  /** `changed(pixels)` is called after every movement of the pen. */
  constructor(changed) {
    this.changed = changed;
    this.canvas = $("#pad");
    this.pixels = new Uint8Array(SIDE * SIDE);
    this.before = [];
    this.at = { x: 13, y: 13 };
    this.pointer = null;
    this.canvas.addEventListener("pointerdown", (event) => this.begin(event));
    this.canvas.addEventListener("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel"]) this.canvas.addEventListener(name, () => (this.pointer = null));
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    for (const name of ["focus", "blur"]) this.canvas.addEventListener(name, () => this.showCursor());
    $("#undo").addEventListener("click", () => this.undo());
    $("#clear").addEventListener("click", () => this.replace(new Uint8Array(SIDE * SIDE)));
    this.draw();
  }

  get isEmpty() {
    return !this.pixels.some((value) => value > 0);
  }

  get radius() {
    return Number($("#widths input:checked").value);
  }

  get erases() {
    return $("#pens input:checked").value === "eraser";
  }

  /** Puts a picture onto the pad. */
  replace(pixels) {
    this.remember();
    this.pixels = Uint8Array.from(pixels);
    this.draw();
  }

  undo() {
    const earlier = this.before.pop();
    if (!earlier) return;
    this.pixels = earlier;
    this.draw();
  }

  remember() {
    this.before.push(this.pixels.slice());
    if (this.before.length > UNDOS) this.before.shift();
  }

  begin(event) {
    if (this.pointer !== null || event.button !== 0) return;
    this.pointer = event.pointerId;
    this.canvas.setPointerCapture(event.pointerId);
    this.remember();
    this.last = this.place(event);
    this.stroke(this.last, this.last, this.erases);
  }

  move(event) {
    if (event.pointerId !== this.pointer) return;
    const passed = event.getCoalescedEvents?.() ?? [];
    for (const each of passed.length ? passed : [event]) {
      const to = this.place(each);
      this.stroke(this.last, to, this.erases);
      this.last = to;
    }
  }

  place(event) {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    return { x: ((event.clientX - left) / width) * SIDE, y: ((event.clientY - top) / height) * SIDE };
  }

  key(event) {
    if (event.key in STEPS) {
      const [right, down] = STEPS[event.key];
      this.at = { x: within(this.at.x + right), y: within(this.at.y + down) };
      this.showCursor();
    } else if (event.key === " " || event.key === "Enter" || event.key === "Delete" || event.key === "Backspace") {
      const middle = { x: this.at.x + 0.5, y: this.at.y + 0.5 };
      this.remember();
      this.stroke(middle, middle, this.erases || event.key === "Delete" || event.key === "Backspace");
    } else if (event.key === "z" && (event.ctrlKey || event.metaKey)) {
      this.undo();
    } else {
      return;
    }
    event.preventDefault();
  }

  /** Draws a line between two places, each in pixels. */
  stroke(from, to, erases) {
    const [right, down] = [to.x - from.x, to.y - from.y];
    const length2 = right * right + down * down;
    const radius = this.radius + (erases ? SOFTNESS : 0);
    for (let index = 0; index < this.pixels.length; index++) {
      const [x, y] = [(index % SIDE) + 0.5 - from.x, Math.floor(index / SIDE) + 0.5 - from.y];
      const along = length2 ? Math.min(1, Math.max(0, (x * right + y * down) / length2)) : 0;
      const distance = Math.hypot(x - along * right, y - along * down);
      const ink = Math.round(255 * Math.min(1, Math.max(0, (radius + SOFTNESS - distance) / SOFTNESS)));
      this.pixels[index] = erases ? Math.min(this.pixels[index], 255 - ink) : Math.max(this.pixels[index], ink);
    }
    this.draw();
  }

  draw() {
    paint(this.canvas, this.pixels);
    $("#undo").disabled = this.before.length === 0;
    this.changed(this.pixels);
  }

  showCursor() {
    const cursor = $("#cursor");
    cursor.hidden = !this.canvas.matches(":focus-visible");
    cursor.style.left = `${(100 * this.at.x) / SIDE}%`;
    cursor.style.top = `${(100 * this.at.y) / SIDE}%`;
  }
}

const within = (place) => Math.min(SIDE - 1, Math.max(0, place));
