"""What Stata would read, through pandas' and ReadStat's readers."""

from pathlib import Path

import pandas
import pyarrow.parquet as pq
import pyreadstat

import nianbao
import pytest

from nianbao.stata import short_names, to_stata

CORPUS = Path(__file__).parents[2] / "corpus"


def test_stata_files_are_the_parquet_files(tmp_path):
    nianbao.convert(CORPUS, tmp_path)
    for path in to_stata(tmp_path):
        table = pq.read_table(tmp_path / f"{path.stem}.parquet")
        names = short_names(table.column_names)
        assert all(len(name) <= 32 and name.isascii() and name.isidentifier() for name in names.values())
        assert len(set(names.values())) == len(names)
        frame = pandas.read_stata(path)
        assert list(frame.columns) == list(names.values()) and len(frame) == table.num_rows
        for column, name in names.items():
            for want, got in zip(table[column].to_pylist(), frame[name]):
                if want is None or want == "":
                    assert got == "" or pandas.isna(got), (column, got)
                elif isinstance(want, (float, int)):
                    assert float(got) == want, (column, want, got)
                else:
                    assert got == want, (column, want, got)
        meta = pyreadstat.read_dta(str(path), metadataonly=True)[1]
        assert meta.column_names_to_labels["year"] == "报告年度（不是发布年份）"
        if path.stem == "cells":
            assert meta.variable_value_labels["status"][2] == "solved"
    assert "app_received_total" in (tmp_path / "variables.csv").read_text("utf-8")


def nothing(value):
    return value is None or pandas.isna(value) or value == ""


def test_a_panel_is_the_same_in_every_format(tmp_path):
    """pandas takes numbers for numbers in all of them, and each cell has its status beside it, that of the cells' table."""
    nianbao.convert(CORPUS, tmp_path, formats=["csv", "parquet"])
    nianbao.panel(tmp_path, formats=["parquet", "xlsx", "stata"])
    book = pandas.read_csv(tmp_path / "panel_codebook.csv", keep_default_na=False)
    parquet, stata = pandas.read_parquet(tmp_path / "panel.parquet"), pandas.read_stata(tmp_path / "panel.dta")
    texts = {name: "string" for name, kind in zip(book.column, book.type) if kind == "string"}
    plain = pandas.read_csv(tmp_path / "panel.csv", dtype=texts)
    excel = pandas.read_excel(tmp_path / "panel.xlsx", sheet_name="panel", dtype=texts)
    assert list(parquet.columns) == list(book.column) == list(excel.columns)
    assert list(stata.columns) == list(book.stata) == list(short_names(book.column).values())
    assert len(parquet) == len(stata) == len(plain) == len(excel) > 100
    for column, name in zip(book.column, book.stata):
        for want, *others in zip(parquet[column], stata[name], plain[column], excel[column]):
            for got in others:
                if nothing(want):
                    assert nothing(got), (column, got)
                elif isinstance(want, str):
                    assert str(got).removeprefix("'") == want, (column, want, got)
                else:
                    assert float(got) == float(want), (column, want, got)
    cells = pq.read_table(tmp_path / "cells.parquet").to_pandas()
    cells["name"] = cells.table + "__" + cells.row.str.replace(".", "__") + "__" + cells.column
    status = dict(zip(zip(cells.source, cells.name), cells.status))
    wide = [name.removesuffix("__status") for name in parquet.columns if name.endswith("__status")]
    for row in parquet.to_dict("records"):
        for name in wide:
            got = row[f"{name}__status"]
            assert (None if nothing(got) else got) == status.get((row["source"], name)), (row["source"], name)
    # means and ratios as they come
    received = parquet.applications__received__total.mean()
    assert received > 0 and received == stata.app_received_total.mean() == plain.applications__received__total.mean()
    ratio = parquet.applications__granted__total / parquet.applications__received__total
    assert ratio.dtype.kind == "f" and ratio.dropna().gt(0).any()
    with pytest.raises(ValueError, match='no format "sas"'):
        nianbao.panel(tmp_path, formats="sas")
