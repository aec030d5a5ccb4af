"""The portal: found, attached, used by one thread, left."""
