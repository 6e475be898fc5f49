"""The objects these tests load, and where they are."""

import processes

LOCATIONS = processes.ROOT / "data/sample/locations.csv"
HEADING = "origin,destination,day,price\n"
BUCKET = "prices"


def csv(price, rows=3):
    return HEADING + f"CNSHA,NLRTM,2026-01-01,{price}\n" * rows


def put(store, key, content, bucket=BUCKET):
    """Its version."""
    body = content.encode() if isinstance(content, str) else content
    return store.s3.put_object(Bucket=bucket, Key=key, Body=body).get("VersionId", "")


def batches(fairway):
    return fairway.sql("SELECT count(*) FROM fairway.batches WHERE state = 'COMMITTED'")[0][0]


def url_of(key, version="", bucket=BUCKET):
    return f"s3://{bucket}/{key}" + (f"?versionId={version}" if version else "")
