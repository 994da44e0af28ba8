// Puts the page together: state from the server, what the visitor does, and what that changes on the screen.

import { $, h, avatar } from "./dom.js";
import { t, translate } from "./i18n.js";
import { follow, post, upload } from "./server.js";
import { Composer } from "./composer.js";
import { Frame } from "./frame.js";
import { Lightbox } from "./lightbox.js";
import { Log } from "./log.js";
import { Tray } from "./tray.js";
import { alertBox, toast } from "./notices.js";

const TAP_PATIENCE_MS = 16000;

class Page {
  constructor() {
    translate(document);
    this.state = null;
    this.taps = new Map();
    this.log = new Log(this);
    this.lightbox = new Lightbox();
    this.frame = new Frame({ choose: (id) => this.choose(id), clear: () => post("clear", { chat: this.chat.id }) });
    this.composer = new Composer({ text: (text, options) => this.sendText(text, options) });
    this.tray = new Tray((items, options) => this.sendFiles(items, options));
    this.tray.on = { refused: toast };
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

  async press(message, button) {
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
    this.state = state;
    this.chatId = this.chat.id;
    this.showChat();
  }

  choose(id) {
    this.chatId = id;
    this.showChat();
  }

  showChat() {
    const { chat } = this;
    this.taps.clear();
    this.frame.showState(this.state, chat);
    this.composer.showChat(chat, this.state.profile.commands[chat.id] ?? [], this.isFresh);
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
    const handler = { message: "onMessage", deleted: "onDeleted", typing: "onTyping", read: "onRead", answer: "onAnswer", profile: "onProfile", presence: "onPresence" }[event.kind];
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
    if (answer.person !== this.me || !answer.text) return;
    if (answer.show_alert) alertBox(answer.text);
    else toast(answer.text);
  }

  onProfile(profile) {
    delete profile.kind;
    this.state.profile = profile;
    this.frame.showState(this.state, this.chat);
    this.composer.menu.setCommands(profile.commands[this.chat.id] ?? []);
    if (this.log.isEmpty) this.log.arrange();
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
    this.attempt(group, () => post("send", { chat: group.chat, text, nonce: group.nonce, reply_to: replyTo?.id, as: speaker ?? this.me }));
  }

  sendFiles(items, { caption, asFile }) {
    const replyTo = this.composer.takeReply();
    const parts = items.map((item, index) => ({
      runs: index === 0 && caption ? [{ text: caption, styles: [] }] : [],
      ...(asFile
        ? { document: { src: item.width ? item.url : null, name: item.file.name, size: item.file.size, image: Boolean(item.width) } }
        : { photo: { src: item.url, thumb: item.url, width: item.width || 4, height: item.height || 3 } }),
    }));
    const group = this.pendingGroup(parts, replyTo);
    const fields = { chat: group.chat, caption, nonce: group.nonce, as: this.me, ...(asFile ? { as_file: "1" } : {}), ...(replyTo ? { reply_to: replyTo.id } : {}) };
    this.attempt(group, async () => {
      await upload(fields, items.map((item) => item.file));
      setTimeout(() => items.forEach((item) => URL.revokeObjectURL(item.url)), 5000);
    });
  }

  pendingGroup(parts, replyTo) {
    const nonce = crypto.randomUUID();
    const author = { id: this.me, name: t("you"), bot: false };
    const reply = replyTo && { id: replyTo.id, author: replyTo.author, text: replyTo.runs.map((run) => run.text).join(""), kind: replyTo.photo ? "photo" : "text", thumb: replyTo.photo?.thumb };
    const messages = parts.map((part, index) => ({ id: -1 - index, author, date: Date.now() / 1000, edited: false, reply: index ? null : reply, keyboard: [], reactions: [], ...part }));
    const group = { key: `p:${nonce}`, nonce, chat: this.chat.id, messages };
    this.log.addPending(group);
    this.composer.offerStart(false);
    return group;
  }

  async attempt(group, work) {
    this.log.updatePending(group.key, { failed: false });
    try {
      await work();
      this.log.drop(group.key);
      this.log.arrange();
    } catch {
      this.log.updatePending(group.key, { failed: true, retry: () => this.attempt(group, work) });
    }
  }
}

new Page();
