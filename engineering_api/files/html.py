"""HTML pages as trees: text is never markup, because only this module writes tags.

Pages are single files that load nothing from a network. Their colours follow the reader's light or dark scheme.
"""

from __future__ import annotations

import re
from urllib.parse import quote as encode

from lxml import etree, html
from lxml.etree import _Element

Node = str | _Element | None
_NOT_XML = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
STYLE = """
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--text:#1c2330;--quiet:#5b6678;--line:#e1e5eb;--accent:#0f62c6;
--good:#1a7f45;--bad:#c4291c;--part:#a15c00;--code:#f1f3f6}
@media(prefers-color-scheme:dark){:root{--page:#0f131a;--card:#171c25;--text:#e6e9ef;--quiet:#9aa5b5;--line:#2a313d;
--accent:#84adff;--good:#5bd08a;--bad:#ff8a7d;--part:#f5b95f;--code:#10151d}}
*{box-sizing:border-box}
body{margin:0;font:15px/1.55 system-ui,"Segoe UI",sans-serif;background:var(--page);color:var(--text)}
main{max-width:72rem;margin:0 auto;padding:1.5rem 1.25rem 4rem}
h1{font-size:1.75rem;line-height:1.2;margin:.5rem 0}h2{font-size:1.2rem;margin:2.5rem 0 .75rem}
h3{font-size:1rem;margin:1.25rem 0 .5rem}p{margin:.4rem 0}a{color:var(--accent)}small,.quiet{color:var(--quiet)}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1rem 1.1rem;margin:.75rem 0;min-width:0}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.75rem;margin:1.25rem 0}
.tiles .card{margin:0}.tiles b{display:block;font-size:1.5rem;line-height:1.3;overflow-wrap:anywhere}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%}
th{text-align:left;font-weight:600;color:var(--quiet);font-size:.85rem}
td,th{padding:.45rem .7rem;border-bottom:1px solid var(--line);vertical-align:top}
tr:last-child>td{border-bottom:0}td.number,th.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.good{color:var(--good)}.bad{color:var(--bad)}.part{color:var(--part)}
code,pre{font:13px/1.5 ui-monospace,"Cascadia Mono",Menlo,Consolas,monospace}
pre{background:var(--code);border:1px solid var(--line);border-radius:8px;padding:.7rem .9rem;margin:.5rem 0;overflow-x:auto}
td code,p code,li code{overflow-wrap:anywhere}
summary{cursor:pointer;color:var(--accent)}img{display:block;max-width:100%;height:auto}
.drawing{overflow-x:auto}.drawing img{max-width:none}
nav{display:flex;flex-wrap:wrap;gap:.35rem 1.1rem;margin:1rem 0}
.bar{display:inline-block;width:7rem;height:.5rem;border-radius:.25rem;background:var(--line);overflow:hidden;vertical-align:middle}
.bar i{display:block;height:100%;background:var(--good)}
"""


def element(name: str, /, *children: Node, **attributes: str) -> _Element:
    """Return an element.

    Args:
        name: Its tag.
        children: Texts and elements; None is left out.
        attributes: Its attributes; `class_` is the class.
    """
    made = etree.Element(name, {key.rstrip("_"): _text(value) for key, value in attributes.items()})
    for child in children:
        if isinstance(child, str):
            _append_text(made, _text(child))
        elif child is not None:
            made.append(child)
    return made


def link(target: str, *children: Node, fragment: str = "") -> _Element:
    """Return a link to a file next to the page, given as a relative path, and to an element in it, given as its id."""
    return element("a", *children, href=quote(target) + (f"#{encode(fragment)}" if fragment else ""))


def picture(target: str, about: str) -> _Element:
    """Return a picture from a file next to the page, with a text for those who do not see it."""
    return element("img", src=quote(target), alt=about, loading="lazy")


def bar(percent: float) -> _Element:
    """Return a bar that is filled to a percentage."""
    filled = min(max(percent, 0.0), 100.0)
    return element("span", element("i", style=f"width:{filled:.1f}%"), class_="bar", role="presentation")


def table(headings: list[Node], rows: list[list[Node]], numbers: frozenset[int] = frozenset()) -> _Element:
    """Return a table; the columns in `numbers`, from 0, are aligned to the right."""

    def cells(tag: str, row: list[Node]) -> list[_Element]:
        kinds = [{"class_": "number"} if column in numbers else {} for column in range(len(row))]
        return [element(tag, cell, **kind) for cell, kind in zip(row, kinds, strict=True)]

    head = element("thead", element("tr", *cells("th", headings)))
    body = element("tbody", *(element("tr", *cells("td", row)) for row in rows))
    return element("div", element("table", head, body), class_="scroll")


def quote(path: str) -> str:
    """Return a relative path as a URL; it cannot become one of another scheme or host."""
    return "./" + encode(path.replace("\\", "/").lstrip("/"))


def page(title: str, *content: Node) -> bytes:
    """Return a whole page."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width,initial-scale=1"),
        element("title", title),
        element("style", STYLE),
    )
    root = element("html", head, element("body", element("main", *content)), lang="en")
    text: bytes = html.tostring(root, doctype="<!doctype html>", encoding="utf-8")
    return text + b"\n"


def _append_text(made: _Element, text: str) -> None:
    if len(made):
        made[-1].tail = (made[-1].tail or "") + text
    else:
        made.text = (made.text or "") + text


def _text(text: str) -> str:
    """Return a text without what a page cannot hold."""
    return _NOT_XML.sub("\ufffd", text)
