"""Formatted text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telegram_playground.entities import parse_text, runs, utf16_length
from telegram_playground.errors import ApiError


def test_nested_tags_count_utf16_units() -> None:
    parsed = parse_text("👚 <b>你<i>好</i></b> &lt;&#39;&amp;", "HTML", None)
    assert parsed.text == "👚 你好 <'&"
    assert parsed.entities == (
        {"type": "bold", "offset": 3, "length": 2},
        {"type": "italic", "offset": 4, "length": 1},
    )


def test_text_is_trimmed_and_entities_with_it() -> None:
    parsed = parse_text("\n <b> a </b>\n", "HTML", None)
    assert parsed.text == "a"
    assert parsed.entities == ({"type": "bold", "offset": 0, "length": 1},)


def test_links_code_and_quotations() -> None:
    source = '<a href="https://a.example/?x=1&amp;y=2">a</a><pre><code class="language-py">b</code></pre>'
    parsed = parse_text(source + "<blockquote expandable>c</blockquote>", "HTML", None)
    assert [entity["type"] for entity in parsed.entities] == ["text_link", "pre", "expandable_blockquote"]
    assert parsed.entities[0]["url"] == "https://a.example/?x=1&y=2"
    assert parsed.entities[1]["language"] == "py"


def test_markdown_v2() -> None:
    parsed = parse_text(r"*粗 _斜_* `c\.d` [x](https://a.example) \(ok\)", "MarkdownV2", None)
    assert parsed.text == "粗 斜 c.d x (ok)"
    assert [entity["type"] for entity in parsed.entities] == ["bold", "italic", "code", "text_link"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/start", ["/start"]),
        ("試 /sample,或 /help@a_bot", ["/sample", "/help@a_bot"]),
        ("and/or 1/2 a//b </b> 看/help /help看", []),
        ("見 https://a.example/b。好", ["https://a.example/b"]),
        ("@garment_bot 你好 a@b.example", ["@garment_bot"]),
    ],
)
def test_commands_links_and_mentions_are_found(text: str, found: list[str]) -> None:
    parsed = parse_text(text, "", None)
    units = parsed.text.encode("utf-16-le")
    spans = [units[e["offset"] * 2 : (e["offset"] + e["length"]) * 2].decode("utf-16-le") for e in parsed.entities]
    assert spans == found


def test_runs_carry_styles_links_and_blocks() -> None:
    parsed = parse_text('<b>a<i>b</i></b> <a href="javascript:x.y">c</a><blockquote>d</blockquote>', "HTML", None)
    cut = runs(parsed.text, list(parsed.entities))
    assert [(run["text"], run["styles"]) for run in cut] == [
        ("a", ["bold"]),
        ("b", ["bold", "italic"]),
        (" ", []),
        ("c", ["text_link"]),
        ("d", ["blockquote"]),
    ]
    assert not any("href" in run for run in cut)
    assert "block" in cut[-1]


@given(st.text(alphabet="<>/b i\"'=&;aé👚\n\\*_[]()", max_size=60), st.sampled_from(["HTML", "MarkdownV2", ""]))
def test_any_text_is_parsed_or_refused(text: str, mode: str) -> None:
    try:
        parsed = parse_text(text, mode, None)
    except ApiError:
        return
    size = utf16_length(parsed.text)
    assert all(0 <= e["offset"] and e["length"] > 0 and e["offset"] + e["length"] <= size for e in parsed.entities)
    assert "".join(run["text"] for run in runs(parsed.text, list(parsed.entities))) == parsed.text
