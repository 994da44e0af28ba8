"""Formatted text: parsing as strict as Telegram's, and cutting into runs for the page.

Offsets and lengths in entities count UTF-16 units, as everywhere in the Bot API. The wording of the errors is that of
TDLib (``td/telegram/MessageEntity.cpp``), so that what fails here reads as it would there.
"""

import html
import itertools
import re
from dataclasses import dataclass
from typing import Any, Final

from telegram_playground.errors import ApiError, bad_request

HTML_TAGS: Final = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_CHARACTER_REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});")
_ATTRIBUTE = re.compile(r"""\s*([^\s=>/"']+)\s*(?:=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?""")
_DETECTED: Final = (
    ("url", re.compile(r"https?://[^\s<>\"'，。、）)]+")),
    ("bot_command", re.compile(r"(?<![\w/<>])/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z0-9_]{3,32})?(?![\w/<>])")),
    ("mention", re.compile(r"(?<![\w@.])@[a-zA-Z][a-zA-Z0-9_]{3,31}\b")),
    ("hashtag", re.compile(r"(?<![\w&#])#\w*[^\W\d]\w*")),
)
_BLOCKS: Final = frozenset({"pre", "blockquote", "expandable_blockquote"})


@dataclass(frozen=True, slots=True)
class FormattedText:
    """Text without markup, and where its formatting lies."""

    text: str
    entities: tuple[dict[str, Any], ...] = ()


def utf16_length(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def parse_text(text: str, parse_mode: str, explicit: list[dict[str, Any]] | None) -> FormattedText:
    """Applies a parse mode or explicit entities, trims as Telegram does, and finds commands and links.

    Raises:
        ApiError: The markup is broken, or the parse mode does not exist.
    """
    text = text.replace("\r", "")
    mode = parse_mode.lower()
    if mode == "html":
        parsed = _HtmlParser(text).parse()
    elif mode == "markdownv2":
        parsed = _MarkdownParser(text).parse()
    elif mode == "markdown":
        parsed = FormattedText(re.sub(r"([*_`])(.+?)\1", r"\2", text))
    elif mode:
        raise bad_request("unsupported parse_mode")
    else:
        parsed = FormattedText(text, tuple(explicit or ()))
    return with_detected(_trim(parsed))


def with_detected(formatted: FormattedText) -> FormattedText:
    """Adds the entities that Telegram finds by itself, outside of code and links."""
    text = formatted.text
    taken = [
        (e["offset"], e["offset"] + e["length"])
        for e in formatted.entities
        if e["type"] in {"code", "pre", "text_link", "text_mention"}
    ]
    found: list[dict[str, Any]] = []
    for kind, pattern in _DETECTED:
        for match in pattern.finditer(text):
            start, length = utf16_length(text[: match.start()]), utf16_length(match.group())
            if all(start >= b or start + length <= a for a, b in taken):
                found.append({"type": kind, "offset": start, "length": length})
                taken.append((start, start + length))
    entities = sorted([*formatted.entities, *found], key=lambda e: (e["offset"], -e["length"]))
    return FormattedText(text, tuple(entities))


def runs(text: str, entities: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Cuts text at the borders of its entities, so that a page needs no markup.

    Returns:
        Runs in order: ``text``, ``styles`` (entity types), and where they apply ``href`` and ``block`` (runs of one
        quotation or one piece of code share a number).
    """
    units = text.encode("utf-16-le")
    size = len(units) // 2
    borders = {0, size}
    for entity in entities:
        borders |= {min(entity["offset"], size), min(entity["offset"] + entity["length"], size)}
    ordered = sorted(borders)
    result: list[dict[str, Any]] = []
    for start, end in itertools.pairwise(ordered):
        inside = [(n, e) for n, e in enumerate(entities) if e["offset"] <= start and end <= e["offset"] + e["length"]]
        run: dict[str, Any] = {
            "text": units[start * 2 : end * 2].decode("utf-16-le", "replace"),
            "styles": sorted({e["type"] for _, e in inside}),
        }
        for number, entity in inside:
            if entity["type"] in _BLOCKS:
                run["block"] = number
            if entity["type"] == "text_link" and str(entity.get("url", "")).startswith(("http://", "https://")):
                run["href"] = entity["url"]
            elif entity["type"] == "url":
                run["href"] = run["text"]
        result.append(run)
    return result


def _trim(formatted: FormattedText) -> FormattedText:
    text = formatted.text
    left = utf16_length(text) - utf16_length(text.lstrip())
    stripped = text.strip()
    size = utf16_length(stripped)
    kept = []
    for entity in formatted.entities:
        start = max(entity["offset"] - left, 0)
        end = min(entity["offset"] - left + entity["length"], size)
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return FormattedText(stripped, tuple(kept))


def _entities_error(text: str) -> ApiError:
    return bad_request(f"can't parse entities: {text}")


@dataclass(slots=True)
class _OpenTag:
    name: str
    kind: str
    argument: str
    offset: int


class _Parser:
    """What one pass over formatted text has written so far; offsets count UTF-16 units."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.out: list[str] = []
        self.offset = 0
        self.entities: list[dict[str, Any]] = []

    def _write(self, piece: str) -> None:
        self.out.append(piece)
        self.offset += utf16_length(piece)

    def _byte(self, position: int) -> int:
        return len(self.source[:position].encode())

    def _formatted(self) -> FormattedText:
        self.entities.sort(key=lambda e: (e["offset"], -e["length"]))
        return FormattedText("".join(self.out), tuple(self.entities))


class _HtmlParser(_Parser):
    """One pass over HTML in Telegram's dialect."""

    def __init__(self, source: str) -> None:
        super().__init__(source)
        self.open: list[_OpenTag] = []

    def parse(self) -> FormattedText:
        position = 0
        while position < len(self.source):
            character = self.source[position]
            if character == "<":
                end = self.source.startswith("</", position)
                position = self._end_tag(position) if end else self._start_tag(position)
            elif character == "&" and (match := _CHARACTER_REFERENCE.match(self.source, position)):
                self._write(html.unescape(match.group()))
                position = match.end()
            else:
                self._write(character)
                position += 1
        if self.open:
            raise _entities_error(f'Can\'t find end tag corresponding to start tag "{self.open[-1].name}"')
        return self._formatted()

    def _start_tag(self, begin: int) -> int:
        match = re.compile(r"[^\s>]*").match(self.source, begin + 1)
        name = match.group().lower() if match else ""
        position = begin + 1 + len(name)
        if position >= len(self.source):
            raise _entities_error(f"Unclosed start tag at byte offset {self._byte(begin)}")
        if name not in HTML_TAGS:
            raise _entities_error(f'Unsupported start tag "{name}" at byte offset {self._byte(begin)}')
        attributes: dict[str, str] = {}
        while not re.compile(r"\s*>").match(self.source, position):
            found = _ATTRIBUTE.match(self.source, position)
            if found is None:
                at = self._byte(begin)
                if ">" not in self.source[position:]:
                    raise _entities_error(f'Unclosed start tag "{name}" at byte offset {at}')
                raise _entities_error(f'Empty attribute name in the tag "{name}" at byte offset {at}')
            value = next((group for group in found.groups()[1:] if group is not None), "")
            attributes[found.group(1).lower()] = html.unescape(value)
            position = found.end()
        position = self.source.index(">", position) + 1
        self.open.append(self._open_tag(name, attributes, begin))
        return position

    def _open_tag(self, name: str, attributes: dict[str, str], begin: int) -> _OpenTag:
        kind, argument = HTML_TAGS[name], ""
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise _entities_error(f'Tag "span" must have class "tg-spoiler" at byte offset {self._byte(begin)}')
        if name == "a":
            argument = attributes.get("href", "")
        elif name == "code" and attributes.get("class", "").startswith("language-"):
            argument = attributes["class"].removeprefix("language-")
        elif name == "tg-emoji":
            argument = attributes.get("emoji-id", "")
            if not argument.isdigit():
                raise _entities_error(f"Invalid custom emoji identifier specified at byte offset {self._byte(begin)}")
        elif name == "blockquote" and "expandable" in attributes:
            kind = "expandable_blockquote"
        return _OpenTag(name, kind, argument, self.offset)

    def _end_tag(self, begin: int) -> int:
        match = re.compile(r"</([a-zA-Z0-9-]*)\s*").match(self.source, begin)
        if match is None or self.source[match.end() : match.end() + 1] != ">":
            raise _entities_error(f"Unclosed end tag at byte offset {self._byte(begin)}")
        name = match.group(1).lower()
        if not self.open:
            raise _entities_error(f"Unexpected end tag at byte offset {self._byte(begin)}")
        tag = self.open.pop()
        if name and name != tag.name:
            raise _entities_error(
                f'Unmatched end tag at byte offset {self._byte(begin)}, expected "</{tag.name}>", found "</{name}>"'
            )
        self._close(tag)
        return match.end() + 1

    def _close(self, tag: _OpenTag) -> None:
        length = self.offset - tag.offset
        if length == 0:
            return
        entity: dict[str, Any] = {"type": tag.kind, "offset": tag.offset, "length": length}
        if tag.kind == "text_link":
            url = tag.argument or "".join(self.out).encode("utf-16-le")[tag.offset * 2 :].decode("utf-16-le")
            if "." not in url and ":" not in url:
                return
            entity["url"] = url
        elif tag.kind == "custom_emoji":
            entity["custom_emoji_id"] = tag.argument
        elif tag.name == "code" and tag.argument and self.open and self.open[-1].name == "pre":
            self.open[-1].argument = tag.argument
            return
        elif tag.kind == "pre" and tag.argument:
            entity["language"] = tag.argument
        self.entities.append(entity)


_MARKDOWN_RESERVED: Final = "_*[]()~`>#+-=|{}.!"
_MARKDOWN_MARKS: Final = (
    ("```", "pre"),
    ("__", "underline"),
    ("||", "spoiler"),
    ("*", "bold"),
    ("_", "italic"),
    ("~", "strikethrough"),
    ("`", "code"),
)


class _MarkdownParser(_Parser):
    """One pass over MarkdownV2; quotations and custom emoji are left out."""

    def __init__(self, source: str) -> None:
        super().__init__(source)
        self.open: list[tuple[str, str, int]] = []

    def parse(self) -> FormattedText:
        position = 0
        while position < len(self.source):
            position = self._step(position)
        if self.open:
            raise _entities_error(f"Can't find end of the entity starting at byte offset {self._byte(position)}")
        return self._formatted()

    def _step(self, position: int) -> int:
        character = self.source[position]
        following = self.source[position + 1 : position + 2]
        if character == "\\" and following and ord(following) < 127:
            self._write(following)
            return position + 2
        in_code = bool(self.open) and self.open[-1][1] in {"code", "pre"}
        for mark, kind in _MARKDOWN_MARKS:
            if self.source.startswith(mark, position) and (not in_code or self.open[-1][0] == mark):
                self._toggle(mark, kind)
                return position + len(mark)
        if character == "[" and not in_code:
            self.open.append(("](", "text_link", self.offset))
            return position + 1
        if character == "]" and self.open and self.open[-1][1] == "text_link":
            return self._link(position)
        if character in _MARKDOWN_RESERVED and not in_code:
            raise _entities_error(
                f"Character '{character}' is reserved and must be escaped with the preceding '\\' "
                f"at byte offset {self._byte(position)}"
            )
        self._write(character)
        return position + 1

    def _toggle(self, mark: str, kind: str) -> None:
        if self.open and self.open[-1][0] == mark:
            _, _, start = self.open.pop()
            if self.offset > start:
                self.entities.append({"type": kind, "offset": start, "length": self.offset - start})
        else:
            self.open.append((mark, kind, self.offset))

    def _link(self, position: int) -> int:
        match = re.compile(r"\]\(([^)]*)\)").match(self.source, position)
        if match is None:
            raise _entities_error(f"Can't find end of a URL at byte offset {self._byte(position)}")
        _, _, start = self.open.pop()
        if self.offset > start:
            self.entities.append(
                {"type": "text_link", "offset": start, "length": self.offset - start, "url": match.group(1)}
            )
        return match.end()
