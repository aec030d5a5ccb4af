"""SCL syntax trees become typed nodes."""
