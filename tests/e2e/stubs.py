"""Python stubs of the contracts, made anew for each run: importing this makes `fairway.v1` importable."""

import pathlib
import subprocess
import sys
import tempfile

from processes import ROOT

_FOLDER = tempfile.TemporaryDirectory(prefix="fairway-stubs-")


def _make():
    protos = ROOT / "proto"
    files = sorted(str(path.relative_to(protos)) for path in protos.rglob("*.proto"))
    subprocess.run(["protoc", f"-I{protos}", f"--python_out={_FOLDER.name}", f"--grpc_out={_FOLDER.name}",
                    "--plugin=protoc-gen-grpc=/usr/bin/grpc_python_plugin", *files], check=True)
    # google.rpc is ours here; google.protobuf is Debian's. One package, two places.
    import google.protobuf
    google.__path__ = [*google.__path__, str(pathlib.Path(_FOLDER.name) / "google")]
    sys.path.insert(0, _FOLDER.name)


_make()
