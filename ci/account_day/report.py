"""What a day has shown, step by step. Kept as JSON after each step, so that a day may go on later, and printed as a
table."""

import contextlib
import json
import pathlib
import time


class Failure(Exception):
    """Something is not as it must be; says what."""


class NotRun(Exception):
    """A step does not apply here; says why."""


def require(condition, message):
    if not condition:
        raise Failure(message)


class Report:
    """Steps by name, in the order they began; one that is run again replaces what was there."""

    def __init__(self, title, path):
        self._title, self._path = title, pathlib.Path(path)
        self.steps = json.loads(self._path.read_text()) if self._path.exists() else {}

    def begin_anew(self):
        """Another day: what the one before has shown is no result of it."""
        self.steps.clear()

    @contextlib.contextmanager
    def step(self, name, where):
        """where: account, moto or compose. Gives a list of what the step has to say, lines of text. Raises what the step
        raises, but not NotRun."""
        started, entry = time.monotonic(), {"where": where, "result": "passed", "notes": []}
        try:
            yield entry["notes"]
        except NotRun as why:
            entry.update(where="—", result="not run")
            entry["notes"].append(str(why))
        except BaseException as error:
            entry["result"] = "failed"
            entry["notes"].append(str(error) or type(error).__name__)
            raise
        finally:
            entry["seconds"] = round(time.monotonic() - started, 1)
            self.steps[name] = entry
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.write_text(json.dumps(self.steps, indent=2) + "\n")

    def table(self):
        """For people, as Markdown."""
        lines = [f"### {self._title}", "", "| step | where | result | seconds | |", "|---|---|---|---|---|"]
        for name, entry in self.steps.items():
            notes = "; ".join(entry["notes"]).replace("|", "\\|").replace("\n", " ")
            lines.append(f"| {name} | {entry['where']} | {entry['result']} | {entry['seconds']:.0f} | {notes} |")
        return "\n".join(lines) + "\n"
