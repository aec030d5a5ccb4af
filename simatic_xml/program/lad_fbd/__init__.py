"""LAD and FBD networks become typed nodes."""
