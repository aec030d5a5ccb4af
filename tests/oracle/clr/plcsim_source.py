"""C# of the API of PLCSIM Advanced, made from its manifest as that of Openness is; `plcsim_host.cs` has the rest.

Value types are values here too: their fields cross to Python and back as parts, and nothing asks Python when one of them
is read. An exception has its code and text from the moment that it is thrown.
"""

from __future__ import annotations

from pathlib import Path

from openness_bridge.manifest.reading import Manifest
from openness_bridge.manifest.signatures import Kind
from tests.oracle.clr.source import HOST, MADE, PROXY, Writer

WRITTEN = Path(__file__).with_name("plcsim_host.cs")
BY_HAND = frozenset({"SDataValue", "SIP", "SIPSuite4"})
"""Types that `plcsim_host.cs` has."""


def sources(manifest: Manifest) -> dict[str, str]:
    """The C# of the one assembly of an API version, by the assembly's name."""
    made = [_Writer(manifest, name).text() for name in manifest.types if name not in BY_HAND]
    return {manifest.assembly: "\n".join((*made, WRITTEN.read_text(encoding="utf-8")))}


class _Writer(Writer):
    def _struct(self) -> str:
        fields = [m for m in self._entry.own.values() if m.kind is Kind.FIELD]
        declared = " ".join(f"public {self._type(m.type)} {m.name};" for m in fields)
        parts = ", ".join(f"{HOST}.Plain({m.name})" for m in fields)
        filled = " ".join(f"{m.name} = {self._converted(m.type, f'value[{i}]')};" for i, m in enumerate(fields))
        return (
            f"public struct {self._name} : {_VALUE} {{ {declared}\n"
            f"object[] {_VALUE}.Parts {{ get {{ return new object[] {{ {parts} }}; }} set {{ {filled} }} }} }}"
        )

    def _class(self) -> str:
        return self._exception() if self._entry.bases == ("System.Exception",) else super()._class()

    def _exception(self) -> str:
        return f"""public class {self._name} : global::System.Exception, {PROXY} {{
private long number; private {_CODE} code; private string text;
protected internal {self._name}({MADE} made) {{ }}
public {self._name}() {{ }}
public {self._name}(string in_Message) : base(in_Message) {{ }}
public {self._name}(string in_Message, global::System.Exception in_Inner) : base(in_Message, in_Inner) {{ }}
public {self._name}({_CODE} in_ErrorCode) {{ code = in_ErrorCode; text = code.ToString(); }}
public {_CODE} RuntimeErrorCode {{ get {{ return code; }} }}
public override string Message {{ get {{ return text ?? base.Message; }} }}
long {PROXY}.Number {{ get {{ return number; }} set {{ number = value;
code = {HOST}.As<{_CODE}>({HOST}.Get(this, "RuntimeErrorCode")); text = (string){HOST}.Get(this, "Message"); }} }}
}}"""


_VALUE = "global::OpennessDouble.IValue"
_CODE = "global::Siemens.Simatic.Simulation.Runtime.ERuntimeErrorCode"
