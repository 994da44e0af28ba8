// The conversation: keeps the bubbles in order, in place, and the view where the reader wants it.

import { $, h } from "./dom.js";
import { bubble, dayName, showWaiting, tick } from "./bubbles.js";
import { t } from "./i18n.js";

const NEAR_BOTTOM = 80;

export class Log {
  constructor(context) {
    this.context = context;
    this.root = $("#log");
    this.scroller = $("#scroller");
    this.toBottom = $("#to-bottom");
    this.groups = new Map();
    this.unread = 0;
    this.stuck = true;
    this.lastTop = 0;
    this.scroller.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.toBottom.addEventListener("click", () => this.scrollDown(true));
    new ResizeObserver(() => this.stuck && this.scrollDown()).observe(this.root);
    new ResizeObserver(() => this.stuck && this.scrollDown()).observe(this.scroller);
  }

  /** Shows a chat from its beginning. */
  show(messages, empty) {
    this.groups.clear();
    this.root.replaceChildren();
    this.root.setAttribute("aria-live", "off");
    for (const message of messages) this.add(message, true);
    this.empty = empty;
    this.arrange();
    this.scrollDown();
    requestAnimationFrame(() => this.root.setAttribute("aria-live", "polite"));
  }

  /** Adds a message, or draws it anew where it stands. */
  upsert(message) {
    const sentHere = this.drop(`p:${message.nonce}`);
    const known = this.groupOf(message.id) !== undefined;
    this.add(message);
    this.arrange();
    if (known) return;
    if (this.stuck || sentHere) this.scrollDown();
    else this.countUnread();
  }

  /** Shows what is on its way to the server. */
  addPending(group) {
    this.groups.set(group.key, { ...group, pending: true });
    this.draw(group.key);
    this.arrange();
    this.scrollDown();
  }

  updatePending(key, change) {
    const group = this.groups.get(key);
    if (!group) return;
    Object.assign(group, change);
    this.draw(key);
  }

  /** Takes a group away; true when there was one. */
  drop(key) {
    this.groups.get(key)?.element?.remove();
    return this.groups.delete(key);
  }

  remove(id) {
    const group = this.groupOf(id);
    if (!group) return;
    group.messages = group.messages.filter((message) => message.id !== id);
    if (group.messages.length) this.draw(group.key);
    else this.drop(group.key);
    this.arrange();
  }

  redrawAll() {
    for (const key of [...this.groups.keys()]) this.draw(key);
    this.arrange();
  }

  /** Shows which of a message's buttons wait for the bot. In place, so that nothing is read out again. */
  markWaiting(id) {
    for (const button of this.groupOf(id)?.element.querySelectorAll("button.inline-button") ?? []) {
      showWaiting(button, this.context.isWaiting(id, button.dataset.data));
    }
  }

  /** Ticks the reader's own messages up to the one that the bot has fetched. */
  markRead() {
    for (const group of this.groups.values()) {
      const unticked = group.element?.querySelector(".tick.sent");
      if (unticked && group.messages.at(-1).id <= this.context.readId) unticked.replaceWith(tick("read"));
    }
  }

  photos() {
    const shown = [...this.groups.values()].flatMap((group) => group.messages);
    return shown.filter((message) => message.photo || message.document?.image);
  }

  jumpTo(id) {
    const element = this.groupOf(id)?.element;
    if (!element) return;
    element.scrollIntoView({ block: "center", behavior: "smooth" });
    element.classList.remove("flash");
    requestAnimationFrame(() => element.classList.add("flash"));
  }

  groupOf(id) {
    for (const group of this.groups.values()) {
      if (!group.pending && group.messages.some((message) => message.id === id)) return group;
    }
    return undefined;
  }

  add(message, quietly = false) {
    const existing = this.groupOf(message.id);
    const key = existing?.key ?? (message.album ? `a:${message.album}` : `m:${message.id}`);
    const group = this.groups.get(key) ?? { key, messages: [] };
    const at = group.messages.findIndex((other) => other.id === message.id);
    if (at >= 0) group.messages[at] = message;
    else group.messages.push(message);
    this.groups.set(key, group);
    this.draw(key);
    if (!quietly) this.moveUp(group);
  }

  /** What is still being sent stays below what has arrived. */
  moveUp(group) {
    for (const [key, other] of [...this.groups]) {
      if (!other.pending || other === group) continue;
      this.groups.delete(key);
      this.groups.set(key, other);
      this.root.append(other.element);
    }
  }

  draw(key) {
    const group = this.groups.get(key);
    const old = group.element;
    const focused = old?.contains(document.activeElement) ? document.activeElement.dataset.data : undefined;
    group.element = bubble(group, this.context);
    if (!old) this.root.append(group.element);
    else {
      group.element.classList.add("settled", ...[...old.classList].filter((name) => name === "joined"));
      old.replaceWith(group.element);
    }
    if (focused === undefined) return;
    const again = [...group.element.querySelectorAll("[data-data]")].find((element) => element.dataset.data === focused);
    (again ?? group.element.querySelector(".inline-button"))?.focus({ preventScroll: true });
  }

  /** Sets day marks between the bubbles, joins neighbours of one author, and shows the empty chat's panel. */
  arrange() {
    for (const mark of this.root.querySelectorAll(".day, .empty")) mark.remove();
    let day = "";
    let author = "";
    for (const group of this.groups.values()) {
      const name = dayName(group.messages[0].date);
      if (name !== day) group.element.before(h("div", { className: "day" }, h("span", {}, name)));
      group.element.classList.toggle("joined", name === day && author === group.element.dataset.author);
      day = name;
      author = group.element.dataset.author;
    }
    if (!this.groups.size && this.empty) this.root.append(this.empty());
  }

  get isEmpty() {
    return this.groups.size === 0;
  }

  scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    // Content that arrives meanwhile also moves the bottom away; only a reader who goes up lets go of it.
    const wentUp = scrollTop < this.lastTop;
    this.lastTop = scrollTop;
    this.stuck = scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM || (this.stuck && !wentUp);
    if (this.stuck) this.unread = 0;
    this.showUnread();
  }

  scrollDown(smoothly = false) {
    this.stuck = true;
    this.unread = 0;
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: smoothly ? "smooth" : "instant" });
    this.showUnread();
  }

  countUnread() {
    this.unread += 1;
    this.showUnread();
  }

  showUnread() {
    this.toBottom.hidden = this.stuck;
    $("#unread").textContent = this.unread ? `${this.unread} ${t("newMessages")}` : "";
  }
}
