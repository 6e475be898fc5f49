"""How fast prices go in, beside PostgreSQL's own COPY of the same prices, and what they take on disk."""

from report import Row
from stack import median_in_turns, seconds

REFERENCE_SCHEMA = """
CREATE TABLE regions (slug text PRIMARY KEY, name text NOT NULL, parent_slug text REFERENCES regions);
CREATE TABLE ports (code text PRIMARY KEY, name text NOT NULL, parent_slug text NOT NULL REFERENCES regions);
CREATE TABLE prices (orig_code text NOT NULL REFERENCES ports, dest_code text NOT NULL REFERENCES ports,
                     day date NOT NULL, price integer NOT NULL);
CREATE TABLE bare (orig_code text, dest_code text, day date, price integer);
"""


class ReferenceSchema:
    """The tables of the reference project with the sample's locations."""

    NAME = "reference_schema"

    def __init__(self, stack, database):
        self._stack = stack
        stack.psql("postgres", f"CREATE DATABASE {self.NAME}")
        stack.psql(self.NAME, REFERENCE_SCHEMA)
        locations = stack.folder / "locations"
        locations.mkdir()
        for table in ("regions", "ports"):
            columns = "slug, name, parent_slug" if table == "regions" else "code, name, parent_slug"
            stack.psql(database.name, f"\\copy (SELECT {columns} FROM public.{table}) TO '{locations}/{table}'")
            stack.psql(self.NAME, f"\\copy {table} FROM '{locations}/{table}'")

    def copy(self, table, file):
        """Seconds of a COPY into the empty table."""
        self._stack.psql(self.NAME, f"TRUNCATE {table}")
        return seconds(lambda: self._stack.psql(self.NAME, f"\\copy {table} FROM '{file}' WITH (FORMAT csv, HEADER)"))

    def index(self):
        self._stack.psql(self.NAME, "CREATE INDEX IF NOT EXISTS prices_lane ON prices (orig_code, dest_code, day)",
                         "ANALYZE")


def measure(stack, database, reference, settings):
    return _beside_copy(stack, database, reference, settings) + [_disk(stack, database, reference)]


def measure_durable(stack, database, reference, settings):
    """What is acknowledged, or copied, has been flushed to disk."""
    return _beside_copy(stack, database, reference, settings, ", fsync=on")


def _beside_copy(stack, database, reference, settings, note=""):
    file, count = stack.prices_file(*settings.upload)
    median = median_in_turns(
        settings.runs,
        columns=lambda: database.upload(*settings.upload)["seconds"],
        rows=lambda: database.upload(*settings.upload, rows=True)["seconds"],
        bare=lambda: reference.copy("bare", file),
        reference=lambda: reference.copy("prices", file))

    def row(form, other, goal, against):
        return Row(f"atomic upload of {count:,} prices, {form}{note}", median[other] / median[form],
                   goal=None if note else goal,  # A disk's speed is no goal.
                   fairway=f"{median[form]:.2f} s", against=f"{against}, {median[other]:.2f} s")

    return [row("columns", "reference", 80, "COPY, reference schema"), row("columns", "bare", 3, "COPY, bare rows"),
            row("rows", "reference", 30, "COPY, reference schema"), row("rows", "bare", 1.2, "COPY, bare rows")]


def _disk(stack, database, reference):
    reference.index()
    stack.psql(database.name, "VACUUM fairway.price_series")
    (ours, prices), = database.sql("SELECT pg_total_relation_size('fairway.price_series'), "
                                   "(SELECT sum(row_count) FROM fairway.batches)")
    (theirs, count), = stack.sql(reference.NAME, "SELECT pg_total_relation_size('prices'), (SELECT count(*) FROM prices)")
    ours, theirs = float(ours) / float(prices), theirs / count
    return Row("bytes on disk per price", ours / theirs, goal=1 / 6, at_most=True, fairway=f"{ours:.1f}",
               against=f"reference schema with a lane index, {theirs:.1f}")
