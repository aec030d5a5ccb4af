"""The bridge through a true .NET runtime: a C# double of the Openness assemblies over the Python fakes."""
