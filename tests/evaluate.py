#!/usr/bin/env python3
"""Writes docs/evaluation.md: what the program gives of documents whose truth is known, form by form and format by format.

    tests/evaluate.py target/release/nianbao                     reads corpus/, target/formats, target/pdf
    tests/evaluate.py target/release/nianbao --generated DIR     also what `cargo bench --bench generate -- DIR COUNT` wrote
    tests/evaluate.py target/release/nianbao --check             ends with 1 where docs/evaluation.md says another thing

Shares no code with the program: it compares the JSON of `nianbao parse` with the truth that stands beside the documents.
"""

import argparse
import json
import math
import subprocess
import sys
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "evaluation.md"
# the truth of a cell that has no number
NO_NUMBER = (None, "?", "unreadable", "missing")


def records(program, files):
    """The record of each document, in their order."""
    command = [program, "parse", "--compact", "--fail-on", "never", *map(str, files)]
    done = subprocess.run(command, capture_output=True, check=True, text=True, encoding="utf-8")
    return [json.loads(line, parse_float=Decimal) for line in done.stdout.splitlines()]


def truth_cells(truth):
    """Table, row, column (name or place) and what is true of it."""
    for table, rows in truth.get("tables", {}).items():
        for row, cells in rows.items():
            for at, value in cells.items() if isinstance(cells, dict) else enumerate(cells):
                yield table, row, at, value


def compare(truth, record):
    """Counts of one document: printed, given and right, wrong, refused."""
    counts = Counter(documents=1)
    for table, row, at, wanted in truth_cells(truth):
        cells = record["tables"].get(table, {}).get(row, {})
        cell = list(cells.values())[at] if isinstance(at, int) and at < len(cells) else cells.get(at, {})
        value = cell.get("value")
        is_number = wanted not in NO_NUMBER if not isinstance(wanted, (list, dict)) else False
        counts["printed"] += is_number
        if value is not None and is_number and Decimal(value) == Decimal(str(wanted)):
            counts["given"] += 1
            counts["solved"] += cell["status"] == "solved"
        elif value is not None:
            counts["wrong"] += 1
        elif is_number:
            counts["refused"] += 1
    counts["documents_wrong"] += counts["wrong"] > 0
    counts["documents_whole"] += counts["refused"] == 0 and counts["wrong"] == 0
    return counts


def interval(events, trials):
    """Clopper and Pearson's interval of 95 %, in percent."""

    def tail(p, low, high):
        if p <= 0 or p >= 1:
            return float(low <= (0 if p <= 0 else trials) <= high)
        terms = (
            math.lgamma(trials + 1) - math.lgamma(k + 1) - math.lgamma(trials - k + 1)
            + k * math.log(p) + (trials - k) * math.log1p(-p)
            for k in range(low, high + 1)
        )
        return sum(math.exp(term) for term in terms)

    def solve(is_above):
        low, high = 0.0, 1.0
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (low, middle) if is_above(middle) else (middle, high)
        return 100 * high

    # of rare events the upper tail is one minus the few terms below
    lower = 0.0 if events == 0 else solve(lambda p: 1 - tail(p, 0, events - 1) >= 0.025)
    upper = 100.0 if events == trials else solve(lambda p: tail(p, 0, events) <= 0.025)
    return lower, upper


def percent(value):
    return f"{value:.3f}" if value < 1 else f"{value:.1f}"


def row(name, counts):
    documents, given, wrong = counts["documents"], counts["given"], counts["wrong"]
    share = 100 * given / counts["printed"] if counts["printed"] else 0
    _, upper = interval(wrong, given + wrong) if given + wrong else (0, 100)
    _, of_documents = interval(counts["documents_wrong"], documents)
    return (
        f"| {name} | {documents} | {counts['printed']:,} | {given:,} | {share:.2f} % | {counts['solved']:,} | {counts['refused']:,} "
        f"| {wrong:,} | ≤ {percent(upper)} % | ≤ {percent(of_documents)} % |"
    )


HEAD = """| {} | documents | numbers printed | given | share | of these solved | refused | wrong | wrong of given, 95 % | documents with a wrong one, 95 % |
|---|---|---|---|---|---|---|---|---|---|"""


def table(title, what, groups):
    total = sum(groups.values(), Counter())
    lines = [row(name, counts) for name, counts in sorted(groups.items())]
    return "\n".join([f"### {title}\n", HEAD.format(what), *lines, row("**all**", total), ""])


def measured(program, pairs, key):
    """Counts by a key of truth and file."""
    groups = defaultdict(Counter)
    for (file, truth), record in zip(pairs, records(program, [file for file, _ in pairs])):
        groups[key(file, truth)] += compare(truth, record)
    return groups


def corpus():
    for folder in sorted((ROOT / "corpus").glob("*/*/")):
        expected = folder / "expected.json"
        if expected.is_file():
            (source,) = folder.glob("source.*")
            yield source, json.loads(expected.read_text(encoding="utf-8"), parse_float=Decimal)


def rendered(folder):
    """Documents that other programs made, with the truth beside them; those that nothing may be read from are left out."""
    for truth in sorted(folder.glob("*.json")):
        known = json.loads(truth.read_text(encoding="utf-8"), parse_float=Decimal)
        if known.get("kind") == "unread":
            continue
        for file in sorted(folder.glob(f"{truth.stem}.*")):
            if file.suffix != ".json":
                yield file, known


def generated(folder):
    with open(folder / "truth.jsonl", encoding="utf-8") as lines:
        for line in lines:
            known = json.loads(line, parse_float=Decimal)
            yield folder / known["file"], known


ABOUT = """# Evaluation

Made by `tests/evaluate.py`, which holds what `nianbao parse` says against the truth that stands beside each document; it
shares no code with the program. CI makes the part on the corpus again and fails where it says another thing.

**How to read it.** A number is *printed* where the truth has one. It is *given* where the program says that number (*solved*:
by the form's arithmetic), *refused* where the program says no number and why, and *wrong* where it says another one, or any
where the truth is blank, open, unreadable or missing; cells that a document leaves open by itself (digits glued so that several
readings remain) are no numbers of it, and count only where the program gives one. The last two columns are upper ends of Clopper and Pearson's interval
of 95 %: of wrong numbers among those given, and of documents with any. Cells of one document are read by the same layout
and are not independent, so the column by documents is the one to quote; with few documents it is wide, and says so.

**What it is not.** No document here is a published one: those of the corpus are written in the layouts of real ones with
figures invented, the others are made by programs. On published reports the share given is another; wrong numbers are what
to look for there, with `nianbao verify` and by reading `nianbao explain` beside the page.
"""


def page(program, folder):
    parts = [ABOUT]
    pairs = list(corpus())
    form = lambda file, truth: f"`{truth.get('form') or 'none'}`"  # noqa: E731
    kind = lambda file, truth: file.suffix[1:]  # noqa: E731
    parts.append("## The corpus\n\nHand-made documents in layouts that were met, each for a trouble of its own: it is meant to be hard.\n")
    parts.append(table("By form", "form", measured(program, pairs, form)))
    parts.append(table("By format", "format", measured(program, pairs, kind)))
    offices, pdfs = ROOT / "target" / "formats", ROOT / "target" / "pdf"
    if offices.is_dir():
        parts.append("## Office formats\n\nReports written by LibreOffice, python-docx and openpyxl (`tests/formats/render.py`).\n")
        parts.append(table("By format", "format", measured(program, list(rendered(offices)), kind)))
    if pdfs.is_dir():
        several = ("no-unicode", "two-reports")
        producer = lambda file, truth: next(  # noqa: E731
            (name for name in several if file.stem.startswith(name)), file.stem.split("-")[0]
        )
        parts.append("## PDF\n\nReports printed by several producers, with and without ruled lines (`tests/pdf/render.py`).\n")
        parts.append(table("By producer", "producer", measured(program, list(rendered(pdfs)), producer)))
    if folder:
        shape = lambda file, truth: truth["shape"]  # noqa: E731
        parts.append("## Generated text\n\nReports by `benches/generate.rs`, in every layout of text that is known.\n")
        parts.append(table("By layout", "layout", measured(program, list(generated(folder)), shape)))
    return "\n".join(parts)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("program")
    options.add_argument("--generated", type=Path)
    options.add_argument("--check", action="store_true")
    asked = options.parse_args()
    text = page(asked.program, asked.generated)
    if asked.check:
        # what other programs make is another set where these are of other versions
        fixed = lambda page: page.split("\n## Office formats")[0].rstrip()  # noqa: E731
        if fixed(PAGE.read_text(encoding="utf-8")) != fixed(text):
            sys.exit("docs/evaluation.md says another thing: make it again with tests/evaluate.py, and read the difference")
        print("docs/evaluation.md is what the program does")
    else:
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
