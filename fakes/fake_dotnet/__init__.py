"""The System types of .NET that the object models of Siemens use, behaving as pythonnet shows them."""
