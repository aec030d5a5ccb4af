"""Files are written as a whole or not at all; links stay links, devices stay devices, pipes stay pipes."""

import ast
import os
import stat
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from simatic_xml.writing.whole_files import publish, write_whole
from tests import ROOT

CONTENT = b"new\n"
Way = Callable[[Path], None]
only_unix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")


def _write(path: Path) -> None:
    write_whole(path, CONTENT)


def _publish(path: Path) -> None:
    draft = path.parent / "draft"
    draft.write_bytes(CONTENT)
    publish(draft, path)


@pytest.fixture(params=[_write, _publish], ids=["write", "publish"])
def way(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Way]:
    yield request.param
    assert not [each for each in tmp_path.iterdir() if each.name.startswith(".") or each.name == "draft"]


def test_it_replaces_a_regular_file_in_one_step(way: Way, tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"old")
    with file.open("rb") as reader:
        way(file)
        assert reader.read() == b"old"  # the old file was not written to
    assert file.read_bytes() == CONTENT


@only_unix
def test_a_link_stays_and_its_file_is_replaced(way: Way, tmp_path: Path) -> None:
    file, link = tmp_path / "a", tmp_path / "link"
    file.write_bytes(b"old")
    link.symlink_to("a")
    way(link)
    assert link.is_symlink() and file.read_bytes() == CONTENT


@only_unix
def test_a_link_to_nothing_stays_and_its_file_is_made(way: Way, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to("a")
    way(link)
    assert link.is_symlink() and (tmp_path / "a").read_bytes() == CONTENT


@only_unix
def test_a_pipe_gets_the_bytes(way: Way, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()), daemon=True)
    reader.start()
    way(pipe)
    reader.join(30)
    assert got == [CONTENT] and stat.S_ISFIFO(pipe.stat().st_mode)


@only_unix
@pytest.mark.parametrize("by_link", [False, True], ids=["itself", "by a link"])
def test_a_device_gets_the_bytes(way: Way, tmp_path: Path, *, by_link: bool) -> None:
    master, slave = os.openpty()
    try:
        name = Path(os.ttyname(slave))
        if by_link:
            (tmp_path / "tty").symlink_to(name)
        # publish needs the draft and a device in one folder only for regular files
        if way is _publish and not by_link:
            draft = tmp_path / "draft"
            draft.write_bytes(CONTENT)
            publish(draft, name)
        else:
            way(tmp_path / "tty" if by_link else name)
        assert stat.S_ISCHR(name.stat().st_mode)
        assert os.read(master, 100).replace(b"\r\n", b"\n") == CONTENT
    finally:
        os.close(master)
        os.close(slave)


@only_unix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can make a device")
def test_a_node_like_dev_null_stays(way: Way, tmp_path: Path) -> None:
    node = tmp_path / "null"
    try:
        os.mknod(node, 0o666 | stat.S_IFCHR, os.makedev(1, 3))
        node.read_bytes()
    except OSError:
        pytest.skip("this computer does not allow devices here")
    way(node)
    assert stat.S_ISCHR(node.stat().st_mode)


@only_unix
def test_modes(tmp_path: Path) -> None:
    kept, private = tmp_path / "kept", tmp_path / "private"
    kept.write_bytes(b"")
    kept.chmod(0o640)
    write_whole(kept, CONTENT)
    write_whole(private, CONTENT, private=True, durable=True)
    made = tmp_path / "made"
    write_whole(made, CONTENT)
    (tmp_path / "other").write_bytes(b"")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o640
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    assert made.stat().st_mode == (tmp_path / "other").stat().st_mode


def test_a_folder_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError):
        write_whole(tmp_path / "folder", CONTENT)


RENAMES = {
    "simatic_xml/writing/whole_files.py": "the writer itself",
    "simatic_xml/caching/disk_cache.py": "own cache; a link in it is refused when it is read",
    "engineering_api/files/guarded.py": "clients' files below a held folder; roots.new refuses all but regular files",
    "engineering_api/files/archives.py": "a folder",
    "engineering_api/storage/backup.py": "folders and files of the data folder, aside",
    "runtime_data/history/day_files.py": "own databases",
    "engineering_api/features/devices/hardware_catalog.py": "own cache",
    "openness_bridge/portal/own_projects.py": "own list",
    "engineering_api/storage/database.py": "own database",
    "runtime_data/native/runtime_rules_operations.py": "not a file: rules",
    "engineering_api/features/plc_tests/benches/bench.py": "not a file: names of tags",
    "engineering_api/cli/demo/steps.py": "not a file: a text",
    "engineering_api/security/api_keys.py": "not a file: a row",
    "openness_bridge/plcsim/tags.py": "not a file: a list of tags",
    "engineering_api/web/listening/gate.py": "not a file: a protocol",
    "openness_bridge/hmi/lists.py": "from a folder of its own to a file that is new",
    "openness_bridge/hmi/files.py": "from a folder of its own to a file that is new",
}
"""Where a file or folder gets another file's name, and what its target is."""


def test_nothing_else_renames_over_a_file_that_a_user_names() -> None:
    found = set()
    for package in ("simatic_xml", "engineering_api", "runtime_data", "openness_bridge"):
        for file in (ROOT / package).rglob("*.py"):
            if any(map(_renames, ast.walk(ast.parse(file.read_text(encoding="utf-8"))))):
                found.add(file.relative_to(ROOT).as_posix())
    assert found == RENAMES.keys()


def _renames(node: ast.AST) -> bool:
    """Return whether a node is a call that gives a file another file's name: os.replace(a, b), path.replace(b), shutil.move."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    owner = node.func.value.id if isinstance(node.func.value, ast.Name) else ""
    if owner in {"os", "shutil"}:
        return node.func.attr in {"replace", "rename", "renames", "move"}
    bound = node.func.attr in {"replace", "rename"} and len(node.args) == 1 and not node.keywords
    return (
        bound
        and not isinstance(node.args[0], ast.Constant | ast.Dict)
        and ast.unparse(node.func) != "msgspec.structs.replace"
    )
