"""How things are done in TIA Portal, written once against the Openness object model."""
