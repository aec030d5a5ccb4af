"""Generated code that CPUs share: what it depends on, how its objects are found for each CPU, and where it is kept."""
