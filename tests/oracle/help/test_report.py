"""The pages that are made of the rows say what the rows say."""

from tests import ROOT
from tests.oracle.help import questions, report
from tests.oracle.help.verdicts import contradiction


def test_the_page_of_counts_is_current() -> None:
    """`python -m tests.oracle.help.report > docs/conformance-help.md` writes it again."""
    assert (ROOT / "docs" / "conformance-help.md").read_text(encoding="utf-8") == report.page()


def test_the_page_of_questions_is_current() -> None:
    """`python -m tests.oracle.help.questions > docs/facts/for-a-real-cpu.md` writes it again."""
    assert (ROOT / "docs" / "facts" / "for-a-real-cpu.md").read_text(encoding="utf-8") == questions.page()


def test_our_answers_are_those_of_the_virtual_cpu() -> None:
    found = ((each, contradiction(each.rule())) for each in questions.read_questions())
    assert [f"{each.id}: {text}" for each, text in found if text or each.ours == each.other] == []
