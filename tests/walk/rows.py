"""The rows of what people do with the bot, each as somebody walks through it."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from bot.replies.texts import Language
from tests.walk.walker import Walker

TRAINED_MS: Final = 240_000


async def first_visit(walker: Walker) -> None:
    """What a newcomer sees after ``make run``: the empty chat, the list of chats, the bot's menu."""
    await walker.shot("empty")
    await walker.open_sidebar()
    await walker.shot("sidebar")
    await walker.page.keyboard.press("Escape")
    await walker.page.fill("#text", "/")
    await walker.shot("menu")
    await walker.page.fill("#text", "")
    await walker.page.click("#about-button")
    await walker.shot("about")
    await walker.page.keyboard.press("Escape")


async def basics(walker: Walker) -> None:
    """/start, /help, /privacy, /language, /forget."""
    for command in ("start", "help", "privacy", "language", "forget"):
        await walker.say(f"/{command}")
        await walker.read(command)


async def photo(walker: Walker) -> None:
    """A photo of one garment: its answer, the folded percentages, the picture large."""
    await walker.send(walker.pictures.one)
    await walker.shot("answer")
    await walker.unfold()
    await walker.read("unfolded")
    await walker.latest.locator(".photo").click()
    await walker.shot("card")
    await walker.page.keyboard.press("Escape")
    await walker.send(walker.pictures.one, as_file=True, name="IMG_0001.dat")
    await walker.shot("as-a-file")


async def dressed(walker: Walker) -> None:
    """A photo of somebody who wears several garments, and a look at another one of them."""
    await walker.send(walker.pictures.several)
    await walker.shot("answer")
    await walker.latest.locator(".photo").click()
    await walker.shot("card")
    await walker.page.keyboard.press("Escape")
    await walker.answered(walker.latest.locator(".inline-button", has_text="2 ").click())
    await walker.shot("second")


async def uncertain(walker: Walker) -> None:
    """Between two candidates; and why."""
    await walker.send(walker.pictures.unsure)
    await walker.shot("answer")
    await walker.tap(walker.said.buttons.why)
    await walker.shot("why")
    await walker.latest.locator(".photo").click()
    await walker.shot("why-card")


async def no_clothing(walker: Walker) -> None:
    """A photo without clothing."""
    await walker.send(walker.pictures.nothing)
    await walker.shot("answer")


async def data_set_picture(walker: Walker) -> None:
    """A picture of the data set, as it is and enlarged."""
    await walker.send(walker.pictures.small, as_file=True, name="42.png")
    await walker.shot("small")
    await walker.send(walker.pictures.enlarged)
    await walker.shot("enlarged")


async def album(walker: Walker) -> None:
    """An album, one of its photos, its correction and why; videos are left out."""
    await walker.send(*walker.pictures.album)
    await walker.shot("sheet")
    await walker.tap("2")
    await walker.shot("item")
    await walker.tap(walker.said.buttons.correct)
    await walker.shot("correct")
    await walker.tap(walker.said.buttons.back)
    await walker.tap(walker.said.buttons.why)
    await walker.shot("why")


async def tray(walker: Walker) -> None:
    """What is about to be sent."""
    files = [
        {"name": f"photo-{number}.jpg", "mimeType": "image/jpeg", "buffer": data}
        for number, data in enumerate((walker.pictures.one, walker.pictures.several, walker.pictures.enlarged))
    ]
    await walker.page.set_input_files("#files", files)  # type: ignore[arg-type]
    await walker.page.wait_for_selector("#tray[open]")
    await walker.shot("several")
    await walker.page.check("#as-file")
    await walker.shot("as-files")
    await walker.page.click("#tray-cancel")
    await walker.page.click("#attach")
    await walker.shot("paper-clip")


async def sample(walker: Walker) -> None:
    """A random test image, one by its number, a number that there is not."""
    await walker.say("/sample")
    await walker.shot("random")
    await walker.say("/sample 42")
    await walker.read("42")
    await walker.say("/sample 10001")
    await walker.shot("no-such-image")


async def gallery(walker: Walker) -> None:
    """25 test images, one of them, other choices; a class."""
    await walker.say("/gallery")
    await walker.read("sheet")
    await walker.tap("13")
    await walker.read("item")
    name = walker.said.class_names[8]
    await walker.say(f"/gallery {name}")
    await walker.read("class")
    await walker.tap(walker.said.buttons.only_wrong)
    await walker.shot("looking-for-wrong-ones")
    await walker.sees(walker.said.test_images.gallery_class_wrong, name=name)
    await walker.read("only-wrong")
    await walker.say("/gallery")
    await walker.tap(walker.said.buttons.only_wrong)
    await walker.shot("all-wrong")
    await walker.tap("7")
    await walker.shot("a-wrong-one")


async def page_inside(walker: Walker) -> None:
    """The page inside Telegram: test images, and the pad."""
    await walker.say("/gallery")
    await walker.page.locator(".inline-button", has_text=walker.web_app.open_page).last.click()
    frame = walker.page.frame_locator("#web-app iframe")
    await frame.get_by_text(walker.web_app.pictures_tab).wait_for()
    await walker.quiet()
    await walker.shot("pictures")
    await frame.locator("#number").fill("1")
    await frame.locator("#number").press("Enter")
    await walker.quiet()
    await walker.shot("ankle-boot")
    await frame.locator("#only-wrong").check()
    await walker.quiet()
    await frame.locator("#grid button").first.click()
    await walker.quiet()
    await walker.shot("a-wrong-one")
    await frame.get_by_role("tab", name=walker.web_app.drawing_tab).click()
    await walker.quiet()
    await walker.shot("pad")
    await walker.page.locator("#web-app .close").click()


async def accuracy(walker: Walker) -> None:
    """The figures, and measuring anew."""
    await walker.say("/accuracy")
    await walker.read("figures")
    await walker.unfold()
    await walker.read("unfolded")
    await walker.page.locator(".theirs .photo").last.click()
    await walker.shot("matrix")
    await walker.page.keyboard.press("Escape")
    await walker.tap(walker.said.buttons.measure_again)
    await walker.sees(walker.said.accuracy.measured)
    await walker.read("measured")
    confused = walker.said.buttons.confused.partition("}")[2].partition("{")[0]
    await walker.tap(confused)
    await walker.read("a-pair")


async def why(walker: Walker) -> None:
    """Why a sure answer."""
    await walker.send(walker.pictures.one)
    await walker.tap(walker.said.buttons.why)
    await walker.shot("sure")
    await walker.unfold()
    await walker.read("unfolded")


async def correct(walker: Walker) -> None:
    """What is right; a correction: what it is, consent, undone."""
    await walker.send(walker.pictures.one)
    await walker.tap(walker.said.buttons.right)
    await walker.shot("right")
    await walker.send(walker.pictures.one)
    await walker.tap(walker.said.buttons.correct)
    await walker.shot("classes")
    await walker.tap(walker.said.short_names[6])
    await walker.read("consent")
    await walker.tap(walker.said.buttons.consent_yes)
    await walker.read("kept")
    await walker.tap(walker.said.buttons.undo)
    await walker.shot("undone")
    await walker.send(walker.pictures.several)
    await walker.tap(walker.said.buttons.correct)
    await walker.tap(walker.said.beyond_names[2])
    await walker.shot("which")
    await walker.tap(walker.said.buttons.none_of_them)
    await walker.shot("none-of-them")
    await walker.say("/privacy")
    await walker.read("privacy-with-a-photo")


async def learn(walker: Walker) -> None:
    """The course: its beginning, contents, a step, its code, a link, each step."""
    await walker.say("/learn")
    await walker.read("beginning")
    await walker.tap(walker.said.buttons.learn_contents)
    await walker.read("contents")
    await walker.say("/start learn_9")
    await walker.read("link")
    await walker.tap(walker.said.buttons.learn_code)
    await walker.read("code")
    await walker.say("/learn 99")
    await walker.shot("no-such-step")


async def steps(walker: Walker) -> None:
    """Every step of the course."""
    for number in range(1, 20):
        await walker.empty()
        await walker.say(f"/learn {number}")
        if await walker.latest.locator(".photo").count() == 0:
            return
        await walker.unfold() if await walker.latest.locator(".expandable").count() else None
        await walker.read(f"step-{number}")


async def train(walker: Walker) -> None:
    """A network of one's own: settings, curve, result, against the bot's."""
    buttons = walker.train.buttons
    await walker.say("/train")
    await walker.read("settings")
    await walker.tap(buttons.neurons.format(count=32))
    await walker.tap(buttons.epochs.format(count=1)) if await _there(walker, buttons.epochs.format(count=1)) else None
    await walker.answered(walker.window.button(buttons.start))
    await walker.shot("begun")
    await walker.page.locator(".inline-button", has_text=buttons.photo).wait_for(timeout=TRAINED_MS)
    await walker.quiet()
    await walker.read("result")
    await walker.tap(buttons.sample)
    await walker.read("sample")
    await walker.tap(buttons.gallery)
    await walker.read("gallery")
    await walker.tap(buttons.photo)
    await walker.page.keyboard.press("Escape")
    await walker.reply_to(walker.latest)
    await walker.send(walker.pictures.one)
    await walker.read("photo")


async def _there(walker: Walker, label: str) -> bool:
    return bool(await walker.page.locator(".inline-button", has_text=label).count())


async def quiz(walker: Walker) -> None:
    """A question, and the answer."""
    await walker.say("/quiz")
    await walker.read("question")
    await walker.tap(walker.said.short_names[0])
    await walker.read("answer")


async def group(walker: Walker) -> None:
    """In a group: asked by a reply, by a mention; the quiz; what is private; a friend's tap."""
    await walker.open_chat(1)
    await walker.empty()
    await walker.window.pick({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": walker.pictures.one})
    await walker.quiet()
    await walker.reply_to(walker.window.bubbles.first)
    await walker.say("/classify")
    await walker.shot("classified")
    await walker.say("@garment_playground_bot")
    await walker.shot("mentioned")
    for command in ("sample", "gallery", "accuracy", "learn", "privacy", "language", "train", "help"):
        await walker.say(f"/{command}")
        await walker.read(command)
    await walker.say("/quiz")
    await walker.read("quiz")
    await walker.answered(walker.page.locator(".poll button.option").first.click())
    await walker.read("quiz-answered")


async def anything_else(walker: Walker) -> None:
    """What is no photo; and a reply to one's own photo."""
    await walker.say(["今天天氣真好", "Nice weather today"][walker.language is Language.EN])
    await walker.say("/nothing")
    await walker.shot("text-and-command")
    await walker.empty()
    for kinds in (("sticker", "voice", "video"), ("location", "contact", "poll")):
        for kind in kinds:
            await walker.attach(kind)
        await walker.shot("-".join(kinds))
    await walker.attach("live_photo")
    await walker.shot("live-photo")
    await walker.empty()
    await walker.send(walker.pictures.one)
    await walker.reply_to(walker.window.bubbles.first)
    await walker.say("?")
    await walker.shot("reply-to-own-photo")
    await walker.send(b"no picture", as_file=True, name="a.jpg")
    await walker.shot("no-picture")


async def admin(walker: Walker) -> None:
    """/status, /reload, /corrections, the menu."""
    await walker.send(walker.pictures.one)
    await walker.tap(walker.said.buttons.correct)
    await walker.tap(walker.said.short_names[6])
    if await _there(walker, walker.said.buttons.consent_yes):
        await walker.tap(walker.said.buttons.consent_yes)
    await walker.be_admin(True)
    for command in ("status", "reload", "corrections", "help"):
        await walker.say(f"/{command}")
        await walker.read(command)
    await walker.page.fill("#text", "/")
    await walker.shot("menu")
    await walker.page.fill("#text", "")
    await walker.be_admin(False)
    await walker.say("/status")
    await walker.shot("a-stranger")
    await walker.say("/forget")
    await walker.tap(walker.said.buttons.forget_yes)
    await walker.shot("forgotten")


async def inline(walker: Walker) -> None:
    """What the bot offers to whoever writes its name: a test image, the last answer; and what is sent of it."""
    offers = walker.page.locator("#offers .offer:not(.head)")
    await walker.page.fill("#text", "@garment_playground_bot 43")
    await offers.first.wait_for()
    await walker.shot("a-test-image")
    await offers.first.click()
    await walker.quiet()
    await walker.shot("sent")
    await walker.empty()
    await walker.send(walker.pictures.one)
    await walker.page.fill("#text", "@garment_playground_bot ")
    await offers.last.wait_for()
    await walker.quiet()
    await walker.shot("offers")
    await walker.page.fill("#text", "")


ROWS: Final[Mapping[str, Callable[[Walker], Awaitable[None]]]] = {
    "01-first-visit": first_visit,
    "02-basics": basics,
    "03-photo": photo,
    "04-dressed": dressed,
    "05-uncertain": uncertain,
    "06-no-clothing": no_clothing,
    "07-data-set-picture": data_set_picture,
    "08-album": album,
    "09-tray": tray,
    "10-sample": sample,
    "11-gallery": gallery,
    "12-page-inside": page_inside,
    "13-accuracy": accuracy,
    "14-why": why,
    "15-correct": correct,
    "16-learn": learn,
    "17-steps": steps,
    "18-train": train,
    "19-quiz": quiz,
    "20-group": group,
    "21-anything-else": anything_else,
    "22-admin": admin,
    "23-inline": inline,
}
"""Each row by its name, in the order of the walk."""
