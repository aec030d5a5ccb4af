"""`python -m fake_openness SCRIPT [ARGS]`."""

import sys

from fake_openness.hosting import main

if __name__ == "__main__":
    sys.exit(main())
