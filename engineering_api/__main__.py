"""`python -m engineering_api` and the console script `tia`."""

from engineering_api.cli.commands import run as main

if __name__ == "__main__":
    main()
