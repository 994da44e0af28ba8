"""How single values are written into a button: short, in ASCII, and read back only when they are sound."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Generic, TypeVar

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
DIGITS: Final = {character: value for value, character in enumerate(ALPHABET)}
_MESSAGE_LENGTH: Final = 6


@dataclass(frozen=True, slots=True)
class Codec(Generic[T]):
    """Writes and reads one kind of value.

    Attributes:
        write: the value as text, without a colon; raises ValueError, KeyError or IndexError for what cannot be written.
        read: the text as a value; raises the same for what was never written.
    """

    write: Callable[[T], str]
    read: Callable[[str], T]


def integer(largest: int) -> Codec[int]:
    """Whole numbers from 0 to ``largest``, in decimal digits."""
    return Codec(str, lambda text: read_integer(text, largest))


def choice(letters: Mapping[str, T]) -> Codec[T]:
    """One of a few values, a letter or a short word each."""
    words = {value: letter for letter, value in letters.items()}
    return Codec(words.__getitem__, letters.__getitem__)


def member(kind: type[E]) -> Codec[E]:
    """A member of an enumeration, by its value."""
    return Codec(lambda value: value.value, kind)


def read_integer(text: str, largest: int) -> int:
    """Read decimal digits as they are written: no sign, no zero in front, no digits of other scripts."""
    if not re.fullmatch(r"0|[1-9][0-9]{0,5}", text) or int(text) > largest:
        raise ValueError("not a number in range")
    return int(text)


def write_number(number: int, length: int) -> str:
    """Write a number in base 64, padded to ``length`` characters."""
    characters = []
    for _ in range(length):
        number, digit = divmod(number, 64)
        characters.append(ALPHABET[digit])
    if number:
        raise ValueError("number too large")
    return "".join(reversed(characters))


def read_number(text: str) -> int:
    """Read a number in base 64."""
    number = 0
    for character in text:
        number = number * 64 + DIGITS[character]
    return number


def _identifier(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,20}", text):
        raise ValueError("not an identifier")
    return text


def _write_message(number: int | None) -> str:
    if number is None:
        return "-"
    if number < 1:
        raise ValueError("no message has this number")
    return write_number(number, _MESSAGE_LENGTH).lstrip(ALPHABET[0])


def _read_message(text: str) -> int | None:
    if text == "-":
        return None
    if not 1 <= len(text) <= _MESSAGE_LENGTH or text[0] == ALPHABET[0]:
        raise ValueError("not the number of a message")
    return read_number(text)


KNOWN_MESSAGE: Final[Codec[int | None]] = Codec(_write_message, _read_message)
"""The number of a message in its chat, in base 64, or that it is not known."""

IDENTIFIER: Final = Codec(_identifier, _identifier)
"""1-20 characters of ``A-Za-z0-9_-``: a row's id, a step's name."""
