// The frame around the conversation: chats, header, settings.

import { $, h, avatar, paintAvatar, setBotPhoto } from "./dom.js";
import { t } from "./i18n.js";
import { post } from "./server.js";

export class Frame {
  /** `on.choose(chatId)` switches the chat, `on.clear()` empties it. */
  constructor(on) {
    this.on = on;
    this.typingTimer = 0;
    for (const id of ["#open-sidebar", "#banner"]) $(id).addEventListener("click", () => this.openSidebar());
    $("#close-sidebar").addEventListener("click", () => this.closeSidebar());
    $("#chat").addEventListener("pointerdown", () => this.closeSidebar());
    addEventListener("keydown", (event) => event.key === "Escape" && this.closeSidebar());
    $("#language").addEventListener("change", (event) => post("language", { code: event.target.value }));
    $("#admin").addEventListener("change", (event) => post("admin", { on: event.target.checked }));
    $("#about-button").addEventListener("click", () => this.showAbout());
    $("#clear").addEventListener("click", (event) => this.clear(event.target));
  }

  openSidebar() {
    document.body.classList.add("sidebar-open");
    $("#close-sidebar").focus();
  }

  closeSidebar() {
    document.body.classList.remove("sidebar-open");
  }

  clear(button) {
    if (button.dataset.sure) {
      this.resetClear(button);
      this.on.clear();
      this.closeSidebar();
      return;
    }
    button.dataset.sure = "1";
    button.textContent = t("clearSure");
    setTimeout(() => this.resetClear(button), 3000);
  }

  resetClear(button) {
    delete button.dataset.sure;
    button.textContent = t("clear");
  }

  /** Shows the bot's own words about itself, and the chats. */
  showState(state, current) {
    this.state = state;
    this.current = current;
    $("#language").value = state.language;
    $("#admin").checked = state.admin;
    $("#own-id").textContent = String(state.me);
    setBotPhoto(state.profile.photo);
    this.drawChats();
    this.drawHeader();
  }

  drawChats() {
    $("#chats").replaceChildren(...this.state.chats.map((chat) => this.item(chat, () => this.choose(chat.id))));
  }

  item(chat, choose) {
    const subtitle = chat.type === "private" ? `@${this.state.profile.username}` : `${chat.members.length} ${t("members")}`;
    return h(
      "button",
      { type: "button", className: "chat-item", "aria-current": chat.id === this.current.id ? "true" : null, onclick: choose },
      avatar(this.face(chat)),
      h("span", { className: "titles" }, h("b", {}, this.nameOf(chat)), h("span", {}, subtitle)),
    );
  }

  /** Asks in which chat something shall be done. */
  pickChat(picked) {
    const dialog = $("#pick-chat");
    const pick = (chat) => {
      dialog.close();
      this.choose(chat.id);
      picked();
    };
    $("#pick-chats").replaceChildren(...this.state.chats.map((chat) => this.item(chat, () => pick(chat))));
    dialog.showModal();
  }

  choose(id) {
    this.closeSidebar();
    this.on.choose(id);
  }

  face(chat) {
    return { id: chat.id, name: this.nameOf(chat), bot: chat.type === "private" };
  }

  nameOf(chat) {
    return chat.type === "private" ? this.state.profile.name : chat.title;
  }

  drawHeader() {
    paintAvatar($("#avatar"), this.face(this.current));
    $("#title").textContent = this.nameOf(this.current);
    document.title = this.nameOf(this.current);
    this.drawStatus();
  }

  drawStatus() {
    const action = this.current.typing;
    const idle = this.current.type === "private" ? t("online") : `${this.current.members.length} ${t("members")}`;
    const doing = action ? `${this.current.type === "private" ? "" : this.state.profile.name} ${t(action === "typing" || !/upload/.test(action) ? "typing" : action)}`.trim() : "";
    const status = $("#status");
    status.classList.toggle("typing", Boolean(action));
    status.textContent = doing || (this.state.online ? idle : t("away"));
  }

  /** The bot is seen doing something, for five seconds or until its message. */
  typing(action) {
    clearTimeout(this.typingTimer);
    this.current.typing = action;
    if (action) this.typingTimer = setTimeout(() => this.typing(""), 5000);
    this.drawStatus();
  }

  showAbout() {
    const { profile } = this.state;
    paintAvatar($("#about .avatar"), { id: 0, name: profile.name, bot: true });
    $("#about-name").textContent = profile.name;
    $("#about-user").textContent = `@${profile.username}`;
    $("#about-text").textContent = [profile.about, profile.description].filter(Boolean).join("\n\n");
    $("#about").showModal();
  }
}
