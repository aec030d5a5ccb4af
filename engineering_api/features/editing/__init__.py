"""What an editor asks for while somebody writes: findings about a text, and what differs between two states of a block."""
