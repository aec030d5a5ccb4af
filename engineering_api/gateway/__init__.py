"""Several machines behind one gateway: each operation goes to the worker whose portal it is about.

`tia gateway` serves all routes and has the jobs, the audit log and the users; `tia worker` on each machine runs operations
on its own portals. Between them is a queue server (Redis or PostgreSQL, through SAQ) that nobody has to trust: every
message is sealed. docs/gateway.md says what is promised.

    messages.py   the messages               sealing.py    their encryption and seal
    exchange.py   how it travels, in memory  saq_exchange.py   the same over Redis and PostgreSQL
    fleet.py      which workers there are    routing.py    which of them a request goes to
    calls.py      requests that are out      execution.py  operations are done there instead of here
    runner.py     jobs that outlive a gateway    worker.py    the other end
"""
