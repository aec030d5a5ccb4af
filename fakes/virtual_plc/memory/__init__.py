"""What a CPU keeps: process image, bit memory, data blocks, and the ways to a value."""
