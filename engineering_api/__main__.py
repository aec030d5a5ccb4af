"""`python -m engineering_api` and the console script `tia`."""

from engineering_api.cli.commands import main

if __name__ == "__main__":
    main()
