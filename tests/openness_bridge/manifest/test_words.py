"""The words of answers that are members of TIA Portal's enums are those of the manifest, in each version."""

from typing import Any, get_args

import pytest

from openness_bridge.manifest.reading import OPENNESS, PLCSIM, read, versions
from openness_bridge.online.compare import CompareState
from openness_bridge.online.download import ResultState
from openness_bridge.online.online import OnlineState
from openness_bridge.plcsim.runtime import OperatingState
from openness_bridge.plcsim.tag_list import PrimitiveType
from openness_bridge.portal.portal import PortalMode

WORDS = [
    (OPENNESS, "Online.OnlineState", OnlineState),
    (OPENNESS, "Compare.CompareResultState", CompareState),
    (OPENNESS, "Download.DownloadResultState", ResultState),
    (OPENNESS, "Upload.UploadResultState", ResultState),
    (OPENNESS, "TiaPortalMode", PortalMode),
    (PLCSIM, "EOperatingState", OperatingState),
    (PLCSIM, "EPrimitiveDataType", PrimitiveType),
]


@pytest.mark.parametrize(("product", "name", "words"), WORDS, ids=[name for _, name, _ in WORDS])
def test_words_are_the_members_of_the_enum(product: str, name: str, words: Any) -> None:
    (literal, *_) = get_args(words)
    for version in versions(product):
        assert {member.name for member in read(version, product).types[name].own.values()} == set(get_args(literal))
