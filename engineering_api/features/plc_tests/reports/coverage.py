"""Coverage for people: the totals and the annotated listing, as text and as an HTML page without further files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from engineering_api.features.plc_tests.coverage import lines
from engineering_api.features.plc_tests.reports.listing import MISSED, PARTLY, REACHED, Line, ListedBlock
from engineering_api.features.plc_tests.results import Count, CoverageTotals

_MARKS = {REACHED: " ", PARTLY: "~", MISSED: "!", "": " "}
_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;background:#fff;color:#1f2430}
table{border-collapse:collapse;margin:1rem 0}td,th{padding:.25rem .9rem;text-align:right;border-bottom:1px solid #e4e7ec}
td:first-child,th:first-child{text-align:left}h2{margin:2.5rem 0 .3rem}h3{font-size:1rem;margin:1rem 0 .3rem}
pre{margin:0;font:13px/1.55 ui-monospace,Menlo,Consolas,monospace;overflow-x:auto}
pre span{display:block;padding-left:.6rem;border-left:4px solid transparent;min-height:1.55em}
pre i{display:inline-block;width:4.5rem;text-align:right;margin-right:1rem;font-style:normal;color:#667085}
pre b{font-weight:normal;color:#b54708;margin-left:1.5rem}
.reached{border-color:#32a467!important}.partly{border-color:#dc9a00!important;background:#fff6e0}
.missed{border-color:#d92d20!important;background:#fdeceb}a{color:#175cd3}
@media(prefers-color-scheme:dark){body{background:#12151c;color:#e4e7ec}td,th{border-color:#252b37}a{color:#84adff}
.partly{background:#2f2611}.missed{background:#341a1c}pre i{color:#98a2b3}pre b{color:#fdb022}}
""".strip().replace("\n", "")


def text(totals: CoverageTotals, blocks: Iterable[ListedBlock]) -> str:
    """Return the totals, then each block: `!` marks what is not reached, `~` what is reached in part."""
    return "\n".join([*lines(totals), *(line for block in blocks for line in _text_block(block)), ""])


def _text_block(block: ListedBlock) -> Iterator[str]:
    yield ""
    yield f"{block.name} ({block.kind})"
    for network in block.networks:
        yield f"  {network.heading}"
        for line in network.lines:
            count = "" if line.count is None else f"{line.count}x"
            note = f"    <- {line.note}" if line.note else ""
            yield f"{_MARKS[line.state]}{count:>8} {line.number:4}  {line.text.expandtabs(4)}{note}".rstrip()


def html(totals: CoverageTotals, blocks: Iterable[ListedBlock], title: str = "Coverage") -> str:
    """Return the same as a page."""
    parts = [
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>',
        f"<h1>{escape(title)}</h1><table><tr><th></th><th>statements</th><th>branches</th><th>networks</th></tr>",
        _row("all blocks", (totals.statements, totals.branches, totals.networks)),
        *(_row(_link(each.block), (each.statements, each.branches, each.networks)) for each in totals.blocks),
        "</table>",
        *(part for block in blocks for part in _html_block(block)),
        "</html>",
    ]
    return "\n".join([*parts, ""])


def _row(name: str, counts: Iterable[Count]) -> str:
    cells = "".join(f"<td>{each.reached}/{each.total} · {each.percent:g} %</td>" for each in counts)
    return f"<tr><td>{name}</td>{cells}</tr>"


def _link(block: str) -> str:
    return f'<a href="#{escape(block, quote=True)}">{escape(block)}</a>'


def _html_block(block: ListedBlock) -> Iterator[str]:
    yield f'<h2 id="{escape(block.name, quote=True)}">{escape(block.name)} <small>{escape(block.kind)}</small></h2>'
    for network in block.networks:
        yield f"<h3>{escape(network.heading)}</h3><pre>{''.join(_html_line(line) for line in network.lines)}</pre>"


def _html_line(line: Line) -> str:
    count = "" if line.count is None else f"{line.count}×"
    note = f"<b>{escape(line.note)}</b>" if line.note else ""
    kind = f' class="{line.state}"' if line.state else ""
    return f"<span{kind}><i>{count}</i>{escape(line.text.expandtabs(4))}{note}</span>"
