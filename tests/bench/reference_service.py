"""What Fairway is compared with: daily rates as a small web service answers them, straight from the reference schema.

A Flask application for gunicorn: GET /rates?date_from=&date_to=&origin=&destination= gives a JSON list of
{"day", "average_price"}, null below three prices. Regions are resolved in the query. Each worker keeps one connection.
Environment: REFERENCE_DSN.
"""

import os

import flask
import psycopg2

QUERY = """
WITH RECURSIVE
  origins AS (SELECT slug FROM regions WHERE slug = %(origin)s
              UNION SELECT regions.slug FROM regions JOIN origins ON regions.parent_slug = origins.slug),
  destinations AS (SELECT slug FROM regions WHERE slug = %(destination)s
                   UNION SELECT regions.slug FROM regions JOIN destinations
                   ON regions.parent_slug = destinations.slug),
  averages AS (
    SELECT day, CASE WHEN count(*) >= 3 THEN round(avg(price)) END AS average
    FROM prices
    WHERE orig_code IN (SELECT code FROM ports WHERE code = %(origin)s OR parent_slug IN (SELECT slug FROM origins))
      AND dest_code IN (SELECT code FROM ports
                        WHERE code = %(destination)s OR parent_slug IN (SELECT slug FROM destinations))
      AND day BETWEEN %(date_from)s AND %(date_to)s
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
    with _connection().cursor() as cursor:
        cursor.execute(QUERY, {name: flask.request.args[name] for name in names})
        return flask.jsonify([{"day": day.isoformat(), "average_price": None if average is None else int(average)}
                              for day, average in cursor])
