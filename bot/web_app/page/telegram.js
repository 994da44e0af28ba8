// What Telegram hands to the page, in the address's fragment, and what the page tells Telegram. No script of Telegram's
// is loaded: https://core.telegram.org/bots/webapps and https://core.telegram.org/api/bots/webapps say what is said.

const COLOURS = {
  bg_color: "--ground",
  secondary_bg_color: "--panel",
  text_color: "--text",
  link_color: "--link",
  button_color: "--button",
  button_text_color: "--on-button",
};

const launch = new URLSearchParams(location.hash.slice(1));

/** Telegram's words about who opened the page, signed; empty elsewhere. A header takes ASCII only. */
export const initData = (launch.get("tgWebAppData") ?? "").replace(/[^\x20-\x7e]/gu, encodeURIComponent);

/** The language that the button names, else that of the person's Telegram, else the browser's. */
export function preferredLanguage() {
  const code = new URLSearchParams(location.search).get("lang") ?? userLanguage() ?? navigator.language;
  return /^(zh|yue|nan|hak|cmn)(-|_|$)/i.test(code) || !code ? "zh-hant" : "en";
}

function userLanguage() {
  try {
    return JSON.parse(new URLSearchParams(initData).get("user"))?.language_code ?? null;
  } catch {
    return null;
  }
}

/** Takes Telegram's colours, now and whenever they change; says that the page is there. */
export function settle() {
  try {
    paint(JSON.parse(launch.get("tgWebAppThemeParams") ?? "{}"));
  } catch {
    // the page's own colours stay
  }
  const receiveEvent = (name, data) => name === "theme_changed" && data?.theme_params && paint(data.theme_params);
  window.Telegram = { ...window.Telegram, WebView: { receiveEvent } };
  if (window.parent !== window) {
    addEventListener("message", ({ source, data }) => {
      if (source !== window.parent || typeof data !== "string") return;
      try {
        const { eventType, eventData } = JSON.parse(data);
        receiveEvent(eventType, eventData);
      } catch {
        // no event of Telegram's
      }
    });
  }
  tell("web_app_ready");
  tell("web_app_expand");
}

/** While somebody draws, a swipe down must not close the page. */
export function holdStill(still) {
  tell("web_app_setup_swipe_behavior", { allow_vertical_swipe: !still });
}

function tell(eventType, eventData = {}) {
  if (window.TelegramWebviewProxy) window.TelegramWebviewProxy.postEvent(eventType, JSON.stringify(eventData));
  else if (window.parent !== window) window.parent.postMessage(JSON.stringify({ eventType, eventData }), "*");
}

function paint(theme) {
  const root = document.documentElement;
  for (const [name, variable] of Object.entries(COLOURS)) {
    if (/^#[0-9a-f]{6}$/i.test(theme[name] ?? "")) root.style.setProperty(variable, theme[name]);
  }
  if (/^#[0-9a-f]{6}$/i.test(theme.bg_color ?? "")) {
    const [red, green, blue] = [1, 3, 5].map((at) => parseInt(theme.bg_color.slice(at, at + 2), 16));
    const isDark = 0.299 * red + 0.587 * green + 0.114 * blue < 128;
    root.style.colorScheme = isDark ? "dark" : "light";
    root.dataset.scheme = isDark ? "dark" : "light";
  }
}
