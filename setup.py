"""Puts into the wheel what is generated; everything else about the package is in pyproject.toml.

The generator needs the packages that the service needs, and an isolated build has none of them. So a build generates nothing:
it takes what `python3 dev.py generate` wrote, and refuses where that is missing. An editable installation needs none of it.
"""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools.errors import SetupError

METHODS = Path("engineering_api/client/resources/__init__.py")
OPENAPI = Path("docs/openapi.json")


class BuildWithGenerated(build_py):
    """Copies the modules, and the OpenAPI document as engineering_api/openapi.json."""

    def run(self) -> None:
        """Build.

        Raises:
            SetupError: What is generated is missing.
        """
        if not self.editable_mode:
            missing = [file.as_posix() for file in (METHODS, OPENAPI) if not file.is_file()]
            if missing:
                raise SetupError(f"{' and '.join(missing)} must be generated first: run python3 dev.py generate")
            self.mkpath(str(self._openapi().parent))
            self.copy_file(str(OPENAPI), str(self._openapi()))
        super().run()

    def get_source_files(self) -> list[str]:
        """What a source distribution needs so that a wheel can be built from it."""
        return [*super().get_source_files(), *([str(OPENAPI)] if OPENAPI.is_file() else [])]

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        """The files that are built."""
        outputs = super().get_outputs(include_bytecode)
        return outputs if self.editable_mode else [*outputs, str(self._openapi())]

    def _openapi(self) -> Path:
        return Path(self.build_lib) / "engineering_api" / "openapi.json"


setup(cmdclass={"build_py": BuildWithGenerated})
