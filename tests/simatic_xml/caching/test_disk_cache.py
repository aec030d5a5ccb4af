"""The cache on the disk: it gives back what was put in, and nothing that anybody else or a failure has made of it."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simatic_xml.caching import disk_cache
from simatic_xml.caching.disk_cache import DiskCache, key_of, open_cache
from tests.support.examples import examples

posix = pytest.mark.skipif(sys.platform == "win32", reason="the user's profile on Windows has its own rights")


@pytest.fixture(name="cache")
def _cache(tmp_path: Path) -> DiskCache:
    return opened(tmp_path)


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    disk_cache.use(None)


def opened(folder: Path, most: int = 1 << 20) -> DiskCache:
    """Return a cache in a folder of its own."""
    found = open_cache(folder / "cache", folder / "secret" / "cache.secret", most)
    assert found is not None
    return found


def test_what_was_put_in_comes_out(cache: DiskCache) -> None:
    assert cache.get("one") is None
    cache.put("one", b"first")
    cache.put("one", b"second")
    cache.put("two", b"")
    assert (cache.get("one"), cache.get("two"), cache.get("three")) == (b"second", b"", None)


def test_another_process_of_the_user_finds_it(tmp_path: Path, cache: DiskCache) -> None:
    cache.put("one", b"content")
    assert opened(tmp_path).get("one") == b"content"


@examples(60)
@given(content=st.binary(max_size=200), data=st.data())
def test_no_changed_entry_is_used(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("changed")
    cache = opened(folder)
    cache.put("one", content)
    file = folder / "cache" / "one"
    written = file.read_bytes()
    at = data.draw(st.integers(0, len(written) - 1))
    other = data.draw(st.integers(1, 255))
    changed = [
        written[:at] + bytes([written[at] ^ other]) + written[at + 1 :],
        written[:at],
        written + b"\0",
        content,
    ]
    file.write_bytes(data.draw(st.sampled_from(changed)))
    assert cache.get("one") is None
    assert not file.exists()


def test_an_entry_under_another_name_is_not_used(tmp_path: Path, cache: DiskCache) -> None:
    cache.put("one", b"content")
    (tmp_path / "cache" / "one").rename(tmp_path / "cache" / "two")
    assert cache.get("two") is None


def test_an_entry_of_another_computer_is_not_used(tmp_path: Path, cache: DiskCache) -> None:
    cache.put("one", b"content")
    (tmp_path / "secret" / "cache.secret").unlink()
    assert opened(tmp_path).get("one") is None


@posix
@pytest.mark.parametrize("mode", [0o755, 0o770, 0o701])
def test_a_folder_that_others_may_enter_is_not_used(tmp_path: Path, mode: int) -> None:
    folder = tmp_path / "cache"
    folder.mkdir()
    folder.chmod(mode)
    assert open_cache(folder, tmp_path / "secret", 1000) is None


@posix
def test_a_link_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (tmp_path / "cache").symlink_to(tmp_path / "elsewhere")
    assert open_cache(tmp_path / "cache", tmp_path / "secret", 1000) is None


@posix
def test_a_folder_of_another_user_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(tmp_path)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert open_cache(tmp_path / "cache", tmp_path / "secret" / "cache.secret", 1000) is None


@posix
def test_a_link_or_a_file_that_others_may_write_is_no_entry(tmp_path: Path, cache: DiskCache) -> None:
    cache.put("one", b"content")
    (tmp_path / "cache" / "two").symlink_to("one")
    assert cache.get("two") is None
    (tmp_path / "cache" / "one").chmod(0o620)
    assert cache.get("one") is None


@posix
def test_a_secret_that_others_may_read_is_not_used(tmp_path: Path) -> None:
    opened(tmp_path)
    (tmp_path / "secret" / "cache.secret").chmod(0o644)
    assert open_cache(tmp_path / "cache", tmp_path / "secret" / "cache.secret", 1000) is None


@posix
def test_nobody_else_may_read_what_is_written(tmp_path: Path, cache: DiskCache) -> None:
    cache.put("one", b"content")
    files = [tmp_path / "cache", *(tmp_path / "cache").iterdir(), *(tmp_path / "secret").iterdir()]
    assert {each.stat().st_mode & 0o077 for each in files} == {0}


def test_the_entries_that_were_not_used_for_longest_go_first(tmp_path: Path) -> None:
    cache = opened(tmp_path, 4000)
    for number in range(4):
        cache.put(f"entry{number}", bytes(900))
        os.utime(tmp_path / "cache" / f"entry{number}", (number, number))
    assert cache.get("entry0") is not None
    cache.put("entry4", bytes(900))
    assert [number for number in range(5) if cache.get(f"entry{number}") is not None] == [0, 2, 3, 4]


def test_an_entry_that_would_replace_all_others_is_not_kept(tmp_path: Path) -> None:
    cache = opened(tmp_path, 4000)
    cache.put("large", bytes(1001))
    assert cache.get("large") is None


def test_nothing_is_kept_where_the_limit_is_zero_or_the_folder_cannot_be_made(tmp_path: Path) -> None:
    assert open_cache(tmp_path / "cache", tmp_path / "secret", 0) is None
    (tmp_path / "file").touch()
    assert open_cache(tmp_path / "file" / "cache", tmp_path / "secret", 1000) is None
    disk_cache.configure(tmp_path / "file" / "cache", tmp_path / "secret", 1000)
    assert disk_cache.current() is None


def test_a_cache_whose_folder_is_gone_keeps_nothing(tmp_path: Path, cache: DiskCache) -> None:
    (tmp_path / "cache").rmdir()
    cache.put("one", b"content")
    assert cache.get("one") is None


def test_threads_never_see_half_an_entry(cache: DiskCache) -> None:
    contents = [bytes([number]) * 50_000 for number in range(8)]
    seen: set[bytes | None] = set()

    def work(content: bytes) -> None:
        for _ in range(20):
            cache.put("one", content)
            seen.add(cache.get("one"))

    threads = [threading.Thread(target=work, args=(content,)) for content in contents]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert seen <= set(contents)


@examples(100)
@given(st.lists(st.binary(max_size=3), max_size=4), st.lists(st.binary(max_size=3), max_size=4))
def test_different_parts_have_different_keys(one: list[bytes], two: list[bytes]) -> None:
    assert (key_of("a", one, ()) == key_of("a", two, ())) == (one == two)


def test_a_key_is_the_name_of_a_file_and_says_what_it_is() -> None:
    key = key_of("program", ["../../\0", "x" * 5000], ["simatic_xml"])
    assert key.startswith("program-") and key.replace("-", "").isalnum() and len(key) < 80
    assert key_of("report", ["a"], ()) != key_of("program", ["a"], ())


def test_another_version_of_a_package_has_another_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "a_package_of_a_test"
    package.mkdir()
    (package / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    keys = []
    for text in ("one", "three"):
        (package / "part.py").write_text(text)
        disk_cache._stamp.cache_clear()
        keys.append(key_of("a", ["part"], [package.name]))
    disk_cache._stamp.cache_clear()
    assert keys[0] != keys[1]
