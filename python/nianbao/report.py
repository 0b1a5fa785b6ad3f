"""One document and what was read from it."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from functools import cached_property
from html import escape
from typing import Any, Iterator, Literal, Sequence, Union

from ._nianbao import Grammars, entry
from .grammars import PathLike, forms_of, grammars

Number = Union[int, Decimal]
Status = Literal["read", "solved", "blank", "ambiguous", "unreadable", "missing", "recognised", "reviewed"]
Verdict = Literal["holds", "fails", "open"]
Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True)
class Candidate:
    """A value that remains possible for an ambiguous cell."""

    value: Number


@dataclass(frozen=True)
class Cell:
    """One cell of the form; `status` says how it got its value, or why that is None. `proof` names the checks that
    decide the value of a solved cell; `review` says who decided a reviewed one, and `was` what the program had said."""

    table: str
    row: str
    column: str
    value: Number | None
    raw: str | None
    status: Status
    at: dict[str, Any] | None
    candidates: list[Candidate] = field(default_factory=list)
    proof: list[str] = field(default_factory=list)
    review: dict[str, str] | None = None
    was: dict[str, Any] | None = None

    @property
    def name(self) -> str:
        """`table.row.column`, as checks and diagnostics name it."""
        return f"{self.table}.{self.row}.{self.column}"


@dataclass(frozen=True)
class Check:
    """One equation of the form, judged: `status` is `holds`, `fails` or `open`. `rule` is what the form says, `cells` are
    those that it needs; both come from the form (`nianbao.forms`), the rest from the record."""

    id: str
    status: Verdict
    left: Number | None
    right: Number | None
    rule: str
    cells: list[str]


@dataclass(frozen=True)
class Diagnostic:
    """Something a person should know; `severity` is `error`, `warning` or `info`. A sum that fails names its `check`."""

    code: str
    severity: Severity
    message: str
    line: int | None
    cells: list[str]
    page: int | None = None
    check: str | None = None


@dataclass(frozen=True)
class Section:
    """One section and its paragraphs."""

    key: str
    ordinal: str | None
    title: str
    paragraphs: list[str]


@dataclass(frozen=True)
class Statement:
    """A number that the prose states in the clause `text`, apart from the tables. `value` is None where the number is about,
    of all years so far, of another year, of nobody knows whom, or stated twice: `finding` says which. `words` is true for a
    zero said in words; `proof` is `breakdown` where its stated parts add up to it, `table` where the table prints it too."""

    measure: str
    value: Number | None
    unit: str | None
    exact: bool
    words: bool
    scope: Literal["body", "region"] | None
    year: int | None
    text: str
    at: dict[str, Any]
    proof: Literal["breakdown", "table"] | None
    finding: str | None


class Report:
    """What was read from one document. The record is taken apart when something of it is asked for."""

    def __init__(self, record: bytes, forms: Grammars | None = None) -> None:
        self._json = record
        self._forms = forms

    def __reduce__(self) -> tuple[Any, ...]:
        """For other processes: the record, and not the forms that read it."""
        return Report, (self._json,)

    def to_json(self) -> str:
        """The record as it stands in `reports.jsonl`."""
        return self._json.decode()

    def to_dict(self) -> dict[str, Any]:
        """The record; fractions are `Decimal`, so that sums stay exact.

        >>> parse(b"nothing of a report").to_dict()["form"] is None
        True
        """
        return json.loads(self._json, parse_float=Decimal)

    @cached_property
    def _record(self) -> dict[str, Any]:
        return self.to_dict()

    @property
    def name(self) -> str:
        """The document's path as given, or its name."""
        return self._record["source"]["name"]

    @property
    def source(self) -> dict[str, Any]:
        """Name, sha256, bytes, media_type, encoding of the document."""
        return self._record["source"]

    @property
    def title(self) -> str | None:
        """The title line, unwrapped."""
        return self._record["title"]

    @property
    def issuer(self) -> dict[str, Any]:
        """Name, level, code and place of the body."""
        return self._record["issuer"]

    @property
    def year(self) -> int | None:
        """The year reported on."""
        return self._record["year"]

    @property
    def form(self) -> str | None:
        """The form that read it; None when no form was recognised."""
        return self._record["form"]

    @property
    def reading(self) -> dict[str, int]:
        """How many cells have which status."""
        return self._record["reading"]

    @cached_property
    def cells(self) -> list[Cell]:
        """All cells of the form, in its order."""
        return list(self._cells())

    def _cells(self) -> Iterator[Cell]:
        for table, rows in self._record["tables"].items():
            for row, columns in rows.items():
                for column, cell in columns.items():
                    yield _cell(table, row, column, cell)

    def __getitem__(self, name: str | tuple[str, str, str]) -> Cell:
        """A cell by its name, `"applications.received.total"`, or by table, row and column.

        >>> parse(b"nothing of a report")["applications.received.total"]
        Traceback (most recent call last):
            ...
        KeyError: 'bytes has no cell applications.received.total: no form was recognised'
        """
        full = name if isinstance(name, str) else ".".join(name)
        table, _, rest = full.partition(".")
        row, _, column = rest.rpartition(".")
        try:
            return _cell(table, row, column, self._record["tables"][table][row][column])
        except KeyError:
            pass
        if self.form is None:
            raise KeyError(f"{self.name} has no cell {full}: no form was recognised")
        near = get_close_matches(full, [cell.name for cell in self.cells], n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise KeyError(f"{self.name} has no cell {full} (form: {self.form}){hint}")

    @cached_property
    def checks(self) -> list[Check]:
        """The form's equations, judged."""
        known, names = self._about["checks"], {cell.name for cell in self.cells}
        checks = []
        for check in self._record["checks"]:
            about = known.get(check["id"], {"rule": "", "cells": []})
            # of two versions of a table the record has one
            cells = [cell for cell in about["cells"] if cell in names]
            checks.append(Check(check["id"], check["status"], check["left"], check["right"], about["rule"], cells))
        return checks

    @property
    def _about(self) -> dict[str, Any]:
        """What all records of this form share; a record from another process knows the forms of the program only."""
        nothing: dict[str, Any] = {"tables": [], "checks": {}}
        return forms_of(self._forms or grammars(None))["forms"].get(self.form, nothing)

    @cached_property
    def diagnostics(self) -> list[Diagnostic]:
        """What a person should know."""
        return [Diagnostic(**found) for found in self._record["diagnostics"]]

    @cached_property
    def statements(self) -> list[Statement]:
        """The numbers that the prose states, in order.

        >>> text = "某镇2016年政府信息公开工作年度报告\n一、主动公开情况\n2016年，我镇主动公开政府信息37条。\n"
        >>> [(said.measure, said.value) for said in parse(text.encode()).statements]
        [('information_published', 37)]
        """
        return [Statement(**said) for said in self._record["statements"]]

    @cached_property
    def sections(self) -> list[Section]:
        """The sections found, in order."""
        return [Section(**section) for section in self._record["sections"]]

    def __repr__(self) -> str:
        return f"<nianbao.Report {self.name!r} {self.issuer['name']!r} {self.year} {self.form}>"

    def _repr_html_(self) -> str:
        """The tables as read, for notebooks; hostile text in a document stays text."""
        return "".join(_html(self))


def _cell(table: str, row: str, column: str, cell: dict[str, Any]) -> Cell:
    candidates = [Candidate(candidate["value"]) for candidate in cell.get("candidates", [])]
    own = {key: cell[key] for key in ("value", "raw", "status", "at")}
    return Cell(table, row, column, **own, candidates=candidates, proof=cell.get("proof", []), review=cell.get("review"), was=cell.get("was"))


# colours of the states; `read` and `missing` speak for themselves
_STYLE = {
    "read": "",
    "solved": "background:#d7ecff;color:#000",
    "blank": "color:#999",
    "ambiguous": "background:#ffe3a3;color:#000",
    "unreadable": "background:#ead7f3;color:#000",
    "missing": "color:#bbb",
    "recognised": "background:#d7e3ff;color:#000",
    "reviewed": "background:#d7e3ff;color:#000",
}


def _html(report: Report) -> Iterator[str]:
    record = report._record
    yield f"<p><b>{escape(report.title or report.name)}</b><br>"
    who = [report.issuer["name"], str(report.year or "year unknown"), report.form or "no form recognised"]
    yield escape(" · ".join(part for part in who if part)) + "</p>"
    labels = {
        table["key"]: [{one["key"]: one["label"] for one in table[part]} for part in ("rows", "columns")]
        for table in report._about["tables"]
    }
    failing = {cell for check in report.checks if check.status == "fails" for cell in check.cells}
    for table, rows in record["tables"].items():
        row_labels, column_labels = labels.get(table, ({}, {}))
        columns = list(dict.fromkeys(column for row in rows.values() for column in row))
        head = "".join(f"<th>{escape(column_labels.get(column, column))}</th>" for column in columns)
        yield f"<table><caption>{escape(table)}</caption><tr><th></th>{head}</tr>"
        for row, cells in rows.items():
            yield f"<tr><th style='text-align:left'>{escape(row_labels.get(row, row))}</th>"
            for column in columns:
                cell = cells.get(column)
                yield "<td></td>" if cell is None else _td(cell, f"{table}.{row}.{column}" in failing)
            yield "</tr>"
        yield "</table>"
    if report.diagnostics:
        items = (f"<li><b>{escape(d.code)}</b> {escape(d.message)}</li>" for d in report.diagnostics)
        yield f"<ul>{''.join(items)}</ul>"


def _td(cell: dict[str, Any], fails: bool) -> str:
    shown = {"ambiguous": "?", "missing": "·"}.get(cell["status"], cell["raw"] or "")
    if cell["value"] is not None:
        shown = str(cell["value"])
    style = _STYLE[cell["status"]] + (";outline:2px solid #c00" if fails else "")
    about = f"{cell['status']}: {cell['raw'] or ''}"[:200]
    return f"<td style='{style}' title='{escape(about)}'>{escape(shown)}</td>"


def parse(
    source: PathLike | bytes | bytearray | memoryview,
    *,
    name: str | None = None,
    grammar: PathLike | Sequence[PathLike] | None = None,
) -> Report:
    """Reads one document: a path, also of an entry of an archive as tables name it (`2022.zip!/a.html`), or its bytes. The other
    threads of Python run meanwhile.

    `name` is what the record calls it; `grammar` are further forms to try (grammar files).

    >>> parse("规章".encode(), name="a.txt").name
    'a.txt'
    >>> parse("there/is/no/such/file.txt")
    Traceback (most recent call last):
        ...
    FileNotFoundError: [Errno 2] No such file or directory: 'there/is/no/such/file.txt'
    """
    name, data = _document(source, name)
    forms = grammars(grammar)
    return Report(forms.parse(name, data), forms)


def explain(
    source: PathLike | bytes | bytearray | memoryview,
    *,
    name: str | None = None,
    html: bool = False,
    grammar: PathLike | Sequence[PathLike] | None = None,
) -> str:
    """A document as it was read, beside its source: as text, or as a page for a browser.

    >>> explain("某县2022年政府信息公开工作年度报告".encode()).splitlines()[0]
    '某县2022年政府信息公开工作年度报告'
    """
    name, data = _document(source, name)
    return grammars(grammar).explain(name, data, html)


def _document(source: PathLike | bytes | bytearray | memoryview, name: str | None) -> tuple[str, bytes]:
    if isinstance(source, (bytes, bytearray, memoryview)):
        return "bytes" if name is None else name, bytes(source)
    path = os.fspath(source)
    try:
        with open(path, "rb") as file:
            return path if name is None else name, file.read()
    except (FileNotFoundError, NotADirectoryError):
        data = entry(path) if "!/" in path else None
        if data is None:
            raise
        return path if name is None else name, data
