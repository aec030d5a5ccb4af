"""The LAD and FBD networks within GRAPH: conditions, interlocks, supervisions and permanent operations.

Their JSON is the series that leads to the coil (``[{"contact": "#start"}]``); or an object with the whole network and
what else there is: language, title, text of the alarm.
"""

from dataclasses import dataclass
from typing import Any

from lxml import etree

from simatic_xml import flgnet
from simatic_xml.flgnet.raw import child
from simatic_xml.graph.elements import Maker, read_object, texts_of
from simatic_xml.graph.errors import GraphError
from simatic_xml.graph.model import Logic

COILS = {"Transition": "TrCoil", "Supervision": "SvCoil", "Interlock": "IlCoil"}
"""The part that each network leads to."""

_FORMS = {"rungs": "LAD", "fbd": "FBD"}
_NETWORK = ("rungs", "fbd", "parts", "wires", "element", "labels", "x")
_TEXTS = {"title": "Title", "alarmText": "AlarmText"}


@dataclass(frozen=True, slots=True)
class Networks:
    """Reads and writes the networks of a block whose usual language is `language`."""

    maker: Maker
    language: str

    def to_json(self, holder: etree._Element, coil: str | None) -> Any:
        """Return the JSON of the network in an element; None for a network that is not programmed."""
        data = {key: texts for key, tag in _TEXTS.items() if (texts := short_texts(texts_of(holder, tag)))}
        network, language = child(holder, "FlgNet"), holder.get("ProgrammingLanguage", "")
        if network is not None:
            data |= _shorten(flgnet.to_json(network), coil, language)
        if language != self._usual(data):
            data = {"language": language, **data}
        if data.get("series") == []:
            del data["series"]
        return data["series"] if set(data) == {"series"} else data or None

    def build(self, data: object, pointer: str, holder: etree._Element, coil: str | None) -> None:
        """Put the network for its JSON, with its language and texts, into an element.

        Raises:
            SimaticMLError: the JSON is not a network.
        """
        given = {} if data is None else {"series": data} if isinstance(data, list) else data
        if not isinstance(given, dict) or set(given) - {"language", "series", *_NETWORK, *_TEXTS}:
            raise GraphError(
                "A network is the series that leads to its coil, or an object with 'rungs' or 'fbd'.", pointer
            )
        reader = read_object(given, pointer)
        holder.set("ProgrammingLanguage", reader.text("language") or self._usual(given))
        for key, tag in _TEXTS.items():
            texts = reader.comment(key)
            if texts:
                self.maker.texts(tag, holder, texts)
        network = {key: given[key] for key in _NETWORK if key in given}
        if coil is not None and not network:
            network = _whole(reader.list("series"), coil, holder.get("ProgrammingLanguage", ""))
        elif "series" in given:
            raise GraphError("A network has either a series, where it leads to a coil, or 'rungs' or 'fbd'.", pointer)
        if network:
            holder.append(self._network(network, pointer))

    def _network(self, network: dict[str, Any], pointer: str) -> etree._Element:
        try:
            return flgnet.from_json(network, namespace=self.maker.namespace)
        except flgnet.FlgNetError as error:
            raise GraphError(error.message, pointer + (error.pointer or "")) from error

    def _usual(self, data: dict[str, Any]) -> str:
        return next((language for form, language in _FORMS.items() if form in data), self.language)


def read_logic(holder: etree._Element, coil: str | None) -> Logic:
    """Read the network of an element; it is programmed if its coil connects to more than the rail or an open end."""
    network = child(holder, "FlgNet")
    if network is None:
        return Logic(holder.get("ProgrammingLanguage", ""), None, programmed=False)
    parts = flgnet.graph(network).parts
    programmed = [part.name for part in parts] != [coil] or flgnet.graph(network).accesses != []
    return Logic(holder.get("ProgrammingLanguage", ""), network, programmed)


def short_texts(texts: dict[str, str]) -> Any:
    """Return a text in its shortest JSON form: a string where it is English only."""
    return texts["en-US"] if list(texts) == ["en-US"] and texts["en-US"] else texts


def _shorten(network: dict[str, Any], coil: str | None, language: str) -> dict[str, Any]:
    """Return the series that leads to the coil, where this is all there is."""
    form = _form(language)
    if coil is None or set(network) != {form} or len(network[form]) != 1 or network[form][0][-1:] != [{"box": coil}]:
        return network
    return {"series": network[form][0][:-1]}


def _whole(series: list[Any], coil: str, language: str) -> dict[str, Any]:
    return {_form(language): [[*series, {"box": coil}]]}


def _form(language: str) -> str:
    return "fbd" if language == "FBD" else "rungs"
