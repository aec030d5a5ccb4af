"""The idioms of programs for pythonnet, each as a small program. Facts: docs/facts/pythonnet.md."""

from __future__ import annotations

import pytest

from tests.fakes.fake_openness.hosting.kit import PLC, START, Run

VERSIONS = ("16", "17", "20", "21")
IDIOMS = {
    "services by the cast": (
        PLC + "print(software.GetType().FullName, software.Name)\n",
        ["Siemens.Engineering.SW.PlcSoftware PLC_1"],
    ),
    "services by reflection": (
        PLC
        + "method = device.DeviceItems[1].GetType().GetMethod('GetService').MakeGenericMethod(hwf.SoftwareContainer)\n"
        "print(method.Invoke(device.DeviceItems[1], None).Software.Name, device.GetType().GetMethod('Nothing'))\n",
        ["PLC_1 None"],
    ),
    "attributes by the cast": (
        PLC + "item = tia.IEngineeringObject(device.DeviceItems[1])\n"
        "item.SetAttribute('Comment', 'Press')\nprint(item.GetAttribute('Name'), item.GetAttribute('Comment'))\n",
        ["PLC_1 Press"],
    ),
    "compile, getters as methods": (
        "import Siemens.Engineering.Compiler as comp\n"
        + PLC
        + "result = software.GetService[comp.ICompilable]().Compile()\n"
        "print(result.State, result.get_ErrorCount(), result.State == comp.CompilerResultState.Error)\n"
        "from System.Collections.Generic import List\nnames = List[str](['State'])\n"
        "print(result.GetAttribute('ErrorCount'), result.GetAttributes(names)[0], result.Messages[0].GetAttribute('State'))\n"
        "try: result.GetAttribute('_code')\nexcept tia.EngineeringNotSupportedException: print('refused')\n",
        ["Success 0 False", "0 Success Success", "refused"],
    ),
    "enumeration": (
        PLC + "print([block.Name for block in software.BlockGroup.Blocks], software.BlockGroup.Blocks.Count)\n",
        ["['Main'] 1"],
    ),
    "flags": (
        "flags = tia.EngineeringAttributeAccessMode\nprint(flags.Read | flags.Write, int(flags.Read))\n",
        ["ReadWrite 1"],
    ),
    "out parameters": (
        "from System.Collections.Generic import Dictionary\n"
        "ages = Dictionary[System.String, System.Int32]()\nages.Add('a', System.Int32(3))\n"
        "print(ages.TryGetValue('a'), ages.TryGetValue('b', None))\n",
        ["(True, 3) (False, None)"],
    ),
    "generic lists": (
        "from System.Collections.Generic import List, KeyValuePair\n"
        "names = List[System.String](['Name'])\nnames.Add('Author')\n"
        + PLC
        + "print(list(project.GetAttributes(names))[0])\n"
        "print(KeyValuePair[System.String, System.Object]('a', 1).Key, System.Array[System.String](['x']).Length)\n",
        ["Line", "a 1"],
    ),
    "events": (
        "def answer(sender, event): pass\nportal.Confirmation += answer\nportal.Confirmation -= answer\n"
        "portal.add_Notification(answer)\nportal.remove_Notification(answer)\n"
        "System.AppDomain.CurrentDomain.AssemblyResolve += answer\nprint('ok')\n",
        ["ok"],
    ),
    "exceptions": (
        "from Siemens.Engineering import EngineeringTargetInvocationException\n"
        "try:\n    portal.Projects.Open(FileInfo(r'C:\\none.ap17'))\n"
        "except EngineeringTargetInvocationException as e:\n    print(e.GetType().FullName, isinstance(e, System.Exception))\n",
        ["Siemens.Engineering.EngineeringTargetInvocationException True"],
    ),
    "processes and attach": (
        PLC + "attached = tia.TiaPortal.GetProcesses()[0].Attach()\nprint(attached.Projects[0].Name)\n"
        "from System.Diagnostics import Process\n"
        "print(Process.GetProcessesByName('Siemens.Automation.Portal')[0].Id == portal.GetCurrentProcess().Id)\n"
        "process = Process.GetProcessById(portal.GetCurrentProcess().Id)\nprocess.Kill()\nprint(process.HasExited)\n",
        ["Line", "True", "True"],
    ),
    "with": (
        PLC + "with portal.ExclusiveAccess('x') as access:\n"
        "    with access.Transaction(project, 'x') as transaction:\n        transaction.CommitOnDispose()\n"
        "print(isinstance(portal, System.IDisposable), isinstance(project, System.IDisposable))\n"
        "portal.Dispose()\nprint(tia.TiaPortal.GetProcesses().Count)\n",
        ["True False", "1"],
    ),
    "passwords and cultures": (
        "from System.Security import SecureString\nfrom System.Globalization import CultureInfo\n"
        "from System.Net import NetworkCredential\nsecret = SecureString()\nfor c in 'abc': secret.AppendChar(c)\n"
        "secret.MakeReadOnly()\nprint(secret.Length, NetworkCredential('', 'ab').SecurePassword.Length, CultureInfo('en-US'))\n",
        ["3 2 en-US"],
    ),
    "assemblies": (
        "from System.Reflection import Assembly\nname = Assembly.LoadFrom(r'C:\\x\\Siemens.Engineering.dll').GetName().Name\n"
        "print(name, clr.GetClrType(tia.TiaPortal).FullName)\n",
        ["Siemens.Engineering Siemens.Engineering.TiaPortal"],
    ),
}


@pytest.mark.parametrize("version", VERSIONS)
def test_idioms(version: str, run: Run) -> None:
    found = {}
    for name, (text, _) in IDIOMS.items():
        ended = run((START + text).replace('Projects"', f'Projects\\{len(found)}"'), version=version)
        found[name] = (ended.lines, ended.errors, ended.code)
    assert found == {name: (lines, "", 0) for name, (_, lines) in IDIOMS.items()}


def test_namespaces_come_with_the_assembly(run: Run) -> None:
    ended = run("import System\ntry:\n    import Siemens.Engineering\nexcept ModuleNotFoundError as e:\n    print(e)\n")
    assert ended.lines == ["No module named 'Siemens'"]
    loaded = "import clr\nclr.AddReference('Siemens.Engineering')\nfrom Siemens.Engineering.SW.Blocks import PlcBlock\n"
    assert run(loaded + "print(PlcBlock.__name__)").lines == ["PlcBlock"]
    everything = loaded + "from Siemens.Engineering.SW.Tags import *\nprint(PlcTag.__name__, PlcTagTable.__name__)"
    assert run(everything).lines == ["PlcTag PlcTagTable"]


def test_pythonnet_can_be_chosen_first(run: Run) -> None:
    text = "from pythonnet import load\nload('netfx')\nimport clr\nprint(clr.AddReference('System').GetName().Name)\n"
    assert run(text).lines == ["System"]


def test_types_of_a_later_version_are_not_there(run: Run) -> None:
    text = START + "from Siemens.Engineering.SW.Blocks import {}\n"
    late = "from Siemens.Engineering.CrossReference import CrossReferenceService\n"
    assert run(START + late, version="18").code == 0
    ended = run(START + late, version="17")
    assert ended.code != 0
    assert "ImportError" in ended.errors or "ModuleNotFoundError" in ended.errors
    assert run(text.format("PlcBlock"), version="17").code == 0
