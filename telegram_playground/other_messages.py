"""Messages that are neither text nor photo nor file: a sticker, a voice message and so on, a sample of each kind."""

import io
from collections.abc import Callable, Mapping
from typing import Any, Final

from PIL import Image, ImageDraw

from telegram_playground.entities import FormattedText
from telegram_playground.images import encode_sent_photo
from telegram_playground.polls import Poll
from telegram_playground.state import ServerState

_MP4: Final = b"\0\0\0\x18ftypmp42"
_STICKER_SIDE: Final = 512


def sticker(state: ServerState) -> dict[str, Any]:
    """A sticker of a T-shirt."""
    stored = state.files.add(_drawn_shirt("WEBP"), folder="stickers", name="sticker.webp")
    described = {**stored.api(), "type": "regular", "width": _STICKER_SIDE, "height": _STICKER_SIDE, "emoji": "👕"}
    return {"sticker": described | {"is_animated": False, "is_video": False}}


def voice(state: ServerState) -> dict[str, Any]:
    """A voice message of three seconds."""
    stored = state.files.add(b"OggS", folder="voice", name="voice.oga")
    return {"voice": {**stored.api(), "duration": 3, "mime_type": "audio/ogg"}}


def video(state: ServerState) -> dict[str, Any]:
    """A video of three seconds."""
    stored = state.files.add(_MP4, folder="videos", name="video.mp4")
    return {"video": {**stored.api(), "duration": 3, "width": 320, "height": 240, "mime_type": "video/mp4"}}


def animation(state: ServerState) -> dict[str, Any]:
    """An animation (a GIF); it arrives as a document, too, as in Telegram."""
    stored = state.files.add(_MP4, folder="animations", name="giphy.mp4")
    shared = {**stored.api(), "file_name": stored.name, "mime_type": "video/mp4"}
    return {"animation": shared | {"duration": 3, "width": 320, "height": 240}, "document": shared}


def live_photo(state: ServerState, still: bytes | None = None) -> dict[str, Any]:
    """A photo that moves for a moment; ``still`` is the picture that stands, a drawn T-shirt when it is None."""
    sizes = state.files.add_photo(encode_sent_photo(still or _drawn_shirt("PNG")))
    stored = state.files.add(_MP4, folder="live_photos", name="live.mp4")
    shown = {name: sizes[-1][name] for name in ("width", "height")}
    return {"live_photo": {**stored.api(), **shown, "duration": 2, "mime_type": "video/mp4", "photo": sizes}}


def location(state: ServerState) -> dict[str, Any]:
    """A place."""
    return {"location": {"latitude": 25.033, "longitude": 121.565}}


def contact(state: ServerState) -> dict[str, Any]:
    """Somebody's phone number."""
    return {"contact": {"phone_number": "+886900000000", "first_name": "Bo"}}


def new_poll(question: str, options: tuple[str, ...]) -> Poll:
    """A poll that a person makes."""
    return Poll(question=FormattedText(question, ()), options=options, kind="regular", anonymous=True)


def _drawn_shirt(kind: str) -> bytes:
    image = Image.new("RGBA", (_STICKER_SIDE, _STICKER_SIDE), (255, 255, 255, 0))
    left = [(196, 96), (120, 126), (40, 236), (112, 288), (152, 244), (152, 432)]
    right = [(_STICKER_SIDE - x, y) for x, y in reversed(left)]
    draw = ImageDraw.Draw(image)
    draw.polygon([*left, *right], fill=(47, 127, 193, 255), outline=(255, 255, 255, 255), width=10)
    draw.ellipse((200, 60, 312, 140), fill=(255, 255, 255, 255))
    file = io.BytesIO()
    image.save(file, kind)
    return file.getvalue()


OTHER_MESSAGES: Final[Mapping[str, Callable[[ServerState], dict[str, Any]]]] = {
    "sticker": sticker,
    "voice": voice,
    "video": video,
    "animation": animation,
    "live_photo": live_photo,
    "location": location,
    "contact": contact,
}
"""What makes the content of each kind, by the name of its field of a Message object."""
