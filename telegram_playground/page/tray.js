// Choosing photos: by button, by dropping, by pasting; looking at them once more before they go.

import { $, h, icon, fileSize } from "./dom.js";
import { t } from "./i18n.js";

const MAX_FILES = 10;
const MAX_BYTES = 25 * 1024 * 1024;

export class Tray {
  /** `onSend(files, {caption, asFile})`; a file has `file`, `url`, `width`, `height`. */
  constructor(onSend) {
    this.onSend = onSend;
    this.dialog = $("#tray");
    this.asFile = $("#as-file");
    this.covered = $("#covered");
    this.chosen = [];
    $("#files").addEventListener("change", (event) => {
      this.add([...event.target.files]);
      event.target.value = "";
    });
    $("#tray-cancel").addEventListener("click", () => this.dialog.close());
    $("form", this.dialog).addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.dialog.addEventListener("close", () => this.forget());
    this.asFile.addEventListener("change", () => this.draw());
    this.listenForDrops();
    document.addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (!files.length) return;
      event.preventDefault();
      this.add(files);
    });
  }

  /** Lets the visitor pick files. */
  pick() {
    $("#files").click();
  }

  listenForDrops() {
    const overlay = $("#drop");
    let depth = 0;
    const holdsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
    addEventListener("dragenter", (event) => {
      if (!holdsFiles(event)) return;
      depth += 1;
      overlay.hidden = false;
    });
    addEventListener("dragleave", () => {
      depth = Math.max(depth - 1, 0);
      overlay.hidden = depth === 0;
    });
    addEventListener("dragover", (event) => holdsFiles(event) && event.preventDefault());
    addEventListener("drop", (event) => {
      depth = 0;
      overlay.hidden = true;
      if (!holdsFiles(event)) return;
      event.preventDefault();
      this.add([...event.dataTransfer.files]);
    });
  }

  async add(files) {
    const large = files.filter((file) => file.size > MAX_BYTES);
    const empty = files.filter((file) => !file.size);
    const fit = files.filter((file) => file.size && file.size <= MAX_BYTES);
    const room = MAX_FILES - this.chosen.length;
    this.notes = [
      ...large.map((file) => t("tooLarge", file.name)),
      ...empty.map((file) => t("emptyFile", file.name)),
      fit.length > room ? t("tooMany") : "",
    ];
    const added = await Promise.all(fit.slice(0, room).map(measure));
    this.chosen.push(...added);
    if (!this.chosen.length) return this.on?.refused?.(this.notes.join(" "));
    if (this.chosen.some((item) => !item.width)) this.asFile.checked = true;
    this.draw();
    if (!this.dialog.open) this.dialog.showModal();
    $("#tray-send").focus();
  }

  draw() {
    const asFile = this.asFile.checked;
    const title = asFile ? ["sendFile", "sendFiles"] : ["sendPhoto", "sendPhotos"];
    $("#tray-title").textContent = t(title[this.chosen.length === 1 ? 0 : 1], this.chosen.length);
    const unreadable = this.chosen.some((item) => !item.width) && !asFile;
    $("#tray-note").textContent = [...(this.notes ?? []), unreadable ? t("notPhoto") : ""].join(" ").trim();
    $("#tray-files").replaceChildren(...this.chosen.map((item) => this.card(item, asFile)));
    this.covered.closest("label").hidden = asFile;
    $("#tray-files").classList.toggle("single", this.chosen.length === 1);
  }

  card(item, asFile) {
    const name = `${t("remove")}${t("colon")}${item.file.name}`;
    const remove = h("button", { type: "button", className: "icon-button", "aria-label": name, onclick: () => this.remove(item) }, icon("close"));
    const shown = item.width ? h("img", { src: item.url, alt: item.file.name }) : h("span", { className: "thumb" }, icon("file"));
    const label = asFile || !item.width ? h("span", { className: "label" }, `${item.file.name} · ${fileSize(item.file.size)}`) : null;
    return h("li", {}, shown, label, remove);
  }

  remove(item) {
    URL.revokeObjectURL(item.url);
    this.chosen = this.chosen.filter((other) => other !== item);
    if (!this.chosen.length) this.dialog.close();
    else this.draw();
  }

  send() {
    const items = this.chosen;
    const options = { caption: $("#caption").value.trim(), asFile: this.asFile.checked, covered: this.covered.checked && !this.asFile.checked };
    this.chosen = [];
    this.dialog.close();
    this.onSend(items, options);
  }

  forget() {
    for (const item of this.chosen) URL.revokeObjectURL(item.url);
    this.chosen = [];
    this.notes = [];
    $("#caption").value = "";
    this.asFile.checked = false;
    this.covered.checked = false;
  }
}

async function measure(file) {
  const url = URL.createObjectURL(file);
  const image = new Image();
  image.src = url;
  try {
    await image.decode();
  } catch {
    return { file, url, width: 0, height: 0 };
  }
  return { file, url, width: image.naturalWidth, height: image.naturalHeight };
}
