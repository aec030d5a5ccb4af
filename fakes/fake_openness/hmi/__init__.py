"""The software of operator panels, classic and Unified."""
