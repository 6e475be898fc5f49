"""What Fairway is compared with: daily rates as a small web service answers them, straight from the reference schema.

A Flask application for gunicorn: GET /rates?date_from=&date_to=&origin=&destination= gives a JSON list of
{"day", "average_price"}, null below three prices. Regions are resolved in SQL. Each worker keeps one connection.
Environment: REFERENCE_DSN.
"""

import os

import flask
import psycopg2

# The ports a code or slug means. On their own, so that the index serves the query below.
PORTS = """
WITH RECURSIVE below AS (SELECT slug FROM regions WHERE slug = %(place)s
                         UNION SELECT regions.slug FROM regions JOIN below ON regions.parent_slug = below.slug)
SELECT code FROM ports WHERE code = %(place)s OR parent_slug IN (SELECT slug FROM below)
"""

RATES = """
WITH averages AS (
  SELECT day, CASE WHEN count(*) >= 3 THEN round(avg(price)) END AS average
  FROM prices
  WHERE orig_code = ANY (%(origins)s) AND dest_code = ANY (%(destinations)s) AND day BETWEEN %(date_from)s AND %(date_to)s
  GROUP BY day)
SELECT days.day::date, averages.average
FROM generate_series(%(date_from)s::date, %(date_to)s::date, '1 day') AS days(day)
LEFT JOIN averages ON averages.day = days.day::date
ORDER BY days.day
"""

app = flask.Flask(__name__)
_connections = []


def _connection():
    if not _connections:
        _connections.append(psycopg2.connect(os.environ["REFERENCE_DSN"]))
        _connections[0].autocommit = True
    return _connections[0]


@app.get("/rates")
def rates():
    names = ("date_from", "date_to", "origin", "destination")
    if missing := [name for name in names if name not in flask.request.args]:
        return {"error": f"missing: {', '.join(missing)}"}, 400
    query = {name: flask.request.args[name] for name in names}
    with _connection().cursor() as cursor:
        for places, name in (("origins", "origin"), ("destinations", "destination")):
            cursor.execute(PORTS, {"place": query[name]})
            query[places] = [code for code, in cursor]
        cursor.execute(RATES, query)
        return flask.jsonify([{"day": day.isoformat(), "average_price": None if average is None else int(average)}
                              for day, average in cursor])
