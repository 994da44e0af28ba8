// The page's words, in the language that is chosen.

import { TEXTS } from "../texts.js";
import { preferredLanguage } from "./telegram.js";

let language = preferredLanguage();

export const $ = (selector) => document.querySelector(selector);

/** The words for a key ("refusals.old"), blanks filled in. */
export function t(key, blanks = {}) {
  const words = key.split(".").reduce((found, name) => found?.[name], TEXTS[language]) ?? key;
  return words.replace(/\{(\w+)\}/g, (_, name) => (typeof blanks[name] === "number" ? grouped(blanks[name]) : (blanks[name] ?? "")));
}

export const className = (label) => TEXTS[language].classes[label];

/** A class's name inside a sentence: Chinese keeps its distance from Latin letters. */
export const spoken = (label) => className(label).replace(/^(?=[A-Za-z])/, language === "en" ? "" : " ");

const grouped = (number) => number.toLocaleString("en");

/** Tenths of a percent, as the bot's captions write them. */
export const percent = (permille) => `${Math.floor(permille / 10)}.${permille % 10}%`;

export function otherLanguage() {
  language = language === "en" ? "zh-hant" : "en";
}

/** Fills every element that names its words in data-t or data-label. */
export function translate() {
  document.documentElement.lang = language === "en" ? "en" : "zh-Hant";
  document.title = t("title");
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", t(element.dataset.label));
  $("#language").lang = language === "en" ? "zh-Hant" : "en";
}
