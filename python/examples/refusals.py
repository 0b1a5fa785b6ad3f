"""Rates of refusal by province and level of the bodies: python refusals.py OUT

A province's report often counts its counties too, so levels are never added up."""

import sys

import duckdb

REFUSED = """state_secret prohibited_by_law safety_stability third_party_rights internal_affairs process_information
    enforcement_file administrative_query""".split()


def rates(folder):
    refused = " + ".join(f"applications__refused__{reason}__total" for reason in REFUSED)
    return duckdb.sql(f"""
        SELECT coalesce(province, 'unknown') AS place, coalesce(level, 'unknown') AS level, year, count(*) AS reports,
            sum({refused})::DOUBLE AS refused, sum(applications__outcome_total__total)::DOUBLE AS decided,
            round(refused / nullif(decided, 0), 4) AS rate
        FROM read_parquet('{folder}/reports.parquet')
        WHERE form IS NOT NULL AND duplicate_of IS NULL AND ({refused}) IS NOT NULL
        GROUP BY ALL HAVING decided > 0 ORDER BY place, level, year
    """)


if __name__ == "__main__":
    table = rates(sys.argv[1])
    table.show(max_rows=200)
    assert len(table) > 0 and all(0 <= rate <= 1 for *_, rate in table.fetchall())
