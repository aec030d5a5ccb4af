"""The operations that the application passes have the fields that they are given, and answer what is read of them."""

from __future__ import annotations

import msgspec

from engineering_api.operations.catalogue import Catalogue
from runtime_data.features import Features, Tokens
from tests.support.service import Client


def test_the_operations_fit(client: Client) -> None:
    service = client.http.app.state.service
    catalogue: Catalogue = service.catalogue
    passed = service.part(Features)
    taken = {
        name: {field.name for field in msgspec.structs.fields(catalogue.of(getattr(passed, name)).request)}
        for name in Features.__dataclass_fields__
    }
    assert taken == {"login": {"user_name", "password"}, "logout": set(), "run_pipeline": {"name", "variables"}}
    answered = {field.encode_name for field in msgspec.structs.fields(catalogue.of(passed.login).answer)}
    assert {field.encode_name for field in msgspec.structs.fields(Tokens)} <= answered
