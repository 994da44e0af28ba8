// Ten bars that move. They stay in class order, so that the eye can follow each of them.

import { $, className, percent, t } from "./words.js";

const rows = [];

export function build() {
  for (let label = 0; label < 10; label++) {
    const row = document.createElement("li");
    const [name, track, bar, share] = ["span", "span", "span", "span"].map((tag) => document.createElement(tag));
    [name.className, track.className, bar.className, share.className] = ["name", "track", "bar", "share"];
    track.setAttribute("aria-hidden", "true");
    track.append(bar);
    row.append(name, track, share);
    rows.push({ row, name, bar, share });
    $("#bars").append(row);
  }
}

/** `permille` is null when nothing is shown; `actual` is null when it is not known. */
export function show(permille, actual = null) {
  const best = permille ? winner(permille) : null;
  rows.forEach(({ row, name, bar, share }, label) => {
    const isActual = label === actual;
    row.className = [label === best && "best", isActual && "actual", best === actual && label === best && "hit", actual !== null && best !== actual && label === best && "miss"].filter(Boolean).join(" ");
    name.textContent = className(label) + (isActual ? "\u00a0✓" : "");
    name.title = isActual ? t("actual") : "";
    bar.style.width = `${(permille?.[label] ?? 0) / 10}%`;
    share.textContent = permille ? percent(permille[label]) : "–";
  });
}

export const winner = (permille) => permille.indexOf(Math.max(...permille));
