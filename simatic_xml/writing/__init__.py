"""From the model to XML without layout white space."""
