"""DownloadProvider: loads hardware and program into a CPU, after a client answered the questions of the download.

Facts: docs/facts/openness-online.md#download, docs/facts/tia-operations.md#download. A delegate that raises ends the
portal's process, as was seen with devices.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fake_dotnet.system import DirectoryInfo, absolute, require_type
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.events import Delegate, ask_by
from fake_openness.core.objects import EngineeringObject
from fake_openness.core.options import _CombinedFlags
from fake_openness.hardware.device_items import DeviceItem, online_services
from fake_openness.online.card_download import card_download
from fake_openness.online.connection import ConfigurationAddress, ConnectionConfiguration, IConfiguration
from fake_openness.online.download_run import Download
from fake_openness.online.online import OnlineProvider
from fake_openness.online.results import DownloadResult


@online_services.defined_by
def _services_of(cpu: DeviceItem) -> dict[type, Callable[[], Any]]:
    """Return the services of a CPU that work over a network."""
    return {OnlineProvider: lambda: OnlineProvider(cpu), DownloadProvider: lambda: DownloadProvider(cpu)}


class DownloadOptions(_CombinedFlags):
    """What is loaded."""

    None_ = 0
    Hardware = 1
    Software = 2
    SoftwareOnlyChanges = 4


class DownloadConfigurationDelegate(Delegate):
    """Answers the questions of a download: gets each of them."""


class DownloadProvider(EngineeringObject):
    """The service of a CPU item that loads it."""

    def __init__(self, cpu: DeviceItem) -> None:
        """Serve a CPU."""
        super().__init__(cpu)
        self._cpu = cpu
        self._configuration = ConnectionConfiguration(self, cpu)

    @property
    def Configuration(self) -> ConnectionConfiguration:
        """The ways to the CPU."""
        return self._configuration

    def Download(self, configuration: IConfiguration | DirectoryInfo, *arguments: Any) -> DownloadResult:
        """Load the CPU: `Download(configuration[, address], pre, post, options)`, or from V19 `Download(folder, pre)`.

        Args:
            configuration: The way: a target interface or a subnet; or a folder that gets what a memory card would.
            arguments: An address where it is not the project's, the delegates for the questions before and after, and
                what is loaded.

        Raises:
            TypeError: The arguments are of other types.
            EngineeringTargetInvocationException: Online, in a transaction, options that cannot be, errors in the
                program, nothing answers, or a question that has to be consented to was not.
            NonRecoverableException: A delegate raised.
        """
        if isinstance(configuration, DirectoryInfo) and self._context.version.has("19"):
            return self._to_folder(configuration, *arguments)
        way: Any = require_type(configuration, IConfiguration, "configuration")
        if len(arguments) == 4:
            way, arguments = require_type(arguments[0], ConfigurationAddress, "address"), arguments[1:]
        if len(arguments) != 3:
            msg = f"No method matches given arguments: Download takes 4 or 5, not {len(arguments) + 1}"
            raise TypeError(msg)
        before, after = (require_type(each, DownloadConfigurationDelegate, "delegate") for each in arguments[:2])
        options = _valid(require_type(arguments[2], DownloadOptions, "options"))
        self._context.refuse_in_transaction("Downloading")
        self._cpu._device._require_offline("Downloading")
        hardware, software = options.HasFlag(DownloadOptions.Hardware), options.value > 1
        run = Download(
            self._cpu,
            way,
            self._configuration,
            *(ask_by(each, self._cpu._device._hardware.project._portal) for each in (before, after)),
        )
        return run.run(hardware=hardware, software=software, only_changes=options.value > 3)

    def _to_folder(self, folder: DirectoryInfo, *arguments: Any) -> DownloadResult:
        if len(arguments) != 1:
            msg = f"No method matches given arguments: Download to a folder takes 2, not {len(arguments) + 1}"
            raise TypeError(msg)
        delegate = require_type(arguments[0], DownloadConfigurationDelegate, "delegate")
        self._context.refuse_in_transaction("Downloading")
        self._cpu._device._require_offline("Downloading")
        asking = ask_by(delegate, self._cpu._device._hardware.project._portal)
        return card_download(self._cpu, absolute(folder, DirectoryInfo, "folder"), asking)


def _valid(options: DownloadOptions) -> DownloadOptions:
    both = DownloadOptions.Software | DownloadOptions.SoftwareOnlyChanges
    if options is DownloadOptions.None_ or options.HasFlag(both):
        msg = f"'{options.ToString()}' cannot be downloaded: choose Hardware, and Software or SoftwareOnlyChanges."
        raise EngineeringTargetInvocationException(msg, code="download.options")
    return options
