"""Multilingual texts and the languages of a project."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from fake_dotnet.system import CultureInfo, require_type
from fake_openness.core.characters import require_text
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.objects import Composition, EngineeringObject


class Language(EngineeringObject):
    """A language that texts can be written in."""

    def __init__(self, parent: EngineeringObject, culture: str) -> None:
        """Keep the culture by its name, such as en-US."""
        super().__init__(parent)
        self._culture = culture

    @property
    def Culture(self) -> CultureInfo:
        """The culture."""
        return CultureInfo(self._culture)


class LanguageComposition(Composition[Language]):
    """The languages that TIA Portal knows."""

    def Find(self, culture: CultureInfo) -> Language | None:
        """Return the language of a culture, or None."""
        name = require_type(culture, CultureInfo, "culture").Name
        return next((item for item in self._items if item._culture == name), None)


class LanguageAssociation(LanguageComposition):
    """The active languages of a project."""

    def Add(self, item: Language) -> None:
        """Activate a language."""
        if not self.Contains(require_type(item, Language, "language")):
            self._add(item)

    def Remove(self, item: Language) -> None:
        """Deactivate a language; the last one stays."""
        if len(self._items) == 1:
            msg = "A project keeps at least one active language."
            raise EngineeringTargetInvocationException(msg, code="language.last")
        self._remove(item)


_CULTURES = Path(__file__).parents[1] / "data" / "cultures.csv"


@cache
def known_cultures() -> tuple[str, ...]:
    """Return the cultures of Windows that can be project languages.

    Which ones TIA Portal offers is not documented in public.
    """
    return tuple(_CULTURES.read_text(encoding="ascii").split()[1:])


class LanguageSettings(EngineeringObject):
    """Project.LanguageSettings."""

    def __init__(self, parent: EngineeringObject, active: list[str]) -> None:
        """Activate the given cultures; the first is editing and reference language."""
        super().__init__(parent)
        self._languages = LanguageComposition(self)
        self._languages._items = [Language(self, name) for name in known_cultures()]
        self._active = LanguageAssociation(self)
        self._active._items = [item for item in self._languages._items if item._culture in active]
        self._editing = self._reference = self._active._items[0]

    @property
    def Languages(self) -> LanguageComposition:
        """All languages."""
        return self._languages

    @property
    def ActiveLanguages(self) -> LanguageAssociation:
        """The languages that texts of this project have."""
        return self._active

    @property
    def EditingLanguage(self) -> Language:
        """The language in which the editors write."""
        return self._editing

    @EditingLanguage.setter
    def EditingLanguage(self, value: Language) -> None:
        self._assign("_editing", self._require_active(value))

    @property
    def ReferenceLanguage(self) -> Language:
        """The language that translations start from."""
        return self._reference

    @ReferenceLanguage.setter
    def ReferenceLanguage(self, value: Language) -> None:
        self._assign("_reference", self._require_active(value))

    def _require_active(self, value: Language) -> Language:
        if not self._active.Contains(require_type(value, Language, "value")):
            msg = f"The language {value._culture} is not active in this project."
            raise EngineeringTargetInvocationException(msg, code="language.inactive")
        return value


class MultilingualTextItem(EngineeringObject):
    """One language's text."""

    def __init__(self, parent: EngineeringObject, text: MultilingualText, language: Language) -> None:
        """View the text of one language."""
        super().__init__(parent)
        self._of, self._language = text, language

    @property
    def Language(self) -> Language:
        """The language of this item."""
        return self._language

    @property
    def Text(self) -> str:
        """The text, empty where there is none."""
        return self._of._read(self._language._culture)

    @Text.setter
    def Text(self, value: str) -> None:
        self._of._write(self._language._culture, require_type(value, str, "value"))


class MultilingualTextItemComposition(Composition[MultilingualTextItem]):
    """The items of a text, one for each active language."""

    def Find(self, language: Language) -> MultilingualTextItem | None:
        """Return the item of a language, or None where it is not active."""
        wanted = require_type(language, Language, "language")._culture
        return next((item for item in self._items if item._language._culture == wanted), None)


class MultilingualText(EngineeringObject):
    """A text in the project's active languages.

    The texts live in a plain dict of the owner, so that thousands of tags cost
    little; the items are made on demand.
    """

    def __init__(
        self,
        parent: EngineeringObject,
        languages: Callable[[], LanguageSettings],
        texts: dict[str, str],
        written: Callable[[], None] = lambda: None,
    ) -> None:
        """View texts (culture to text); `written` is called after each change."""
        super().__init__(parent)
        self._languages, self._texts, self._written = languages, texts, written

    @property
    def Items(self) -> MultilingualTextItemComposition:
        """One item for each active language."""
        items = MultilingualTextItemComposition(self)
        items._items = [MultilingualTextItem(items, self, lang) for lang in self._languages()._active._items]
        return items

    def _read(self, culture: str) -> str:
        return self._texts.get(culture, "")

    def _write(self, culture: str, text: str) -> None:
        old = self._texts.get(culture)
        self._texts[culture] = require_text(text)
        self._written()

        def undo() -> None:
            if old is None:
                self._texts.pop(culture, None)
            else:
                self._texts[culture] = old

        self._note_change(undo)
