"""Pages: text stays text, links stay next to the page."""

from __future__ import annotations

import pytest
from lxml import html

from engineering_api.files.html import bar, element, link, page, picture, table

HOSTILE = "</style><script>alert(1)</script>\x00&amp;\"'"


def test_text_is_never_markup() -> None:
    content = page(HOSTILE, element("p", HOSTILE, title=HOSTILE), table([HOSTILE], [[HOSTILE]]), link("a.svg", HOSTILE))
    root = html.fromstring(content)
    assert not list(root.iter("script"))
    clean = HOSTILE.replace("\x00", "\ufffd")
    assert [each.text for each in root.iter("p", "td", "th", "a")] == [clean] * 4
    assert root.findtext(".//title") == clean
    assert next(root.iter("p")).get("title") == clean


@pytest.mark.parametrize(
    "target", ["javascript:alert(1)", "//evil.example/x", "https://evil.example", "/etc/passwd", "a b#c?d.svg"]
)
def test_a_link_is_a_relative_path(target: str) -> None:
    (made,) = html.fromstring(page("x", link(target, "y"), picture(target, "z"))).xpath("//a/@href")
    assert made.startswith("./") and not set("#?: ") & set(made)


def test_children_keep_their_order() -> None:
    made = element("p", "a", element("b", "c"), None, "d", "e", class_="f")
    assert html.tostring(made) == b'<p class="f">a<b>c</b>de</p>'


@pytest.mark.parametrize(
    ("percent", "shown"), [(0, "0.0%"), (33.333, "33.3%"), (100, "100.0%"), (250, "100.0%"), (-1, "0.0%")]
)
def test_a_bar_is_filled_to_its_percentage(percent: float, shown: str) -> None:
    assert bar(percent)[0].get("style") == f"width:{shown}"
