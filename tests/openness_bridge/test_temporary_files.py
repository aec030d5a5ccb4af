"""Temporary files for imports and exports: a path without a file, gone at the end."""

from __future__ import annotations

import pytest

from openness_bridge.files import one_folder, temporary


def test_a_temporary_path_has_no_file_and_leaves_none() -> None:
    with temporary(".xml") as path:
        assert path.is_absolute()
        assert path.suffix == ".xml"
        assert not path.exists()
        path.write_text("x")
    assert not path.parent.exists()


def test_paths_in_one_folder_differ_and_their_files_are_deleted_one_by_one() -> None:
    with one_folder():
        with temporary(".xml") as first, temporary(".scl") as second:
            assert first.parent == second.parent
            assert {first.suffix, second.suffix} == {".xml", ".scl"}
            first.write_text("x")
        assert list(first.parent.iterdir()) == []
        with temporary(".xml") as third:
            assert third not in (first, second)
    assert not first.parent.exists()
    with temporary(".xml") as alone:
        assert alone.parent != first.parent


def test_a_failure_leaves_no_folder() -> None:
    with pytest.raises(ValueError, match="stop"), one_folder(), temporary(".xml") as path:
        path.write_text("x")
        raise ValueError("stop")
    assert not path.parent.exists()
