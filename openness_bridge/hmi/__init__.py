"""The software of operator panels."""
