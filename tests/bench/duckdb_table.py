"""The same prices in DuckDB: what one would ask on one machine without a service."""

import json
import subprocess

from processes import ROOT, die_with_parent

COLUMNS = "{'origin': 'VARCHAR', 'destination': 'VARCHAR', 'day': 'DATE', 'price': 'INTEGER'}"
PERCENTILES = (0, 0.25, 0.5, 0.75, 1)


class DuckDb:
    """A process with one database in memory."""

    def __init__(self):
        self._process = subprocess.Popen(["node", "serve.mjs"], cwd=ROOT / "tests/bench/duckdb", stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE, text=True, preexec_fn=die_with_parent)

    def run(self, statement):
        """Seconds until the rows were there, and the rows."""
        self._process.stdin.write(json.dumps(statement) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, statement
        answer = json.loads(line)
        return answer["seconds"], answer["rows"]

    def load(self, file):
        """Seconds to read a CSV file of prices into a table ordered by lane and day."""
        self.run("DROP TABLE IF EXISTS prices")
        return self.run(f"CREATE TABLE prices AS SELECT * FROM read_csv('{file}', header = true, columns = {COLUMNS}) "
                        "ORDER BY origin, destination, day")[0]

    def close(self):
        self._process.stdin.close()
        self._process.wait(30)


def averages(where):
    return f"SELECT day, avg(price), count(*) FROM prices WHERE {where} GROUP BY day ORDER BY day"


def percentiles(where):
    columns = ", ".join(f"quantile_cont(price, {percentile})" for percentile in PERCENTILES)
    return f"SELECT day, {columns}, count(*) FROM prices WHERE {where} GROUP BY day ORDER BY day"


def by_lane(where):
    return f"SELECT origin, destination, day, avg(price), count(*) FROM prices WHERE {where} GROUP BY ALL"


def among(column, codes):
    listed = ", ".join(f"'{code}'" for code in codes)
    return f"{column} IN ({listed})" if len(codes) > 1 else f"{column} = {listed}"
