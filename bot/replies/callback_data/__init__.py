"""What a button carries: ``v1:<verb>:<arguments>``, at most 64 bytes, complete in itself.

Buttons outlive restarts and model changes, so nothing they need is kept in the process. What does not fit into a button
is read from the message it hangs on (the photo that the message replies to, the other buttons below it).

* A photo's buttons carry the whole :class:`Answer`: eleven shares in tenths of a percent (19 characters), the verdict,
  which garment of how many was judged, what the others are called, and a tag of the model's version, so that a changed
  model can be said.
* An album has one answer for up to ten photos. Each numbered button carries the answer for its own photo, so that the
  overview is rebuilt from the buttons below the message, and how far the photo's message is from the album's first one:
  a reply to it brings the photo back.
* A gallery's buttons carry its 25 images as one combinatorial number (:mod:`~bot.replies.callback_data.gallery`).

Data that was forged, is of another version, or that today's code does not know gives ``None``.
"""

from typing import Final

from bot.replies.callback_data.actions import ACTIONS, Action

VERSION: Final = "v1"
MAX_BYTES: Final = 64

_BY_VERB: Final = {each.verb: each for each in ACTIONS}
_BY_ACTION: Final = {each.action: each for each in ACTIONS}


def encode(action: Action) -> str:
    """Return the callback data of a button.

    Raises:
        ValueError: the action does not survive the way into a button and back (a label of 13, a foreign id).
    """
    try:
        data = f"{VERSION}:{_BY_ACTION[type(action)].write(action)}"
    except (ValueError, KeyError, IndexError) as error:
        raise ValueError(f"{type(action).__name__} does not fit into a button") from error
    if len(data.encode()) > MAX_BYTES or parse(data) != action:
        raise ValueError(f"{type(action).__name__} does not fit into a button")
    return data


def parse(data: str | None) -> Action | None:
    """Read callback data; None when it is forged, of another version, or unknown."""
    if not data or not data.isascii() or len(data) > MAX_BYTES:
        return None
    version, _, rest = data.partition(":")
    verb, *arguments = rest.split(":")
    written = _BY_VERB.get(verb)
    if version != VERSION or written is None:
        return None
    try:
        return written.read(arguments)
    except (ValueError, KeyError, IndexError, TypeError):
        return None
