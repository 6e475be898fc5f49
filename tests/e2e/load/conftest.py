"""`fairway load`, against a real S3-compatible store on loopback: one store for all of this folder's tests."""

import os
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import objects  # noqa: E402  (needs the path above)
import store as stores  # noqa: E402
import store_proxy  # noqa: E402


@pytest.fixture(scope="module", autouse=True)
def locations(fairway):
    fairway.cli("locations", "import", objects.LOCATIONS)


@pytest.fixture(scope="session")
def store():
    if stores.boto3 is None or stores.MOTO is None:
        pytest.skip("python3-boto3 or moto_server, the S3 of these tests, is not installed")
    store = stores.Store()
    store.make_bucket(objects.BUCKET)
    yield store
    store.stop()


@pytest.fixture(scope="session")
def proxy(store):
    proxy = store_proxy.Proxy(store.port)
    yield proxy
    proxy.close()


@pytest.fixture
def load(fairway, store):
    """Runs `fairway load`; returns what it did."""
    def run(*arguments, exit_code=0, url=store.url, keys=stores.KEYS, **options):
        done = fairway.cli("load", *arguments, check=False, env={**os.environ, **keys, "AWS_ENDPOINT_URL_S3": url},
                           **options)
        assert done.returncode == exit_code, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done
    return run
