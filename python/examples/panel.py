"""A panel for regressions, one row a body and year: python panel.py OUT PANEL.csv

A body is known by the code of its place today and what of it reports. A name alone may be that of several places (鼓楼区), so
reports without a code are left out."""

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
    who = ["issuer", "code", "code_now", "kind", "township", "scope", "year", "level"]
    who += ["checks_failed", "ambiguous", "unreadable", "form", "duplicate_of"]
    frame = nianbao.to_pandas(pq.read_table(f"{folder}/reports.parquet", columns=[*who, *COLUMNS]))
    frame = frame[frame.form.notna() & frame.duplicate_of.isna() & frame.code.notna() & frame.year.notna()]
    text = frame.astype({name: "string" for name in ["issuer", "code", "code_now", "kind", "township", "scope"]})
    # a government changes its name with its place; a department is told from others by its name
    own = text.issuer.where(~text.kind.isin(["government", "office"]), "")
    parts = [text.code_now.fillna(text.code), text.kind, text.township, text.scope, own]
    frame = frame.assign(body=parts[0].str.cat([part.fillna("") for part in parts[1:]], sep=" "))
    frame = frame.rename(columns=COLUMNS).assign(open=frame.ambiguous + frame.unreadable)
    frame = frame.sort_values(["body", "year", "open", "checks_failed"])
    # of several reports of one body and year the best read one
    frame = frame.drop_duplicates(["body", "year"]).drop(columns=["form", "duplicate_of", "open"])
    before = frame[["body", "year", "received", "carried_out"]].assign(year=frame.year + 1)
    frame = frame.merge(before, on=["body", "year"], how="left", suffixes=("", "_before"))
    frame["granted_share"] = frame.granted.astype("Float64") / frame.decided.astype("Float64").where(frame.decided > 0)
    frame["carry_agrees"] = frame.carried_in == frame.carried_out_before
    return frame


if __name__ == "__main__":
    made = panel(sys.argv[1])
    made.to_csv(sys.argv[2], index=False)
    print(made.describe(include="number").T.to_string())
    assert not made.duplicated(["body", "year"]).any() and made.granted_share.dropna().between(0, 1).mean() > 0.95
    assert pandas.read_csv(sys.argv[2]).shape == made.shape
