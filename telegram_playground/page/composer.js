// Writing: the text field, replies, who speaks, and the Start button.

import { $, h } from "./dom.js";
import { CommandMenu } from "./commands.js";
import { t } from "./i18n.js";

/** What a message is, where it has no words of its own. */
export function kindOf(message) {
  return message.photo ? "photo" : message.document ? "document" : message.sticker ? "sticker" : message.poll ? "poll" : (message.other ?? "text");
}

const touch = matchMedia("(hover: none) and (pointer: coarse)");

export class Composer {
  /** `on.text(text, options)` sends; options: replyTo, speaker. */
  constructor(on) {
    this.on = on;
    this.form = $("#composer");
    this.text = $("#text");
    this.replying = null;
    this.menu = new CommandMenu((command) => this.submit(command));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit(this.text.value);
    });
    this.text.addEventListener("input", () => this.changed());
    this.text.addEventListener("keydown", (event) => this.key(event));
    $("#start").addEventListener("click", () => this.submit("/start"));
    $("#replying button").addEventListener("click", () => this.reply(null));
    this.changed();
  }

  get speaker() {
    return $("#speaker").hidden ? null : $("#speaker select").value;
  }

  /** Adapts to a chat: its members may speak in a group, a fresh private chat begins with Start. */
  showChat(chat, commands, fresh, me) {
    this.menu.setCommands(commands);
    this.menu.close();
    if (this.replying?.id < 0) this.reply(null);
    $("#speaker").hidden = chat.type === "private";
    $("#speaker select").replaceChildren(...chat.members.map((member) => h("option", { value: String(member.id), selected: member.id === me }, member.name)));
    this.offerStart(fresh);
  }

  offerStart(fresh) {
    $("#start").hidden = !fresh;
    this.form.classList.toggle("fresh", fresh);
  }

  reply(message) {
    this.replying = message;
    $("#replying").hidden = !message;
    if (!message) return;
    $("#replying b").textContent = message.author.name;
    $("#replying .quote span").textContent = message.runs.map((run) => run.text).join("").slice(0, 120) || t(kindOf(message));
    this.focus();
  }

  /** What is being replied to, once. */
  takeReply() {
    const message = this.replying;
    this.reply(null);
    return message;
  }

  submit(text) {
    if (!text.trim()) return;
    this.text.value = "";
    this.changed();
    this.on.text(text.trim(), { replyTo: this.takeReply(), speaker: this.speaker });
    this.focus();
  }

  /** Lets one write at once; not where that would bring up a keyboard over the page. */
  focus() {
    if (!touch.matches) this.text.focus();
  }

  changed() {
    $("#send").disabled = !this.text.value.trim();
    this.text.style.height = "auto";
    this.text.style.height = `${Math.min(this.text.scrollHeight, 160)}px`;
    this.menu.filter();
  }

  key(event) {
    if (this.menu.key(event)) return;
    // While an input method is composing Chinese, Enter confirms its choice.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
      event.preventDefault();
      this.submit(this.text.value);
    } else if (event.key === "Escape" && this.replying) {
      this.reply(null);
    }
  }
}
