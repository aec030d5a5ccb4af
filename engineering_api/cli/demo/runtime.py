"""The last part of `tia demo`: the tested program runs in a virtual CPU, with a trend, an alarm and a push to an ERP."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from engineering_api.cli.demo.steps import PLC, DemoError, Job, require
from engineering_api.features.plc_tests.reports.timing_diagram import draw
from engineering_api.features.plc_tests.results import Traced
from openness_bridge.plcsim.trace import Sample, TraceChannel
from runtime_data.sinks.definition import AlarmFilter, Trigger

CPU = "Line2"
LEVEL, RAW = f"{CPU}:Level_Percent", f"{CPU}:Level_Raw"
FULL = 27648
"""What the analog input module reads at 100 %."""
LEVELS = (12.5, 25, 50, 62.5, 75, 87.5, 50, 25)
"""The percentages to which the hopper is filled, one after the other."""
ALARM = "Hopper overflow"
PATIENCE = 60.0
"""Seconds within which a value, an alarm and a push have to be there."""


@contextmanager
def receiver() -> Iterator[tuple[str, list[Any]]]:
    """Receive pushes as an ERP does, within the block; yield its address and what it has received."""
    received: list[Any] = []

    class Erp(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(201)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Print nothing: the front page shows what came."""

    with HTTPServer(("127.0.0.1", 0), Erp) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/alarms", received
        finally:
            server.shutdown()
            thread.join()


def start_cpu(job: Job) -> str:
    """Start the program in a virtual CPU."""
    job.tia.simulation_instances.create(name=CPU, cpu_type="CPU1511", power_on=True)
    job.tia.simulation_instances.set_network(name=CPU, ip_address="192.168.10.21")
    job.tia.online.download(**PLC)
    job.tia.simulation_instances.run(name=CPU)
    return f"{LEVEL} is {job.tia.runtime_values.get(tag=LEVEL).quality}"


def watch_level(job: Job) -> str:
    """Log a level, define an alarm and a push."""
    job.tia.runtime_logging.create(tag=LEVEL, period=0.1, unit="%")
    text = {"en-US": "The hopper is {value} % full"}
    job.tia.runtime_alarm_definitions.create(name=ALARM, tag=LEVEL, trigger="greater", limit=85, deadband=5, texts=text)
    document = {"alarm": "{alarm:name}", "text": "{alarm:text}", "level": f"{{tag:{LEVEL}}}"}
    send = {"kind": "http", "url": job.erp, "body": {"template": document}}
    job.tia.runtime_sinks.create(name="ERP", when=[Trigger(alarm=AlarmFilter(event="raised"))], send=send)
    return "a series, an alarm, a sink"


def fill_hopper(job: Job) -> str:
    """Fill the hopper: a trend, an alarm, a push."""
    begin = job.tia.runtime_values.get(tag=LEVEL).source_time or ""
    for level in LEVELS:
        job.tia.runtime_values.put(tag=RAW, value=round(FULL * level / 100))
        wait_for(partial(is_logged, job, begin, level))
    job.trend = job.write("runtime/trend.json", values_since(job, begin))
    job.write("runtime/trend.svg", draw_trend(job.trend))
    wait_for(lambda: job.pushes)
    job.write("runtime/pushes.json", job.pushes)
    job.alarms = job.write("runtime/alarms.json", job.tia.runtime_alarms.journal().events)
    return f"{require(ALARM, job.pushes[0]['alarm'])}; {len(job.trend)} values logged"


def values_since(job: Job, begin: str) -> list[Any]:
    """Return the logged levels since a moment."""
    return list(job.tia.runtime_history.query(tag=LEVEL, begin=begin).values)


def is_logged(job: Job, begin: str, level: float) -> bool:
    """Return whether a level has been logged since a moment."""
    found = values_since(job, begin)
    return bool(found) and abs(found[-1].value - level) < 0.01


def draw_trend(values: list[Any]) -> str:
    """Draw logged levels as a trend."""
    times = [datetime.fromisoformat(each.time) for each in values]
    samples = [
        Sample(number, (time - times[0]).total_seconds() * 1000, [each.value])
        for number, (time, each) in enumerate(zip(times, values, strict=True))
    ]
    trace = Traced(channels=[TraceChannel("Level_Percent", "Real")], samples=samples)
    return draw("Level of the hopper", LEVEL, trace, clock="time")


def wait_for(condition: Callable[[], object]) -> None:
    """Wait until something is so.

    Raises:
        DemoError: It takes too long.
    """
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            msg = f"No value, alarm or push was there within {PATIENCE:g} s"
            raise DemoError(msg)
        time.sleep(0.02)


STEPS = (start_cpu, watch_level, fill_hopper)
