"""The software bill of materials: CycloneDX, JSON, of the packages that are installed for the service, and of the console's.

Two runs on one installation differ only in serial number and time. Packages are named by purl; there are no addresses
and no paths in it.
"""

from __future__ import annotations

import base64
import sys
from pathlib import Path
from typing import Any

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.utils import canonicalize_name

from console import vendoring
from engineering_api import VERSION
from tests.supply_chain.installed import ROOT, Package, packages, project, requirements
from tests.supply_chain.licences import UNKNOWN, licence
from tests.supply_chain.policy import Licences, policy

FILE = ROOT / "build" / "sbom.cdx.json"


def bill() -> Bom:
    """The bill of this installation."""
    table = project()
    service = Component(
        name=table["name"],
        version=VERSION,
        type=ComponentType.APPLICATION,
        bom_ref=table["name"],
        licenses=[LicenseExpression(table["license"])],
    )
    found, licences = packages(), policy().licences
    components = {name: _component(package, licences) for name, package in found.items()}
    of_console = [_npm(package) for package in vendoring.packages()]
    bom = Bom(components=[*components.values(), *of_console])
    bom.metadata.component = service
    direct = {canonicalize_name(each.name) for each in requirements()}
    bom.register_dependency(
        service, [component for name, component in components.items() if name in direct] + of_console
    )
    for name, package in found.items():
        bom.register_dependency(components[name], [components[need] for need in package.needs if need in components])
    return bom


def _component(package: Package, licences: Licences) -> Component:
    purl = PackageURL("pypi", name=package.name, version=package.version)
    expression = licence(package, licences)
    return Component(
        name=package.name,
        version=package.version,
        purl=purl,
        bom_ref=purl.to_string(),
        licenses=[] if expression == UNKNOWN else [LicenseExpression(expression)],
    )


def _npm(package: dict[str, Any]) -> Component:
    """A package of the console, which the wheel contains."""
    group, _, name = package["name"].rpartition("/")
    purl = PackageURL("npm", group or None, name, package["version"])
    digest = base64.b64decode(package["integrity"].removeprefix("sha512-")).hex()
    return Component(
        name=package["name"],
        version=package["version"],
        purl=purl,
        bom_ref=purl.to_string(),
        hashes=[HashType(alg=HashAlgorithm.SHA_512, content=digest)],
        licenses=[LicenseExpression(package["licence"])],
    )


def text() -> str:
    """The bill as a JSON document."""
    return str(JsonV1Dot6(bill()).output_as_string(indent=2)) + "\n"


def main(arguments: list[str]) -> int:
    """Write the bill to the file named, or to build/sbom.cdx.json."""
    file = Path(arguments[0]) if arguments else FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text(), encoding="utf-8")
    print(f"{file}: {len(packages())} packages, CycloneDX 1.6")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
