"""Files of the server for clients on other machines."""
