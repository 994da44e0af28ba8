// What the model says: the picture enlarged, predicted and actual class, the bars.

import * as bars from "./bars.js";
import { paint } from "./pixels.js";
import { $, className, percent, spoken, t } from "./words.js";

const SPEAK_AFTER_MS = 900;

let speaking = 0;

/** A test image; null before one is chosen. */
export function showPicture(picture) {
  layOut({ isDrawing: false, isEmpty: !picture });
  $("#hint").textContent = picture ? "" : t("choose");
  if (!picture) {
    bars.show(null);
    return;
  }
  const { number, actual, pixels, permille } = picture;
  const predicted = bars.winner(permille);
  const isRight = predicted === actual;
  paint($("#enlarged"), pixels);
  $("#enlarged").setAttribute("aria-label", t("picture", { number, name: className(actual) }));
  $("#nth").textContent = t("nth", { number });
  $("#predicted").textContent = `${className(predicted)} ${percent(permille[predicted])}`;
  $("#actual").textContent = className(actual);
  $("#verdict").textContent = `${isRight ? "✓" : "✗"} ${t(isRight ? "right" : "wrong")}`;
  $("#verdict").className = isRight ? "right" : "wrong";
  bars.show(permille, actual);
  say(t(isRight ? "said_right" : "said_wrong", { number, predicted: spoken(predicted), percent: percent(permille[predicted]), actual: spoken(actual) }));
}

/** What is said of the drawing; null while the pad is empty. */
export function showDrawing(permille) {
  layOut({ isDrawing: true, isEmpty: !permille });
  $("#hint").textContent = permille ? "" : t("pad_blank");
  bars.show(permille);
  if (!permille) return;
  const predicted = bars.winner(permille);
  $("#predicted").textContent = `${className(predicted)} ${percent(permille[predicted])}`;
  clearTimeout(speaking);
  speaking = setTimeout(() => say(t("said_drawing", { predicted: spoken(predicted), percent: percent(permille[predicted]) })), SPEAK_AFTER_MS);
}

function layOut({ isDrawing, isEmpty }) {
  clearTimeout(speaking);
  $("#enlarged").hidden = isDrawing || isEmpty;
  $("#nth").hidden = isDrawing || isEmpty;
  $("#facts").hidden = isEmpty;
  $("#actual-row").hidden = isDrawing;
  $("#verdict").hidden = isDrawing || isEmpty;
  $("#edit").hidden = isDrawing || isEmpty;
  $("#always-ten").hidden = !isDrawing;
  $("#not-kept").hidden = !isDrawing;
}

function say(words) {
  $("#said").textContent = words.replace(/\s+/g, " ");
}
