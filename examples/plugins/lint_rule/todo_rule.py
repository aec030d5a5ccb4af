"""A rule of a plant: a comment with TODO is work that is not done."""

from collections.abc import Iterator

from simatic_xml.lint.model import Options, Rule, Violation, text
from simatic_xml.lint.source import Source


def open_work(source: Source, options: Options) -> Iterator[Violation]:
    """Find comments that contain the word."""
    word = text(options, "word")
    for comment in source.comments:
        place = comment.piece.source.find(word)
        if place >= 0:
            start = comment.start + place
            yield Violation(start, start + len(word), f"{word} is open work; do it, or write an issue.")


RULE = Rule(
    "TODO1", "open-work", "warning", "Comments name no open work.", "House", open_work, options={"word": "TODO"}
)
