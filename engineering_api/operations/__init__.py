"""Operations: how they are declared, what they get, and their jobs and streams. `execution` runs them."""
