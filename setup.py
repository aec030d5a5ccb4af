"""Puts into the wheel what the packages' folders do not hold; everything else about the package is in pyproject.toml.

1. What is generated. A build takes what `python3 dev.py generate` wrote. In a tree without it, such as one that pip cloned, the
   build runs the generator, and asks for the packages of the service first, which the generator needs.
2. The guides and JSON schemas of the folder docs, which the service offers.
3. Swagger UI's files, from a package that is needed for the build only.
4. The examples that `tia demo` and the demo project are made of.
5. The console, with the files of others that `python3 dev.py console` fetched. Without them the package has no console.

An editable installation needs none of it. The README gets absolute links, because a package index shows it without the files
around it.
"""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from shutil import copyfile
from typing import Any

from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools.errors import SetupError

METHODS = Path("engineering_api/client/resources/__init__.py")
SITE = Path("build/site.zip")
"""The documentation site, which a wheel has where `python3 dev.py docs` wrote it."""
DOCS = Path("docs")
GENERATED_DOCS = {DOCS / "api", DOCS / "openapi.json"}
"""The service makes them itself."""
GUIDES = Path("engineering_api/guides")
DOC_SUFFIXES = {".md", ".json", ".tsv", ".svg", ".png"}
SWAGGER_UI = Path("engineering_api/web/pages/swagger_ui")
SWAGGER_FILES = ("swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png", "LICENSE", "VERSION")
LINK = re.compile(r"(!?)\[([^\]]*)\]\((?![a-z]+:|#)([^)\s]+)\)")
CONSOLE = Path("console")
CONSOLE_SUFFIXES = {".css", ".html", ".js", ".json", ".mjs", ".svg"}
EXAMPLES = (Path("examples/conveyor"), Path("examples/first-start"))
"""What `tia demo` and the demo project are made of."""
INDEXES = (Path("engineering_api/documentation/codes.json"), Path("engineering_api/cli/commands.json"))


class BuildWithGenerated(build_py):
    """Copies the modules, and what else belongs into the wheel."""

    def run(self) -> None:
        """Build.

        Raises:
            SetupError: Something that belongs into the wheel is missing and cannot be generated.
        """
        if not self.editable_mode:
            generate()
            for target, source in self._added():
                self.mkpath(str(target.parent))
                copyfile(source, target)
        super().run()

    def get_source_files(self) -> list[str]:
        """What a source distribution needs so that a wheel can be built from it."""
        return [
            *super().get_source_files(),
            *(str(file) for file in (*docs(), *examples(), *console()) if file.is_file()),
        ]

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        """The files that are built."""
        outputs = super().get_outputs(include_bytecode)
        return outputs if self.editable_mode else [*outputs, *(str(target) for target, _ in self._added())]

    def _added(self) -> Iterator[tuple[Path, Path]]:
        """Each added file of the wheel, and the file that it is copied from."""
        built = Path(self.build_lib)
        if SITE.is_file():
            yield built / "engineering_api" / "documentation" / "site.zip", SITE
        for file in docs():
            yield built / GUIDES / file.relative_to(DOCS), file
        for file in examples():
            yield built / "engineering_api" / file, file
        for file in console():
            yield built / "engineering_api" / "web" / "pages" / file, file
        for name in SWAGGER_FILES:
            yield built / SWAGGER_UI / name, swagger_ui() / name


def missing() -> list[Path]:
    """The generated files that are not there."""
    return [file for file in (METHODS, *INDEXES) if not file.is_file()]


def generate() -> None:
    """Generate what is missing.

    Raises:
        SetupError: The generator failed.
    """
    names = " and ".join(file.as_posix() for file in missing())
    if names and subprocess.run([sys.executable, "-m", "engineering_api.generation"], check=False).returncode:
        raise SetupError(f"{names} cannot be generated: run python3 dev.py generate, then build again")


def docs() -> list[Path]:
    """The files of the folder docs that the service offers."""
    files = (file for file in DOCS.rglob("*") if file.suffix in DOC_SUFFIXES)
    return sorted(file for file in files if GENERATED_DOCS.isdisjoint((file, *file.parents)))


def examples() -> list[Path]:
    """The files of the examples."""
    return sorted(file for folder in EXAMPLES for file in folder.rglob("*") if file.is_file())


def console() -> list[Path]:
    """The files of the console and the licences of its packages; none where its packages were not fetched."""
    if not (CONSOLE / "vendor" / "lock").is_file():
        return []
    files = (file for file in CONSOLE.rglob("*") if file.suffix in CONSOLE_SUFFIXES or file.name == "LICENSE")
    return sorted(files)


def swagger_ui() -> Path:
    """The folder of Swagger UI's files. Their package is found, not imported: that would need Flask.

    Raises:
        SetupError: It is not installed.
    """
    spec = find_spec("flask_swagger_ui")
    if spec is None or not spec.submodule_search_locations:
        raise SetupError(
            "flask-swagger-ui, whose files the wheel contains, is not installed: pip install flask-swagger-ui"
        )
    return Path(spec.submodule_search_locations[0]) / "dist"


def project() -> dict[str, Any]:
    """What pyproject.toml says about the project."""
    found: dict[str, Any] = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    return found


def readme() -> str:
    """The README with absolute links."""
    repository = project()["urls"]["Repository"]

    def absolute(link: re.Match[str]) -> str:
        image, text, target = link.groups()
        kind = "raw" if image else "tree" if target.endswith("/") else "blob"
        return f"{image}[{text}]({repository}/{kind}/HEAD/{target})"

    return LINK.sub(absolute, Path("README.md").read_text(encoding="utf-8"))


setup(
    cmdclass={"build_py": BuildWithGenerated},
    setup_requires=[*project()["dependencies"], *project()["optional-dependencies"]["service"]] if missing() else [],
    long_description=readme(),
    long_description_content_type="text/markdown",
)
