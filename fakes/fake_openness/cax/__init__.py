"""Hardware as AutomationML: a station written to a file and read from one."""
