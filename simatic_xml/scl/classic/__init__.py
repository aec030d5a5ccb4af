"""What sources of STEP 7 write in a way that TIA Portal does not: blocks by number, absolute data without `%`."""
