"""In-process doubles of the Siemens object models, with their rules."""
