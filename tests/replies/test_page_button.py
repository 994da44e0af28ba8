from bot.replies.callback_data.answer import version_tag
from bot.replies.callback_data.gallery import Gallery
from bot.replies.keyboards import gallery_keyboard, start_keyboard
from bot.replies.page_button import PageLink, with_page
from bot.replies.texts import Language
from bot.replies.texts.web_app import web_app_texts


def test_in_private_the_button_opens_the_page(language: Language) -> None:
    below = gallery_keyboard(Gallery(tuple(range(25)), version_tag("v")), language)
    markup = with_page(below, PageLink("https://bot.example.org/app/", opens_page=True), language)
    assert markup is not None
    assert markup.inline_keyboard[:-1] == below.inline_keyboard
    (button,) = markup.inline_keyboard[-1]
    assert button.text == web_app_texts(language).open_page
    assert button.web_app is not None
    assert button.web_app.url == "https://bot.example.org/app/"
    assert button.url is None


def test_in_groups_it_leads_to_the_private_chat() -> None:
    markup = with_page(None, PageLink("https://t.me/bot?start=gallery", opens_page=False), Language.EN)
    assert markup is not None
    ((button,),) = markup.inline_keyboard
    assert button.url == "https://t.me/bot?start=gallery"
    assert button.web_app is None


def test_without_a_page_nothing_is_added() -> None:
    below = start_keyboard(Language.EN)
    assert with_page(below, None, Language.EN) is below
