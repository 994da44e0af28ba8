// Drawing messages: one bubble for a message, one for an album.

import { h, icon, avatar, fileSize } from "./dom.js";
import { t, locale } from "./i18n.js";
import { kindIcon } from "./attach.js";
import { poll } from "./polls.js";

const STYLE_TAGS = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code" };
const MAX_WIDTH = 420;
const MAX_HEIGHT = 560;

const clockTime = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hour12: false });
const longDate = new Intl.DateTimeFormat(locale, { month: "long", day: "numeric" });

export function dayName(seconds) {
  const day = new Date(seconds * 1000);
  const today = new Date();
  if (day.toDateString() === today.toDateString()) return t("today");
  today.setDate(today.getDate() - 1);
  return day.toDateString() === today.toDateString() ? t("yesterday") : longDate.format(day);
}

/** The bubble of a group of messages (one, or those of an album). */
export function bubble(group, context) {
  const first = group.messages[0];
  const captioned = group.messages.find((message) => message.runs.length) ?? first;
  const last = group.messages.at(-1);
  const mine = first.author.id === context.me;
  const photos = group.messages.filter((message) => message.photo);
  const row = h("div", {
    className: `message ${mine ? "mine" : "theirs"}`,
    role: "article",
    "aria-label": `${mine ? t("you") : first.author.name} ${clockTime.format(new Date(first.date * 1000))}`,
    dataset: { key: group.key, author: String(first.author.id) },
  });
  const body = h("div", { className: "bubble" });
  if (photos.length) {
    body.classList.add("with-photo");
    row.classList.add("pictured");
  }
  if (context.isGroup && !mine) body.append(h("span", { className: "name", dataset: { hue: String(first.author.id % 5) } }, first.author.name));
  if (first.via) body.append(h("span", { className: "via" }, t("via", first.via)));
  if (first.reply) body.append(quote(first.reply, context));
  if (photos.length > 1) body.append(album(photos, context));
  else if (photos.length) body.append(photo(photos[0], context, row));
  for (const message of group.messages) {
    if (message.poll) body.append(poll(message, context));
    if (message.document) body.append(documentCard(message, context));
    if (message.sticker) body.append(h("img", { className: "sticker", src: message.sticker, alt: t("sticker"), width: 160, height: 160 }));
    if (message.other) body.append(h("p", { className: "other" }, kindIcon(message.other), t(message.other)));
  }
  if (captioned.runs.length) body.append(text(captioned.runs, context));
  body.append(meta(first, last, mine, context, group));
  const column = h("div", { className: "column" }, body);
  const keyboard = last.keyboard ?? [];
  if (keyboard.length) column.append(buttons(last, context));
  if (context.isGroup && !mine) {
    row.classList.add("with-avatar");
    row.append(avatar(first.author, "small"));
  }
  row.append(column);
  if (!group.pending) row.append(replyButton(captioned, context));
  return row;
}

/** Formatted text, run by run; quotations and pieces of code become blocks. */
export function text(runs, context) {
  const root = h("div", { className: "text", dir: "auto" });
  let block = null;
  for (const run of runs) {
    if (run.block === undefined) block = null;
    else if (block?.dataset.block !== String(run.block)) {
      const isCode = run.styles.includes("pre");
      block = h(isCode ? "pre" : "blockquote", { dataset: { block: String(run.block) } });
      root.append(block);
      if (run.styles.includes("expandable_blockquote")) block = folded(block);
    }
    (block ?? root).append(inline(run, context));
  }
  return root;
}

/** Show only the first lines of a quotation until it is tapped; another tap folds it again. Returns where they go. */
function folded(quotation) {
  const lines = h("div", { className: "lines", dataset: { block: quotation.dataset.block } });
  const turn = () => quotation.setAttribute("aria-expanded", String(quotation.ariaExpanded === "false"));
  quotation.className = "expandable";
  quotation.tabIndex = 0;
  quotation.setAttribute("role", "button");
  quotation.setAttribute("aria-expanded", "false");
  quotation.addEventListener("click", turn);
  quotation.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    turn();
  });
  quotation.append(lines);
  new ResizeObserver(() => unfoldsOnlyIfLonger(quotation, lines)).observe(lines);
  return lines;
}

/** What is seen whole although it is folded has nothing to open. */
function unfoldsOnlyIfLonger(quotation, lines) {
  if (quotation.ariaExpanded === "true") return;
  const isShort = lines.scrollHeight <= lines.clientHeight + 1;
  quotation.classList.toggle("short", isShort);
  quotation.tabIndex = isShort ? -1 : 0;
}

function inline(run, context) {
  let node = document.createTextNode(run.text);
  for (const style of run.styles) if (STYLE_TAGS[style]) node = h(STYLE_TAGS[style], {}, node);
  if (run.styles.includes("spoiler")) {
    const reveal = (event) => event.currentTarget.classList.add("shown");
    node = h("button", { type: "button", className: "spoiler", onclick: reveal }, node);
  }
  if (run.href) return h("a", { href: run.href, target: "_blank", rel: "noopener noreferrer" }, node);
  if (run.styles.includes("bot_command")) {
    return h("button", { type: "button", className: "link", onclick: () => context.say(run.text) }, node);
  }
  return node;
}

function quote(reply, context) {
  const jump = () => reply.id && context.jumpTo(reply.id);
  return h(
    "button",
    { type: "button", className: "quote", onclick: jump },
    reply.thumb ? h("img", { src: reply.thumb, alt: "" }) : null,
    h("span", {}, h("b", {}, reply.author.id === context.me ? t("you") : reply.author.name), h("span", {}, reply.text || t(reply.kind))),
  );
}

function photo(message, context, row) {
  const { width, height } = message.photo;
  const shown = Math.min(MAX_WIDTH, (MAX_HEIGHT * width) / height, Math.max(width, 220));
  row.style.setProperty("--photo-width", `${Math.round(Math.max(shown, 140))}px`);
  return picture(message, context, message.photo.src);
}

function album(messages, context) {
  const grid = h("div", { className: "album", dataset: { count: String(messages.length) } });
  grid.append(...messages.map((message) => picture(message, context, message.photo.thumb)));
  return grid;
}

function picture(message, context, src) {
  const label = message.runs.map((run) => run.text).join("").split("\n")[0];
  const { width, height } = message.photo;
  const image = h("img", { src, width, height, alt: label || t("photo"), decoding: "async" });
  image.addEventListener("error", () => image.replaceWith(h("span", { className: "gone" }, t("gone"))), { once: true });
  const button = h("button", { type: "button", className: "photo", "aria-label": `${t("enlarge")}${t("colon")}${label || t("photo")}` }, image);
  if (message.photo.live) button.append(h("span", { className: "live" }, t("live_photo")));
  if (!message.photo.covered) button.addEventListener("click", () => context.enlarge(message));
  else cover(button, () => context.enlarge(message));
  return button;
}

/** Hides a picture until it is tapped; another tap does what a tap does. */
function cover(button, tapped) {
  const label = button.ariaLabel;
  button.classList.add("covered");
  button.ariaLabel = t("uncover");
  button.addEventListener("click", () => {
    if (!button.classList.contains("covered")) return tapped();
    button.classList.remove("covered");
    button.ariaLabel = label;
    return undefined;
  });
}

function documentCard(message, context) {
  const { src, name, size, image } = message.document;
  const details = h("span", {}, h("b", {}, name), h("span", {}, fileSize(size)));
  if (!image || !src) return h(src ? "a" : "span", { className: "file", href: src, download: src ? name : null }, h("span", { className: "thumb" }, icon("file")), details);
  const thumb = h("img", { src, alt: "", loading: "lazy" });
  thumb.addEventListener("error", () => thumb.replaceWith(h("span", { className: "thumb" }, icon("file"))), { once: true });
  return h("button", { type: "button", className: "file", onclick: () => context.enlarge(message) }, thumb, details);
}

function meta(first, last, mine, context, group) {
  const parts = h("span", { className: "meta" });
  const counts = new Map();
  for (const emoji of group.messages.flatMap((message) => message.reactions ?? [])) counts.set(emoji, (counts.get(emoji) ?? 0) + 1);
  if (counts.size) parts.append(h("span", { className: "reactions" }, ...[...counts].map(([emoji, count]) => h("span", {}, count > 1 ? `${emoji} ${count}` : emoji))));
  if (group.failed) {
    parts.append(h("span", { className: "failed" }, group.failed), h("button", { type: "button", className: "link", onclick: group.retry }, t("again")));
    return parts;
  }
  if (first.edited) parts.append(h("span", {}, t("edited")));
  parts.append(h("time", { dateTime: new Date(first.date * 1000).toISOString() }, clockTime.format(new Date(first.date * 1000))));
  if (mine) parts.append(tick(group.pending ? "clock" : last.id <= context.readId ? "read" : "sent"));
  return parts;
}

/** How far an own message has come: "clock", "sent" or "read". */
export function tick(state) {
  const words = { clock: "sending", sent: "sentOnce", read: "readOnce" }[state];
  return h("span", { className: `tick ${state}`, role: "img", "aria-label": t(words), title: t(words) }, icon(state));
}

function buttons(message, context) {
  const rows = message.keyboard.map((row) => h("div", { className: "buttons" }, ...row.map((button) => inlineButton(message, button, context))));
  return h("div", { className: "keyboard" }, ...rows);
}

function inlineButton(message, button, context) {
  if (button.action === "open") {
    return h("a", { className: "inline-button", href: button.data, target: "_blank", rel: "noopener noreferrer", onclick: (event) => context.openOwnLink(button.data) && event.preventDefault() }, button.text, icon("open"));
  }
  if (button.action === "web_app") {
    return h("button", { type: "button", className: "inline-button", onclick: () => context.openPage(message, button) }, button.text, icon("open"));
  }
  const properties = { disabled: button.action === "none", onclick: () => context.press(message, button) };
  const element = h("button", { type: "button", className: "inline-button", dataset: { data: button.data ?? "" }, ...properties }, button.text);
  showWaiting(element, context.isWaiting(message.id, button.data));
  return element;
}

/** Whether a tapped button still waits for the bot's answer. */
export function showWaiting(button, waiting) {
  button.classList.toggle("waiting", waiting);
  if (waiting) button.setAttribute("aria-busy", "true");
  else button.removeAttribute("aria-busy");
}

function replyButton(message, context) {
  return h("button", { type: "button", className: "icon-button reply", "aria-label": t("reply"), title: t("reply"), onclick: () => context.replyTo(message) }, icon("reply"));
}
