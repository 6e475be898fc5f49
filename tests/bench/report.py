"""What was found: a table to read (and for documents), JSON to keep, a picture to show."""

import dataclasses
import json
import platform
import time


@dataclasses.dataclass
class Row:
    """One thing that was measured. `goal` bounds `value`: from below, or from above where `at_most`."""
    what: str
    value: float
    unit: str = "×"
    goal: float = None
    at_most: bool = False
    fairway: str = ""
    against: str = ""

    @property
    def met(self):
        if self.goal is None:
            return None
        return self.value <= self.goal if self.at_most else self.value >= self.goal


def _cells(rows):
    cells = [("what", "Fairway", "against", "result", "goal", "met")]
    for row in rows:
        goal = "" if row.goal is None else f"{'≤' if row.at_most else '≥'} {row.goal:.3g} {row.unit}"
        met = {True: "yes", False: "NO", None: ""}[row.met]
        cells.append((row.what, row.fairway, row.against, f"{row.value:.3g} {row.unit}", goal, met))
    return cells


def show(rows):
    cells = _cells(rows)
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    for line in cells:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())


def save(rows, folder, quick):
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "results.json", "w", encoding="utf-8") as file:
        json.dump({"time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "machine": _machine(), "quick": quick,
                   "results": [{**dataclasses.asdict(row), "met": row.met} for row in rows]}, file, indent=1,
                  ensure_ascii=False)
        file.write("\n")
    with open(folder / "results.md", "w", encoding="utf-8") as file:
        lines = [" | ".join(line) for line in _cells(rows)]
        lines.insert(1, "|".join(["---"] * 6))
        file.writelines(f"| {line} |\n" if "---" not in line else f"|{line}|\n" for line in lines)
    _plot([row for row in rows if row.goal], folder / "results.svg")


def _machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        models = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
    return {"processor": models[0] if models else platform.machine(), "cores": len(models), "kernel": platform.release()}


def _plot(rows, path):
    """How far beyond its goal each figure is: 1 is the goal, to the right is better."""
    import matplotlib
    matplotlib.use("Agg")
    from matplotlib import pyplot

    tiny = 1e-3
    margins = [row.goal / max(row.value, tiny * row.goal) if row.at_most else row.value / row.goal for row in rows]
    figure, axes = pyplot.subplots(figsize=(10, 0.4 * len(rows) + 1.2))
    axes.barh([f"{row.what}\n{row.against}".strip() for row in rows], margins,
              color=["tab:green" if row.met else "tab:red" for row in rows])
    axes.axvline(1, color="black")
    axes.set_xscale("log")
    axes.invert_yaxis()
    axes.tick_params(axis="y", labelsize=7)
    axes.set_xlabel("times its goal")
    figure.tight_layout()
    figure.savefig(path)
