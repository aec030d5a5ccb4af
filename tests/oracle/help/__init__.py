"""TIA Portal's own help as the judge of our compiler and virtual CPU.

What the help says is kept here as our own data: `conversions.csv` and `declarations.csv` have its tables as sets of names,
`rules/` has a row in our own words for each rule of a page, with the smallest program that shows it. The tests of these
data need no copy of the help. `test_copy.py` compares the data with a copy, where the variable `TIA_HELP` names its folder.
"""
