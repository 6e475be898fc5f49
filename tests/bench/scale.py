"""The same work on books of a million prices and of many more."""

import statistics
import time

from load import h2load, rates_request
from queries import DAYS
from report import Row
from stack import resident_bytes


def measure(stack, settings):
    rows, rates = [], []
    empty = stack.database("scale_empty").query()
    empty_bytes = resident_bytes(empty.pid)
    empty.stop()
    for name, batches in settings.scales.items():
        database = stack.database(f"scale_{name.lower()}")
        count = sum(database.upload(*batch)[0]["prices"] for batch in batches)
        start = time.monotonic()
        query = database.query()
        ready = time.monotonic() - start
        per_price = (resident_bytes(query.pid) - empty_bytes) / count
        lane = rates_request(*database.busiest_lane(), *DAYS)
        peak = statistics.median(h2load(query.port, lane, settings.seconds).rate for _ in range(settings.runs))
        upload = statistics.median(database.upload(*settings.upload)[0]["seconds"] for _ in range(settings.runs))
        rates.append((peak, 1 / upload))
        large = name == "100M"
        rows += [Row(f"start to SERVING with {count:,} prices", ready, "s", 30 if large else None, True),
                 Row(f"memory per price of {count:,}", per_price, "B", 16 if large else None, True)]
        query.stop()
        database.drop()
    names = list(settings.scales)
    goal = 0.8 if names[-1] == "100M" else None
    return rows + [Row(f"query rate at {names[-1]} prices", rates[-1][0] / rates[0][0], goal=goal,
                       fairway=f"{rates[-1][0]:,.0f}/s", against=f"at {names[0]}, {rates[0][0]:,.0f}/s"),
                   Row(f"upload rate at {names[-1]} prices", rates[-1][1] / rates[0][1], goal=goal,
                       against=f"at {names[0]}")]
