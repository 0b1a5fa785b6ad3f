CREATE INDEX cell_report ON cell (report);
CREATE INDEX cell_name ON cell ("table", "row", "column");
CREATE INDEX check_report ON check_ (report);
CREATE INDEX diagnostic_report ON diagnostic (report);
CREATE INDEX paragraph_report ON paragraph_ (report);
CREATE INDEX statement_report ON statement (report);
CREATE INDEX report_source ON report (source);
CREATE INDEX report_issuer ON report (issuer, year);
CREATE INDEX report_code ON report (code, year);

-- sums that the source itself gets wrong, both sides of each
CREATE VIEW failing_checks AS
SELECT checks.* FROM checks JOIN report USING (source, sha256)
WHERE status = 'fails' AND duplicate_of IS NULL;

-- cells that a person must read
CREATE VIEW to_review AS
SELECT cells.* FROM cells JOIN report USING (source, sha256)
WHERE status IN ('ambiguous', 'unreadable') AND duplicate_of IS NULL;

-- documents of which no table was read, and what was found
CREATE VIEW unread AS
SELECT source, finding, severity, message FROM diagnostics WHERE form IS NULL;

-- reports a body and year
CREATE VIEW coverage AS
SELECT code, issuer, kind, township, scope, year, count(*) AS reports, sum(checks_failed) AS checks_failed,
  sum(ambiguous) AS ambiguous, sum(unreadable) AS unreadable, sum(missing) AS missing
FROM report WHERE form IS NOT NULL AND duplicate_of IS NULL GROUP BY code, issuer, kind, township, scope, year;

-- each report of a body and that of the next year; a body is known by the code of its place today and its name, for the name
-- alone may be another place's (鼓楼区)
CREATE VIEW years AS
SELECT a.report AS report, b.report AS next
FROM report a JOIN report b
  ON coalesce(b.code_now, b.code) = coalesce(a.code_now, a.code) AND b.year = a.year + 1
  AND b.kind IS a.kind AND b.township IS a.township AND b.scope IS a.scope
  AND (a.kind IN ('government', 'office') OR b.issuer = a.issuer)
WHERE a.duplicate_of IS NULL AND b.duplicate_of IS NULL;
