// The command menu: opens on "/" or with its button, filters while one types, works with the keyboard.

import { $, h } from "./dom.js";

export class CommandMenu {
  constructor(onChoose) {
    this.list = $("#commands");
    this.text = $("#text");
    this.button = $("#menu-button");
    this.commands = [];
    this.shown = [];
    this.active = -1;
    this.onChoose = onChoose;
    this.button.addEventListener("click", () => this.toggle());
    document.addEventListener("pointerdown", (event) => {
      if (!this.list.contains(event.target) && !this.button.contains(event.target) && event.target !== this.text) this.close();
    });
  }

  setCommands(commands) {
    this.commands = commands;
    this.button.hidden = commands.length === 0;
    if (this.isOpen) this.filter();
  }

  get isOpen() {
    return !this.list.hidden;
  }

  toggle() {
    if (this.isOpen) return this.close();
    this.open(this.commands);
    this.text.focus();
  }

  /** Follows the text: "/sa" leaves what begins with "sa". */
  filter() {
    const match = /^\/([a-z0-9_]*)$/i.exec(this.text.value);
    if (!match) return this.close();
    const start = match[1].toLowerCase();
    this.open(this.commands.filter((item) => item.command.startsWith(start)));
  }

  open(commands) {
    if (!commands.length) return this.close();
    this.shown = commands;
    this.list.replaceChildren(...commands.map((item, index) => this.option(item, index)));
    this.list.hidden = false;
    this.announce(true);
    this.mark(0);
  }

  close() {
    this.list.hidden = true;
    this.announce(false);
    this.active = -1;
    this.text.removeAttribute("aria-activedescendant");
  }

  /** Handles a key of the text field; true when it was meant for the menu. */
  key(event) {
    if (!this.isOpen || event.isComposing) return false;
    if (event.key === "ArrowDown") this.mark((this.active + 1) % this.shown.length);
    else if (event.key === "ArrowUp") this.mark((this.active - 1 + this.shown.length) % this.shown.length);
    else if (event.key === "Enter" || event.key === "Tab") this.choose(this.shown[this.active]);
    else if (event.key === "Escape") this.close();
    else return false;
    event.preventDefault();
    return true;
  }

  option(item, index) {
    return h(
      "li",
      { id: `command-${index}`, role: "option", onclick: () => this.choose(item), onpointermove: () => this.mark(index) },
      h("b", {}, `/${item.command}`),
      h("span", {}, item.description),
    );
  }

  mark(index) {
    this.active = index;
    [...this.list.children].forEach((option, number) => option.setAttribute("aria-selected", String(number === index)));
    this.list.children[index].scrollIntoView({ block: "nearest" });
    this.text.setAttribute("aria-activedescendant", `command-${index}`);
  }

  choose(item) {
    this.close();
    this.onChoose(`/${item.command}`);
  }

  announce(open) {
    this.text.setAttribute("aria-expanded", String(open));
    this.button.setAttribute("aria-expanded", String(open));
  }
}
