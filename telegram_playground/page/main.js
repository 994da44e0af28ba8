// Puts the page together: state from the server, what the visitor does, and what that changes on the screen.

import { $, h, avatar } from "./dom.js";
import { refusal, t, translate } from "./i18n.js";
import { follow, post, Refused, upload } from "./server.js";
import { Attachments } from "./attach.js";
import { Composer, kindOf } from "./composer.js";
import { Frame } from "./frame.js";
import { Inline } from "./inline.js";
import { Lightbox } from "./lightbox.js";
import { Log } from "./log.js";
import { Tray } from "./tray.js";
import { alertBox, toast } from "./notices.js";
import { WebApp } from "./web_app.js";

const TAP_PATIENCE_MS = 16000;

class Page {
  constructor() {
    translate(document);
    this.state = null;
    this.taps = new Map();
    this.log = new Log(this);
    this.lightbox = new Lightbox();
    this.webApp = new WebApp();
    this.frame = new Frame({ choose: (id) => this.choose(id), clear: () => post("clear", { chat: this.chat.id }) });
    this.composer = new Composer({ text: (text, options) => this.sendText(text, options) });
    this.tray = new Tray((items, options) => this.sendFiles(items, options));
    this.tray.on = { refused: toast };
    this.attachments = new Attachments(() => this.tray.pick(), (kind) => this.sendOther(kind));
    this.inline = new Inline({ request: () => ({ chat: this.chat.id, as: this.me }), begin: (argument) => this.beginWith(argument) });
    $("#speaker select").addEventListener("change", () => this.log.redrawAll());
    follow({
      state: (state) => this.showState(state),
      change: (event) => this.change(event),
      connected: (connected) => ($("#offline").hidden = connected),
    });
  }

  // What the bubbles ask for

  get me() {
    return this.composer.speaker ? Number(this.composer.speaker) : this.state.me;
  }

  get readId() {
    return this.chat.read;
  }

  get isGroup() {
    return this.chat.type !== "private";
  }

  say(text) {
    this.sendText(text, { speaker: this.composer.speaker });
  }

  enlarge(message) {
    this.lightbox.show(message, this.log.photos());
  }

  jumpTo(id) {
    this.log.jumpTo(id);
  }

  replyTo(message) {
    this.composer.reply(message);
  }

  isWaiting(id, data) {
    return [...this.taps.values()].some((tap) => tap.message === id && tap.data === data);
  }

  async openPage(message, button) {
    try {
      const asked = { chat: this.chat.id, message: message?.id, button: button?.text, as: this.me, theme: this.webApp.theme() };
      const { url } = await post("web-app", asked);
      this.webApp.open(url);
    } catch {
      toast(t("pageFailed"));
    }
  }

  async press(message, button) {
    if (button.action === "inline_here") {
      this.inline.write(button.data);
      return;
    }
    if (button.action === "inline") {
      this.frame.pickChat(() => this.inline.write(button.data));
      return;
    }
    if (button.action === "copy") {
      await navigator.clipboard.writeText(button.data);
      toast(t("copied"));
      return;
    }
    const key = `${message.id} ${button.data}`;
    if (this.taps.has(key)) return;
    this.taps.set(key, { message: message.id, data: button.data });
    this.log.markWaiting(message.id);
    try {
      const { tap } = await post("tap", { chat: this.chat.id, message: message.id, data: button.data, as: this.me });
      const waiting = this.taps.get(key);
      if (waiting) waiting.id = tap;
      if (this.answered?.has(tap)) this.endTap(key);
      else setTimeout(() => this.endTap(key), TAP_PATIENCE_MS);
    } catch {
      this.endTap(key);
      toast(t("tapFailed"));
    }
  }

  /** What whoever the page speaks for has chosen of a poll. */
  chosen(message) {
    return message.poll.votes[this.me]?.[0];
  }

  async vote(message, option) {
    try {
      await post("vote", { chat: this.chat.id, message: message.id, option, as: this.me });
    } catch {
      toast(t("tapFailed"));
    }
  }

  endTap(key) {
    const tap = this.taps.get(key);
    if (!tap) return;
    this.taps.delete(key);
    this.log.markWaiting(tap.message);
  }

  // State and changes

  get chat() {
    return this.state.chats.find((chat) => chat.id === this.chatId) ?? this.state.chats[0];
  }

  showState(state) {
    const isFirst = this.state === null;
    this.state = state;
    this.chatId = this.chat.id;
    this.inline.username = state.profile.username;
    this.showChat();
    if (isFirst) this.composer.focus();
    if (isFirst && location.hash === "#app") this.openPage();
  }

  choose(id) {
    this.chatId = id;
    this.showChat();
    this.composer.focus();
  }

  showChat() {
    const { chat } = this;
    this.taps.clear();
    this.frame.showState(this.state, chat);
    this.composer.showChat(chat, this.state.profile.commands[chat.id] ?? [], this.isFresh, this.state.me);
    this.inline.close();
    this.log.show(chat.messages, () => this.emptyPanel());
  }

  get isFresh() {
    return this.chat.type === "private" && this.chat.messages.length === 0;
  }

  emptyPanel() {
    const { profile } = this.state;
    const bot = { id: 0, name: profile.name, bot: true };
    const words = this.isGroup ? [h("p", {}, t("groupHint"))] : [h("h2", {}, t("whatCanItDo")), h("p", { className: "description" }, profile.description), h("p", { className: "hint" }, t("startHint"))];
    return h("div", { className: "empty" }, avatar(bot, "large"), ...words);
  }

  change(event) {
    const handler = { message: "onMessage", deleted: "onDeleted", typing: "onTyping", read: "onRead", answer: "onAnswer", inline: "onInline", profile: "onProfile", presence: "onPresence" }[event.kind];
    if (handler) this[handler](event);
  }

  onMessage(message) {
    const chat = this.chatOf(message);
    const at = chat.messages.findIndex((other) => other.id === message.id);
    if (at >= 0) chat.messages[at] = message;
    else chat.messages.push(message);
    if (chat !== this.chat) return;
    if (message.author.bot && at < 0) this.frame.typing("");
    this.log.upsert(message);
    if (message.asks_reply && at < 0) this.composer.reply(message); // what Telegram's apps do for ForceReply
    this.composer.offerStart(this.isFresh);
  }

  onDeleted({ chat: id, id: messageId }) {
    const chat = this.chatOf({ chat: id });
    chat.messages = chat.messages.filter((message) => message.id !== messageId);
    if (chat !== this.chat) return;
    this.log.remove(messageId);
    this.composer.offerStart(this.isFresh && this.log.isEmpty);
  }

  onTyping({ chat, action }) {
    if (chat === this.chat.id) this.frame.typing(action);
  }

  onRead({ chat, id }) {
    this.chatOf({ chat }).read = id;
    if (chat === this.chat.id) this.log.markRead();
  }

  onAnswer(answer) {
    this.answered = (this.answered ?? new Set()).add(answer.tap);
    for (const [key, tap] of this.taps) if (tap.id === answer.tap) this.endTap(key);
    if (answer.person === this.state.me && answer.url) this.openOwnLink(answer.url);
    if (answer.person !== this.me || !answer.text) return;
    if (answer.show_alert) alertBox(answer.text);
    else toast(answer.text);
  }

  /** What Telegram's apps do for a link to the bot itself: the private chat opens, with the link's argument; whether it is one. */
  openOwnLink(address) {
    const url = new URL(address);
    const begin = url.searchParams.get("start");
    if (url.host !== "t.me" || begin === null) return false;
    this.beginWith(begin);
    return true;
  }

  /** Opens the private chat and begins it with an argument. */
  beginWith(argument) {
    this.choose(this.state.chats.find((chat) => chat.type === "private").id);
    this.sendText(`/start ${argument}`.trim());
  }

  onInline(answer) {
    this.inline.show(answer);
  }

  onProfile(profile) {
    delete profile.kind;
    this.state.profile = profile;
    this.inline.username = profile.username;
    this.frame.showState(this.state, this.chat);
    this.composer.menu.setCommands(profile.commands[this.chat.id] ?? []);
    this.log.redrawAll();
  }

  onPresence({ online }) {
    this.state.online = online;
    this.frame.drawStatus();
  }

  chatOf({ chat: id }) {
    return this.state.chats.find((chat) => chat.id === id) ?? this.chat;
  }

  // Sending

  sendText(text, { replyTo = null, speaker = null } = {}) {
    const group = this.pendingGroup([{ runs: [{ text, styles: [] }] }], replyTo);
    this.attempt(group, () => post("send", { chat: group.chat, text, nonce: group.nonce, ...this.replied(replyTo), as: speaker ?? this.me }));
  }

  /** Which message is replied to, perhaps of another chat. */
  replied(message) {
    return message ? { reply_to: message.id, reply_chat: message.chat } : {};
  }

  sendOther(kind) {
    const replyTo = this.composer.takeReply();
    const group = this.pendingGroup([{ runs: [], other: kind }], replyTo);
    this.attempt(group, () => post("other", { chat: group.chat, kind, nonce: group.nonce, ...this.replied(replyTo), as: this.me }));
  }

  sendFiles(items, { caption, asFile, covered }) {
    const replyTo = this.composer.takeReply();
    const parts = items.map((item, index) => ({
      runs: index === 0 && caption ? [{ text: caption, styles: [] }] : [],
      ...(asFile
        ? { document: { src: item.width ? item.url : null, name: item.file.name, size: item.file.size, image: Boolean(item.width) } }
        : { photo: { src: item.url, thumb: item.url, width: item.width || 4, height: item.height || 3, covered } }),
    }));
    const group = this.pendingGroup(parts, replyTo);
    const fields = { chat: group.chat, caption, nonce: group.nonce, as: this.me, ...(asFile ? { as_file: "1" } : {}), ...(covered ? { covered: "1" } : {}), ...this.replied(replyTo) };
    this.attempt(group, async () => {
      await upload(fields, items.map((item) => item.file));
      setTimeout(() => items.forEach((item) => URL.revokeObjectURL(item.url)), 5000);
    });
  }

  pendingGroup(parts, replyTo) {
    const nonce = crypto.randomUUID();
    const author = { id: this.me, name: t("you"), bot: false };
    const reply = replyTo && { id: replyTo.id, author: replyTo.author, text: replyTo.runs.map((run) => run.text).join(""), kind: kindOf(replyTo), thumb: replyTo.photo?.thumb };
    const messages = parts.map((part, index) => ({ id: -1 - index, author, date: Date.now() / 1000, edited: false, reply: index ? null : reply, keyboard: [], reactions: [], ...part }));
    const group = { key: `p:${nonce}`, nonce, chat: this.chat.id, messages };
    this.log.addPending(group);
    this.composer.offerStart(false);
    return group;
  }

  async attempt(group, work) {
    this.log.updatePending(group.key, { failed: "" });
    try {
      await work();
      this.log.drop(group.key);
      this.log.arrange();
    } catch (error) {
      const failed = error instanceof Refused ? refusal(error.message) : t("failed");
      this.log.updatePending(group.key, { failed, retry: () => this.attempt(group, work) });
    }
  }
}

new Page();
