"""The same work on books of a million prices and of many more."""

import time

from load import h2load, rates_request
from queries import DAYS, alternate
from report import Row
from stack import median_in_turns, resident_bytes


def measure(stack, settings):
    empty = stack.database("scale_empty").query()
    empty_bytes = resident_bytes(empty.pid)
    empty.stop()
    books = {name: _Book(stack, name, batches, empty_bytes) for name, batches in settings.scales.items()}
    rows = []
    for name, book in books.items():
        large = name == "100M"
        rows += [Row(f"start to SERVING with {book.count:,} prices", book.ready, "s", 30 if large else None, True),
                 Row(f"memory per price of {book.count:,}", book.bytes_per_price, "B", 16 if large else None, True)]
    names = list(books)
    small, large = books[names[0]], books[names[-1]]
    goal = 0.8 if names[-1] == "100M" else None
    peaks = alternate(settings.runs, small=lambda: small.load(settings), large=lambda: large.load(settings))
    uploads = median_in_turns(settings.runs, small=lambda: small.upload(settings), large=lambda: large.upload(settings))
    return rows + [Row(f"query rate at {names[-1]} prices", peaks["large"] / peaks["small"], goal=goal,
                       fairway=f"{peaks['large']:,.0f}/s", against=f"at {names[0]}, {peaks['small']:,.0f}/s"),
                   Row(f"upload rate at {names[-1]} prices", uploads["small"] / uploads["large"], goal=goal,
                       fairway=f"{uploads['large']:.2f} s", against=f"at {names[0]}, {uploads['small']:.2f} s")]


class _Book:
    """A database of so many prices and a query service that holds them."""

    def __init__(self, stack, name, batches, empty_bytes):
        self._database = stack.database(f"scale_{name.lower()}")
        self.count = sum(self._database.upload(*batch)["prices"] for batch in batches)
        start = time.monotonic()
        self._query = self._database.query()
        self.ready = time.monotonic() - start
        self.bytes_per_price = (resident_bytes(self._query.pid) - empty_bytes) / self.count
        self._request = rates_request(*self._database.busiest_lane(), *DAYS)

    def load(self, settings):
        return h2load(self._query.port, self._request, settings.seconds)

    def upload(self, settings):
        return self._database.upload(*settings.upload)["seconds"]
