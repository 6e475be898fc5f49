"""What Fairway is compared with: the query of the reference service, a small web application over the reference schema.

A Flask application for gunicorn: GET /rates?date_from=&date_to=&orig_code=&dest_code= takes port codes and gives
{"rates": [{"day", "count", "price"}]}, newest day first, indented; price is null below three prices. One statement and
one connection per worker, as there. Environment: REFERENCE_DSN.
"""

import datetime
import os

import flask
import psycopg2
import psycopg2.extras

RATES = """
SELECT days.day, averages.count, CASE WHEN averages.count >= 3 THEN averages.price END AS price
FROM (SELECT generate_series(%(date_from)s, %(date_to)s, '1 day'::interval)::date AS day) AS days
LEFT JOIN (SELECT day, count(*) AS count, avg(price) AS price
           FROM prices
           WHERE orig_code = %(orig_code)s AND dest_code = %(dest_code)s AND day >= %(date_from)s AND day <= %(date_to)s
           GROUP BY day, orig_code, dest_code) AS averages ON averages.day = days.day
ORDER BY days.day DESC
"""

connection = psycopg2.connect(os.environ["REFERENCE_DSN"])
app = flask.Flask(__name__)
app.config["JSONIFY_PRETTYPRINT_REGULAR"] = True


def is_day(text):
    try:
        datetime.datetime.strptime(text, "%Y-%m-%d")
        return True
    except (TypeError, ValueError):
        return False


@app.get("/rates")
def rates():
    query = {name: flask.request.args.get(name) for name in ("date_from", "date_to", "orig_code", "dest_code")}
    if not is_day(query["date_from"]) or not is_day(query["date_to"]):
        flask.abort(400, "Invalid date arguments")
    if not query["orig_code"] or not query["dest_code"]:
        flask.abort(400, "Invalid location arguments")
    with connection.cursor(cursor_factory=psycopg2.extras.DictCursor) as cursor:
        cursor.execute(RATES, query)
        return flask.jsonify(rates=[{"day": row["day"].isoformat(), "count": row["count"],
                                     "price": None if row["price"] is None else float(row["price"])}
                                    for row in cursor.fetchall()])
