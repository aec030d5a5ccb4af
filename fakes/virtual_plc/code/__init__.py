"""The only writers of generated code: names, and Python text that takes no strings of a program."""
