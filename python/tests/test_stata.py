"""What Stata would read, through pandas' and ReadStat's readers."""

from pathlib import Path

import pandas
import pyarrow.parquet as pq
import pyreadstat

import nianbao
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
