// Puts the page together.

import * as bars from "./bars.js";
import { Follower } from "./follow.js";
import { Grid } from "./grid.js";
import { Pad } from "./pad.js";
import { decode } from "./pixels.js";
import { showDrawing, showPicture } from "./result.js";
import * as server from "./server.js";
import { holdStill, initData, settle } from "./telegram.js";
import { $, className, otherLanguage, t, translate } from "./words.js";

const PASSING = new Set(["busy", "too_often"]);

class Page {
  constructor() {
    this.chosen = null;
    this.said = null;
    this.trouble = null;
    this.retry = null;
    this.answer = null;
    this.asked = 0;
    settle();
    bars.build();
    this.grid = new Grid((picture) => this.choose(picture));
    this.follower = new Follower({
      ask: (pixels) => server.drawing(pixels),
      show: (answer) => this.showSaid(answer),
      fail: (error) => this.failDrawing(error),
    });
    this.pad = new Pad(() => this.follower?.see(this.pad && !this.pad.isEmpty ? this.pad.pixels : null));
    this.listen();
    this.speak();
    this.load();
  }

  get isDrawing() {
    return !$("#drawing").hidden;
  }

  listen() {
    $("#filter").addEventListener("submit", (event) => (event.preventDefault(), this.load()));
    for (const id of ["#label", "#only-wrong"]) $(id).addEventListener("change", () => this.load());
    $("#by-number").addEventListener("submit", (event) => (event.preventDefault(), this.loadOne()));
    $("#trouble button").addEventListener("click", () => this.retry?.());
    $("#edit").addEventListener("click", () => {
      this.pad.replace(this.chosen.pixels);
      this.open("drawing");
      $("#pad").focus({ preventScroll: true });
    });
    $("#language").addEventListener("click", () => (otherLanguage(), this.speak()));
    for (const name of ["pictures", "drawing"]) $(`#${name}-tab`).addEventListener("click", () => this.open(name));
    $("#tabs").addEventListener("keydown", (event) => {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      this.open(this.isDrawing ? "pictures" : "drawing");
      $(`#${this.isDrawing ? "drawing" : "pictures"}-tab`).focus();
    });
  }

  /** Says everything in the chosen language. */
  speak() {
    translate();
    const select = $("#label");
    const { value } = select;
    const names = Array.from({ length: 10 }, (_, label) => new Option(className(label), String(label)));
    select.replaceChildren(select.options[0], ...names);
    select.value = value;
    this.grid.translate();
    this.showFound();
    this.showTrouble();
    this.showResult();
  }

  open(name) {
    for (const each of ["pictures", "drawing"]) {
      $(`#${each}`).hidden = each !== name;
      $(`#${each}-tab`).setAttribute("aria-selected", String(each === name));
      $(`#${each}-tab`).tabIndex = each === name ? 0 : -1;
    }
    document.body.classList.toggle("drawing", name === "drawing");
    holdStill(name === "drawing");
    scrollTo(0, 0);
    if (initData) this.setTrouble(null);
    this.showResult();
  }

  showResult() {
    if (this.isDrawing) showDrawing(this.said);
    else showPicture(this.chosen);
  }

  // Pictures

  async load() {
    const asked = ++this.asked;
    const onlyWrong = $("#only-wrong").checked;
    document.body.classList.add("loading");
    this.setTrouble(null);
    if (!this.answer || onlyWrong) $("#found").textContent = t("loading");
    try {
      const answer = await server.pictures($("#label").value, onlyWrong);
      if (asked !== this.asked) return;
      this.answer = { ...answer, pictures: answer.pictures.map(readable) };
      this.grid.show(this.answer.pictures);
      this.choose(null);
      this.showFound();
    } catch (error) {
      if (asked !== this.asked) return;
      if (error.code === "not_ready") {
        $("#found").textContent = t("refusals.not_ready");
        setTimeout(() => asked === this.asked && this.load(), 1000 * error.waitSeconds);
        return;
      }
      if (!this.answer) $("#found").textContent = "";
      this.fail(error, () => this.load());
    }
    document.body.classList.remove("loading");
  }

  async loadOne() {
    const asked = ++this.asked;
    const typed = $("#number").value.normalize("NFKC").replace(/[\s,]/g, "");
    this.setTrouble(null);
    try {
      const answer = await server.picture(/^\d+$/.test(typed) ? typed : "0"); // the server says which numbers there are
      if (asked !== this.asked) return;
      this.grid.mark(null);
      this.choose(readable(answer.pictures[0]));
    } catch (error) {
      if (asked === this.asked) this.fail(error, ["no_such_picture", "not_at_hand"].includes(error.code) ? null : () => this.loadOne());
    }
  }

  choose(picture) {
    this.chosen = picture;
    if (this.isDrawing) return;
    this.showResult();
    if (picture) $("#result").scrollIntoView({ block: "nearest" });
  }

  showFound() {
    if (!this.answer) return;
    const { found, pictures, model } = this.answer;
    $("#found").textContent = found ? t(found > pictures.length ? "found" : "found_all", { found, shown: pictures.length }) : t("none_found");
    $("#model").textContent = t("model", { version: model });
  }

  // Drawing

  showSaid(answer) {
    this.said = answer && answer.permille;
    if (answer && this.isDrawing) this.setTrouble(null);
    if (this.isDrawing) this.showResult();
  }

  failDrawing(error) {
    this.fail(error, () => this.pad.changed());
    return PASSING.has(error.code) ? error.waitSeconds || 1 : 0;
  }

  // Trouble

  fail(error, retry) {
    if (!(error instanceof server.Refused)) throw error;
    this.setTrouble(error, retry);
  }

  setTrouble(error, retry = null) {
    this.trouble = error;
    this.retry = error && !["missing", "forged", "old"].includes(error.code) ? retry : null;
    this.showTrouble();
  }

  showTrouble() {
    $("#trouble").hidden = !this.trouble;
    $("#trouble span").textContent = this.trouble ? t(`refusals.${this.trouble.code}`, this.trouble.facts) : "";
    $("#trouble button").hidden = !this.retry;
  }
}

const readable = (picture) => ({ ...picture, pixels: decode(picture.pixels) });

new Page();
