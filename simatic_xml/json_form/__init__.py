"""The JSON form of a document: short to write, good to read, and as complete as the file."""
