"""The documentation, made from the operation catalogue when it is asked for: pages, examples, and search.

The text exists once: `docs/api` is what `pages` says, written to files.
"""
