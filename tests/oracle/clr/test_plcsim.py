"""PLCSIM Advanced through pythonnet, by API version; `test_double.py` runs what uses it in the service."""

from __future__ import annotations

import pytest

from tests.oracle.clr.running import MISSING, through_net

pytestmark = pytest.mark.skipif(
    bool(MISSING),
    reason=f"PLCSIM ADVANCED WAS NOT RUN THROUGH .NET: {MISSING} is not installed (see docs/clr-double.md)",
)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("version", ["1.0", pytest.param("6.0", marks=pytest.mark.slow)])
def test_other_api_versions_run_through_net(version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIA_TEST_CLR_PLCSIM", version)
    through_net("20", "tests/oracle/clr/plcsim_versions.py", seconds=500)
