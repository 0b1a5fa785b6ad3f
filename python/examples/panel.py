"""A panel for regressions, one row a body and year: python panel.py OUT PANEL.csv"""

import sys

import pandas
import pyarrow.parquet as pq

import nianbao

COLUMNS = {
    "applications__received__total": "received",
    "applications__carried_in__total": "carried_in",
    "applications__granted__total": "granted",
    "applications__outcome_total__total": "decided",
    "applications__carried_out__total": "carried_out",
    "review_litigation__reconsideration__total": "reconsiderations",
}


def panel(folder):
    who = ["issuer", "year", "level", "checks_failed", "ambiguous", "unreadable", "form", "duplicate_of"]
    frame = nianbao.to_pandas(pq.read_table(f"{folder}/reports.parquet", columns=[*who, *COLUMNS]))
    frame = frame[frame.form.notna() & frame.duplicate_of.isna() & frame.issuer.notna() & frame.year.notna()]
    frame = frame.rename(columns=COLUMNS).assign(open=frame.ambiguous + frame.unreadable)
    frame = frame.sort_values(["issuer", "year", "open", "checks_failed"])
    # of several reports of one body and year the best read one
    frame = frame.drop_duplicates(["issuer", "year"]).drop(columns=["form", "duplicate_of", "open"])
    before = frame[["issuer", "year", "received", "carried_out"]].assign(year=frame.year + 1)
    frame = frame.merge(before, on=["issuer", "year"], how="left", suffixes=("", "_before"))
    frame["granted_share"] = frame.granted.astype("Float64") / frame.decided.astype("Float64").where(frame.decided > 0)
    frame["carry_agrees"] = frame.carried_in == frame.carried_out_before
    return frame


if __name__ == "__main__":
    made = panel(sys.argv[1])
    made.to_csv(sys.argv[2], index=False)
    print(made.describe(include="number").T.to_string())
    assert not made.duplicated(["issuer", "year"]).any() and made.granted_share.dropna().between(0, 1).mean() > 0.95
    assert pandas.read_csv(sys.argv[2]).shape == made.shape
