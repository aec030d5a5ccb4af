"""What a CPU has for a program: the organization blocks of its family, and its limits."""
