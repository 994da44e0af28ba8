// The page's own words, in Traditional Chinese, and in English where the browser prefers something else than Chinese.

const WORDS = {
  playground: ["本機試玩場", "Local playground"],
  chats: ["聊天", "Chats"],
  close: ["關閉", "Close"],
  localTitle: ["這不是真的 Telegram", "This is not the real Telegram"],
  localText: [
    "這是在這台電腦上的試玩場，後面是真正的機器人。照片不會離開這台電腦；關掉程式以後，只有你同意保留的更正和你的選擇還在。",
    "This is a playground on this machine with the real bot behind it. Photos do not leave this machine; when the program ends, only corrections that you agreed to keep and your choices remain.",
  ],
  liveTitle: ["在 Telegram 上線", "Going live on Telegram"],
  live1: ["在 Telegram 找 @BotFather，傳送 /newbot，照著取名。", "In Telegram, open @BotFather, send /newbot and choose a name."],
  live2: ["把得到的 token 寫進 .env：BOT_TOKEN=…", "Put the token that you get into .env: BOT_TOKEN=…"],
  live3: ["停下這個程式，再執行一次 make run。", "Stop this program and run make run again."],
  pretendTitle: ["試玩設定", "Pretend"],
  pretendLanguage: ["你的 Telegram 語言", "Your Telegram’s language"],
  languageNone: ["未提供", "Not given"],
  beAdmin: ["當管理員", "Be an admin"],
  yourId: ["你的 ID", "Your id"],
  skip: ["跳到輸入訊息", "Skip to the message field"],
  offers: ["機器人提供的內容", "What the bot offers"],
  noOffers: ["沒有可以傳的內容。", "There is nothing to send."],
  pickChat: ["要傳到哪個聊天？", "To which chat?"],
  photoOrFile: ["照片或檔案", "Photo or file"],
  poll: ["投票", "Poll"],
  live_photo: ["原況照片", "Live Photo"],
  covered: ["遮住，點一下才看得到", "Hide until it is tapped"],
  uncover: ["被遮住的照片，點一下就看得到", "Hidden picture: tap to see it"],
  via: ["透過 @{n}", "via @{n}"],
  colon: ["：", ": "],
  clear: ["清空這個聊天", "Empty this chat"],
  clearSure: ["再按一次就清空", "Tap again to empty it"],
  about: ["關於這個機器人", "About this bot"],
  bannerText: ["本機試玩場，照片不會離開這台電腦。", "Local playground: photos stay on this machine."],
  bannerMore: ["如何上線", "Go live"],
  offline: ["和試玩場的連線斷了，正在重新連線…", "Lost the playground. Reconnecting…"],
  conversation: ["對話內容", "Conversation"],
  toBottom: ["跳到最新訊息", "Go to the latest message"],
  commands: ["指令選單", "Commands"],
  start: ["開始", "Start"],
  write: ["輸入訊息", "Message"],
  attach: ["傳送照片或其他內容", "Send photos and more"],
  send: ["傳送", "Send"],
  drop: ["放開就能傳送照片", "Drop the photos here"],
  asFile: ["以檔案傳送（不壓縮）", "Send as a file (not compressed)"],
  caption: ["加上說明", "Add a caption"],
  cancel: ["取消", "Cancel"],
  cancelReply: ["取消回覆", "Cancel the reply"],
  picture: ["放大的照片", "Enlarged picture"],
  previous: ["上一張", "Previous"],
  next: ["下一張", "Next"],
  ok: ["好", "OK"],
  speakAs: ["以誰的身分發言", "Speak as"],
  bot: ["機器人", "bot"],
  online: ["機器人", "bot"],
  away: ["機器人還沒連上…", "waiting for the bot…"],
  members: ["位成員和機器人", "members and the bot"],
  typing: ["正在輸入", "is typing"],
  upload_photo: ["正在傳送照片", "is sending a photo"],
  upload_document: ["正在傳送檔案", "is sending a file"],
  reply: ["回覆", "Reply"],
  you: ["你", "You"],
  photo: ["照片", "Photo"],
  document: ["檔案", "File"],
  sticker: ["貼圖", "Sticker"],
  voice: ["語音訊息", "Voice message"],
  video: ["影片", "Video"],
  animation: ["動畫", "Animation"],
  audio: ["音訊", "Audio"],
  location: ["位置", "Location"],
  contact: ["聯絡人", "Contact"],
  text: ["訊息", "Message"],
  enlarge: ["放大", "Enlarge"],
  remove: ["移除", "Remove"],
  edited: ["已編輯", "edited"],
  sending: ["傳送中", "sending"],
  sentOnce: ["已送出", "sent"],
  readOnce: ["機器人已收到", "received by the bot"],
  failed: ["沒有送出", "Not sent"],
  again: ["重試", "Try again"],
  today: ["今天", "Today"],
  yesterday: ["昨天", "Yesterday"],
  copied: ["已複製", "Copied"],
  whatCanItDo: ["這個機器人能做什麼？", "What can this bot do?"],
  startHint: ["按「開始」，或直接傳一張衣服的照片，也可以拖進來。", "Press Start, or send a photo of a garment; you can drop it here, too."],
  groupHint: [
    "這是一個假想的群組。傳一張照片，再用 /classify 回覆它；沒有人叫它的時候，機器人不出聲。",
    "A pretend group. Send a photo and reply to it with /classify; unless asked, the bot stays silent here.",
  ],
  tooMany: ["一次最多 10 個，其餘的沒有加入。", "At most 10 at a time; the others were left out."],
  tooLarge: ["「{n}」超過 25 MB，沒有加入。", "“{n}” is larger than 25 MB and was left out."],
  emptyFile: ["「{n}」是空的，沒有加入。", "“{n}” is empty and was left out."],
  notPhoto: ["瀏覽器打不開其中的檔案，請用「以檔案傳送」。", "The browser cannot show some of these; send them as files."],
  refusedPicture: ["沒有送出：這不是照片，或已經損壞。請改用「以檔案傳送」。", "Not sent: this is no picture, or it is damaged. Send it as a file."],
  refusedSize: ["沒有送出：太大了，一次最多 120 MB。", "Not sent: too large; at most 120 MB at a time."],
  refusedLength: ["沒有送出：訊息最長 4,096 個字。", "Not sent: a message has at most 4,096 characters."],
  refused: ["沒有送出：{n}", "Not sent: {n}"],
  sendPhoto: ["傳送 {n} 張照片", "Send {n} photo"],
  sendPhotos: ["傳送 {n} 張照片", "Send {n} photos"],
  sendFile: ["傳送 {n} 個檔案", "Send {n} file"],
  sendFiles: ["傳送 {n} 個檔案", "Send {n} files"],
  tapFailed: ["這個按鈕沒有作用了", "This button no longer works"],
  votes: ["人作答", "answered"],
  quiz: ["測驗", "Quiz"],
  pollKind: ["投票", "Poll"],
  rightOption: ["正確", "right"],
  wrongOption: ["答錯", "wrong"],
  yourChoice: ["你的選擇", "your choice"],
  webApp: ["機器人的頁面", "The bot’s page"],
  pageFailed: ["這個頁面打不開", "This page cannot be opened"],
  gone: ["圖片已不在記憶體裡", "No longer in memory"],
  newMessages: ["則新訊息", "new"],
};

export const chinese = /^zh\b/i.test(navigator.language);
export const locale = chinese ? "zh-Hant" : "en";

/** The words for a key, with `{n}` filled in. */
export function t(key, n) {
  const words = WORDS[key];
  return words ? words[chinese ? 0 : 1].replace("{n}", n) : key;
}

const REFUSALS = { IMAGE_PROCESS_FAILED: "refusedPicture", "Entity Too Large": "refusedSize", "message is too long": "refusedLength" };

/** Why the server did not take something, in words. */
export function refusal(reason) {
  const known = Object.keys(REFUSALS).find((part) => reason.includes(part));
  return known ? t(REFUSALS[known]) : t("refused", reason);
}

/** Fills every element that names its words in data-t, data-label or data-placeholder. */
export function translate(root) {
  document.documentElement.lang = locale;
  for (const element of root.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of root.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", t(element.dataset.label));
    if (element.matches("button")) element.title = t(element.dataset.label);
  }
  for (const element of root.querySelectorAll("[data-placeholder]")) element.placeholder = t(element.dataset.placeholder);
  document.getElementById("text").placeholder = t("write");
}
