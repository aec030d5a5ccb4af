"""Runs programs that were written for pythonnet and TIA Portal Openness on the simulated TIA Portal.

`activate` shows the simulated object model as the modules that pythonnet makes: clr, System and Siemens.Engineering.
`command` is the command line. docs/openness-scripts.md is its page.
"""

from simatic_xml.lazy import by_module, import_on_use

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fake_openness.hosting.activation import Host, activate
    from fake_openness.hosting.command import main

__all__ = ["Host", "activate", "main"]
import_on_use(__name__, by_module(activation="Host activate", command="main"))
