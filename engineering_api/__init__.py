"""The engineering API: HTTP, jobs, storage and the command line."""

from importlib.metadata import version

VERSION = version("simatic-engineering-api")
