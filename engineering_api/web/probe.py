"""Asks the server of this data folder whether it answers: `python -m engineering_api.web.probe`, for containers.

Exit code 0 if `GET /api/health/live` answers 200, otherwise 1 with the reason on standard error. The address comes from the
list of running servers, so a changed port or TLS needs no further setting. The certificate is not verified: the request stays
on this computer and carries no key.
"""

from __future__ import annotations

import ssl
import sys
import urllib.error
import urllib.request

from engineering_api.settings import Settings, from_environment
from engineering_api.web.registry import Registry, default_file

PATIENCE = 8
"""Seconds to wait for the answer."""


def probe(settings: Settings) -> str:
    """Return why the server is not alive; empty if it is."""
    file = settings.instances_file or default_file(settings.data_dir)
    servers = Registry(file).read()
    if not servers:
        return f"{file} lists no running server. Start one with the same TIA_DATA_DIR."
    unverified = ssl.create_default_context()
    unverified.check_hostname, unverified.verify_mode = False, ssl.CERT_NONE
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=unverified)
    )
    address = f"{servers[-1].url}/api/health/live"
    try:
        with opener.open(address, timeout=PATIENCE):
            return ""
    except (OSError, urllib.error.URLError) as error:
        return f"{address} does not answer: {error}"


if __name__ == "__main__":
    reason = probe(from_environment())
    if reason:
        sys.stderr.write(f"{reason}\n")
    sys.exit(bool(reason))
