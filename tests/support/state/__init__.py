"""A project and a service in which every example of the catalogue means something.

`state.prepare(http)` makes them over HTTP; `needs` says what single examples need besides; `stage` serves fresh copies.
"""
