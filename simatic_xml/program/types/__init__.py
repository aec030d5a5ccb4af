"""Data types, values and declarations: what they are, how they convert, where they lie."""
