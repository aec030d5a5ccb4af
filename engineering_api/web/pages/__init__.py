"""Pages for browsers: the description of the API, and the console."""
