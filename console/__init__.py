"""The console: pages for people. The JavaScript modules are the console; the Python module fetches what they import."""
