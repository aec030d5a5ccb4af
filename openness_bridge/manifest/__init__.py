"""The Openness object model and the API of PLCSIM Advanced as data: what types and members each version has.

The fake may have nothing that is not here, the bridge may use nothing that is not here, and a double in C# is made
of it. A user with a licence can dump the same form from the installed assemblies and compare.
"""
