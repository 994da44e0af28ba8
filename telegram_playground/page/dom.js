// Small helpers for building the page. Text only ever becomes text nodes.

export const $ = (selector, root = document) => root.querySelector(selector);

/** An element with properties (class, dataset, on…, aria-…) and children; null children are left out. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "dataset") Object.assign(element.dataset, value);
    else if (name in element && !name.includes("-") && name !== "list") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `/page/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/** Two colours and a letter for somebody's round picture. */
export function avatar(author, extra = "") {
  const element = h("span", { className: `avatar ${extra}`, "aria-hidden": "true" });
  paintAvatar(element, author);
  return element;
}

let botPhoto = "";

/** From now on the bot's round picture is this one; the page's own when it is empty. */
export function setBotPhoto(address) {
  botPhoto = address;
}

export function paintAvatar(element, author) {
  element.classList.toggle("bot", Boolean(author.bot));
  element.style.backgroundImage = author.bot && botPhoto ? `url("${botPhoto}")` : "";
  element.dataset.hue = String(Math.abs(author.id) % 5);
  element.textContent = author.bot ? "" : [...author.name][0] ?? "?";
}

export function fileSize(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(0)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
