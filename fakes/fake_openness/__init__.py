"""The simulated TIA Portal Openness object model.

`install` makes one simulated computer and returns its types by their .NET names,
which is all that a caller may use: the same names that a real installation has.
"""

from simatic_xml.lazy import by_module, import_on_use

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fake_openness.core.versions import TiaVersion, version_text
    from fake_openness.hosting.activation import activate
    from fake_openness.installation import Installation, install

__all__ = ["Installation", "TiaVersion", "activate", "install", "version_text"]
import_on_use(
    __name__,
    by_module(
        core__versions="TiaVersion version_text",
        hosting__activation="activate",
        installation="Installation install",
    ),
)
