"""Write the model as XML without layout white space."""
