"""``python -m simatic_xml.scl_cli``."""

import sys

from simatic_xml.scl_cli.main import main

if __name__ == "__main__":
    sys.exit(main())
