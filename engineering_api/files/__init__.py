"""The files of this machine that clients may name, send and fetch.

`roots.Roots` says which; `path_rules` checks a path's text, `guarded` protects folders from links made meanwhile,
`archives` checks what is unpacked, `transfer` is the way over HTTP.
"""
