"""What every listener of the service has in common: how many may connect, from where, and how long they may take to begin.

admissions.py       counts open connections, in total and by address
gate.py             admits a connection, encrypts it, and hands it to its protocol
http_connection.py  one connection of HTTP/1.1, with limits of time and size for heads and bodies
whole_writes.py     joins small writes
"""
