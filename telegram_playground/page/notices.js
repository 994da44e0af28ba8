// Short notices, and the box that has to be closed.

import { $, h } from "./dom.js";

const SHOWN_MS = 4000;

export function toast(words) {
  const element = h("p", { className: "toast" }, words);
  $("#toasts").replaceChildren(element);
  setTimeout(() => element.remove(), SHOWN_MS + words.length * 40);
}

export function alertBox(words) {
  $("#alert-text").textContent = words;
  if (!$("#alert").open) $("#alert").showModal();
}
