"""`tia demo`: a whole job on the simulated TIA Portal, with a page that shows the results."""
