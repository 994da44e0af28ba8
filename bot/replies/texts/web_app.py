"""What the page inside Telegram says. It fills ``{blanks}`` itself and holds no words of its own: no text is HTML."""

from dataclasses import asdict, dataclass
from typing import Any, Final

from bot.replies.texts import Language, in_language, texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusals:
    """Why there is no answer, by the code that the server gives."""

    missing: str
    forged: str
    old: str
    too_often: str
    busy: str
    not_ready: str
    no_such_picture: str
    not_at_hand: str
    no_test_images: str
    no_model: str
    bad_request: str
    error: str
    offline: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WebAppTexts:
    """Everything on the page, and the button that opens it."""

    open_page: str
    title: str
    language_name: str
    other_language: str
    pictures_tab: str
    drawing_tab: str
    label: str
    all_labels: str
    only_wrong: str
    new_ones: str
    number: str
    show: str
    grid: str
    loading: str
    found: str
    found_all: str
    none_found: str
    choose: str
    result: str
    nth: str
    picture: str
    predicted: str
    actual: str
    scores: str
    right: str
    wrong: str
    said_right: str
    said_wrong: str
    said_drawing: str
    edit: str
    pad: str
    pad_hint: str
    pad_keys: str
    pad_blank: str
    pen: str
    eraser: str
    width: str
    thin: str
    medium: str
    thick: str
    undo: str
    clear: str
    always_ten: str
    not_kept: str
    model: str
    again: str
    refusals: Refusals


_ZH_HANT: Final = WebAppTexts(
    open_page="打開網頁，還可以自己畫",
    title="看模型怎麼認衣服",
    language_name="繁體中文",
    other_language="English",
    pictures_tab="看圖片",
    drawing_tab="自己畫",
    label="類別",
    all_labels="全部類別",
    only_wrong="只看答錯的",
    new_ones="換一批",
    number="直接看第幾張",
    show="看",
    grid="測試圖片，用方向鍵移動",
    loading="讀取中…",
    found="符合的有 {found} 張，這裡隨機挑出 {shown} 張。",
    found_all="符合的一共 {found} 張，都在這裡。",
    none_found="沒有符合的圖片。換個類別，或不要只看答錯的。",
    choose="點一張圖片，看模型把它當成什麼。",
    result="結果",
    nth="第 {number} 張",
    picture="第 {number} 張，{name}",
    predicted="預測",
    actual="實際",
    scores="信心分數",
    right="答對了",
    wrong="答錯了",
    said_right="第 {number} 張：預測是{predicted}，信心 {percent}，答對了。",
    said_wrong="第 {number} 張：預測是{predicted}，信心 {percent}，實際是{actual}，答錯了。",
    said_drawing="預測是{predicted}，信心 {percent}。",
    edit="拿到畫板上改",
    pad="28×28 的畫板",
    pad_hint="用手指或滑鼠畫一件衣物，長條會跟著筆動。",
    pad_keys="用鍵盤：方向鍵移動，空白鍵畫，Delete 鍵擦掉。",
    pad_blank="畫板還是空的。",
    pen="畫筆",
    eraser="橡皮擦",
    width="筆的粗細",
    thin="細",
    medium="中",
    thick="粗",
    undo="復原",
    clear="清空",
    always_ten="不管畫什麼，模型都只能從這十類裡選，十個分數加起來一定是 100%。所以分數高，不代表它真的認得。",
    not_kept="畫的東西只拿來算分數，不會存下來。",
    model="模型 {version}",
    again="再試一次",
    refusals=Refusals(
        missing="這一頁要從 Telegram 打開：請在和機器人的聊天裡輸入 /gallery，再按下面的按鈕。",
        forged="這一頁的簽章和機器人對不上。請關掉它，從和機器人的聊天裡再打開一次。",
        old="這一頁已經開了超過一小時。請關掉它，從和機器人的聊天裡再打開一次。",
        too_often="問得太快了，請等幾秒再試。",
        busy="現在有很多人在畫，請等一下。",
        not_ready="模型正在把測試圖片全部看一遍，找出答錯的，請等幾秒…",
        no_such_picture="測試圖片有 {total} 張，請輸入 1 到 {total} 的數字。",
        not_at_hand="這張測試圖片現在不在手邊，這裡只有程式附的那些。請換一個數字，或過幾分鐘再試。",
        no_test_images="現在拿不到測試圖片。自己畫還是可以的。",
        no_model="現在沒有可用的模型，請晚點再試。",
        bad_request="伺服器看不懂這個要求。請關掉這一頁，再打開一次。",
        error="出了點問題，請再試一次。",
        offline="連不上機器人。請檢查網路連線，再試一次。",
    ),
)

_EN: Final = WebAppTexts(
    open_page="Open the page, and draw",
    title="See how the model recognises clothes",
    language_name="English",
    other_language="繁體中文",
    pictures_tab="Pictures",
    drawing_tab="Draw",
    label="Class",
    all_labels="All classes",
    only_wrong="Only wrong",
    new_ones="New set",
    number="Go to number",
    show="Show",
    grid="Test images; the arrow keys move",
    loading="Loading…",
    found="Matching: {found}; shown here, picked at random: {shown}.",
    found_all="Matching: {found}, all of them shown here.",
    none_found="No picture matches. Choose another class, or all of them instead of only the wrong ones.",
    choose="Tap a picture to see what the model takes it for.",
    result="Result",
    nth="No. {number}",
    picture="No. {number}, {name}",
    predicted="Predicted",
    actual="Actual",
    scores="Confidence",
    right="Right",
    wrong="Wrong",
    said_right="No. {number}: predicted {predicted}, confidence {percent}, which is right.",
    said_wrong="No. {number}: predicted {predicted}, confidence {percent}, but it is {actual}.",
    said_drawing="Predicted {predicted}, confidence {percent}.",
    edit="Change it on the pad",
    pad="Pad of 28×28 pixels",
    pad_hint="Draw a garment with a finger or the mouse: the bars follow the pen.",
    pad_keys="With the keyboard: arrow keys move, space draws, Delete erases.",
    pad_blank="The pad is still empty.",
    pen="Pen",
    eraser="Eraser",
    width="Width of the pen",
    thin="Thin",
    medium="Medium",
    thick="Thick",
    undo="Undo",
    clear="Clear",
    always_ten=(
        "Whatever you draw, the model can only choose among these ten, and their scores always add up to 100%. "
        "So a high score does not mean that it really knows what it sees."
    ),
    not_kept="What you draw is only classified, never kept.",
    model="Model {version}",
    again="Try again",
    refusals=Refusals(
        missing="This page opens from Telegram: send /gallery to the bot in a private chat and press the button below.",
        forged="This page’s signature does not match the bot. Close it and open it again from the chat with the bot.",
        old="This page has been open for more than an hour. Close it and open it again from the chat with the bot.",
        too_often="That was too fast; wait a few seconds and try again.",
        busy="Many people are drawing right now; wait a moment.",
        not_ready="The model is going through all test images to find its mistakes; this takes a few seconds…",
        no_such_picture="There are {total} test images: enter a number from 1 to {total}.",
        not_at_hand=(
            "This test image is not at hand, only those that come with the program. "
            "Try another number, or this one again in a few minutes."
        ),
        no_test_images="The test images cannot be had at the moment. Drawing still works.",
        no_model="There is no model at the moment; try again later.",
        bad_request="The server does not understand this request. Close the page and open it again.",
        error="Something went wrong; try again.",
        offline="The bot cannot be reached. Check the connection and try again.",
    ),
)


def web_app_texts(language: Language) -> WebAppTexts:
    """Return everything that the page says in a language."""
    return in_language(language, zh_hant=_ZH_HANT, en=_EN)


def texts_module() -> dict[str, Any]:
    """All of it, as the page takes it: by language, with the names of the ten classes."""
    return {
        language.value: asdict(web_app_texts(language)) | {"classes": texts(language).class_names}
        for language in Language
    }
