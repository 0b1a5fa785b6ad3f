"""How well an archive was read, as a small Parquet file of plain types for R: python quality.py OUT QUALITY.parquet"""

import sys

import duckdb


def quality(folder, file):
    database = duckdb.connect()
    database.execute(f"""
        CREATE TABLE quality AS
        SELECT coalesce(r.form, 'none') AS form, r.year::INTEGER AS year, count(*)::INTEGER AS documents,
            sum(r.cells)::INTEGER AS cells, sum(r.read)::INTEGER AS read, sum(r.solved)::INTEGER AS solved,
            sum(r.blank)::INTEGER AS blank, sum(r.ambiguous)::INTEGER AS ambiguous, sum(r.unreadable)::INTEGER AS unreadable, sum(r.missing)::INTEGER AS missing,
            sum(r.checks_failed)::INTEGER AS checks_failed,
            (sum(r.read + r.solved) / nullif(sum(r.cells - r.blank - r.missing), 0))::DOUBLE AS given
        FROM read_parquet('{folder}/reports.parquet') r GROUP BY ALL ORDER BY form, year
    """)
    # nanoparquet reads snappy and plain pages
    database.execute(f"COPY quality TO '{file}' (FORMAT parquet, COMPRESSION snappy)")
    worst = database.execute(f"""
        SELECT finding, severity, count(*) AS times, count(DISTINCT source) AS documents
        FROM read_parquet('{folder}/diagnostics.parquet') GROUP BY ALL ORDER BY times DESC LIMIT 10
    """)
    return database.sql("FROM quality"), worst.fetchall()


if __name__ == "__main__":
    table, worst = quality(*sys.argv[1:])
    table.show(max_rows=200)
    for finding, severity, times, documents in worst:
        print(f"{finding:24} {severity:8} {times:6} times in {documents} documents")
    [[documents]] = table.aggregate("sum(documents)").fetchall()
    [[rows]] = duckdb.sql(f"SELECT count(*) FROM read_parquet('{sys.argv[1]}/reports.parquet')").fetchall()
    assert documents == rows
