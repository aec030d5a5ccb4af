"""The audit trail: rows that can only be added, each bound to the one before by its hash.

`chain` says what a row is and how a chain is checked, `log` writes, `head` keeps the end of the chain in a second place,
`reading` takes rows from a database or an exported file. `execution.entries` says what a row means for an operation.
"""
