"""Read element trees as the model. A comparison then finds what the model has no name for."""
