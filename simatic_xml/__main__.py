"""``python -m simatic_xml``."""

import sys

from simatic_xml.command_line.main import main

if __name__ == "__main__":
    sys.exit(main())
