// Polls and quizzes: options to choose from, then who was right.

import { h } from "./dom.js";
import { t } from "./i18n.js";

/** A poll; what is right, and the explanation, show once this visitor has chosen. */
export function poll(message, context) {
  const { question, options, total, kind, correct, explanation, photo, explanation_photo: answer } = message.poll;
  const chosen = context.chosen(message);
  const done = chosen !== undefined;
  const root = h("section", { className: "poll", "aria-label": question });
  if (photo) root.append(h("img", { className: "poll-photo", src: photo.src, width: photo.width, height: photo.height, alt: "" }));
  root.append(h("b", {}, question), h("span", { className: "poll-kind" }, t(kind === "quiz" ? "quiz" : "pollKind")));
  options.forEach((option, place) => root.append(choice(option, place, { done, chosen, correct, total, vote: () => context.vote(message, place) })));
  root.append(h("span", { className: "poll-kind" }, `${total} ${t("votes")}`));
  if (done && explanation) root.append(h("p", { className: "explanation" }, explanation));
  if (done && answer) root.append(h("img", { className: "poll-photo", src: answer.src, width: answer.width, height: answer.height, alt: explanation }));
  return root;
}

function choice({ text, count }, place, { done, chosen, correct, total, vote }) {
  if (!done) return h("button", { type: "button", className: "option", onclick: vote }, text);
  const share = total ? Math.round((100 * count) / total) : 0;
  const right = correct.includes(place);
  const quiz = correct.length > 0;
  const mark = right ? `✓ ${t("rightOption")}` : quiz && place === chosen ? `✗ ${t("wrongOption")}` : "";
  const marks = [mark, place === chosen ? t("yourChoice") : ""].filter(Boolean).join(" · ");
  const row = h("div", { className: `option ${right ? "right" : ""} ${quiz && place === chosen && !right ? "wrong" : ""}` }, h("span", {}, `${share}%`), h("span", { className: "words" }, text), h("span", { className: "marks" }, marks));
  row.style.setProperty("--share", `${share}%`);
  return row;
}
