"""Access to operands as Python text: read, written, passed as themselves, and the parts of them."""
