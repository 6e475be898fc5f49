"""The programs are built with what makes faults of memory hard to use: read from the binaries themselves."""

import subprocess

import pytest

from processes import BUILD

PROGRAMS = ["services/query/fairway-query", "services/ingest/fairway-ingest", "services/cli/fairway"]


def readelf(program, *options):
    return subprocess.run(["readelf", "--wide", *options, BUILD / program], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("program", PROGRAMS)
def test_programs_are_hardened(program):
    dynamic = readelf(program, "--dynamic")
    assert "PIE" in dynamic, "loaded at any address"
    assert "BIND_NOW" in dynamic, "resolved at the start, so that the table can be read-only"
    segments = readelf(program, "--segments")
    assert "GNU_RELRO" in segments
    stack, = (line for line in segments.splitlines() if "GNU_STACK" in line)
    assert " RWE " not in stack
    symbols = readelf(program, "--dyn-syms")
    assert "__stack_chk_fail" in symbols, "stack protector"
    assert "_chk@" in symbols, "FORTIFY"
