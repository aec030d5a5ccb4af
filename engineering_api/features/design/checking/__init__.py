"""What is wrong with a design, found before anything is made."""
