"""What tests run on: a project or sources, made ready on an instance, and the instance while it is tested."""
