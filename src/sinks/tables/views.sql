CREATE INDEX cell_report ON cell (report);
CREATE INDEX cell_name ON cell ("table", "row", "column");
CREATE INDEX check_report ON check_ (report);
CREATE INDEX diagnostic_report ON diagnostic (report);
CREATE INDEX paragraph_report ON paragraph_ (report);
CREATE INDEX statement_report ON statement (report);
CREATE INDEX report_source ON report (source);
CREATE INDEX report_issuer ON report (issuer, year);
CREATE INDEX report_code ON report (code, year);

-- what became of the applications, a row a report (applications: 申请; refused: 不予公开); of a report that is there
-- twice, the first
CREATE VIEW outcomes AS
SELECT source, issuer, code, province, year, form,
  "applications__received__total" AS received, "applications__carried_in__total" AS carried_in,
  "applications__granted__total" AS granted, "applications__partly_granted__total" AS partly_granted,
  refused, outcome_total, carried_out,
  CASE WHEN outcome_total > 0 THEN CAST(refused AS REAL) / outcome_total END AS refusal_rate
FROM (
  SELECT *,
    "applications__refused__state_secret__total" + "applications__refused__prohibited_by_law__total"
      + "applications__refused__safety_stability__total" + "applications__refused__third_party_rights__total"
      + "applications__refused__internal_affairs__total" + "applications__refused__process_information__total"
      + "applications__refused__enforcement_file__total" + "applications__refused__administrative_query__total" AS refused,
    "applications__outcome_total__total" AS outcome_total, "applications__carried_out__total" AS carried_out
  FROM report WHERE form IS NOT NULL AND duplicate_of IS NULL
);

-- sums that the source itself gets wrong, both sides of each
CREATE VIEW failing_checks AS
SELECT checks.* FROM checks JOIN report USING (source, sha256)
WHERE status = 'fails' AND duplicate_of IS NULL;

-- cells that a person must read
CREATE VIEW to_review AS
SELECT cells.* FROM cells JOIN report USING (source, sha256)
WHERE status IN ('ambiguous', 'unreadable') AND duplicate_of IS NULL;

-- what prose states, beside the cell of the form that counts the same, where the report has both
CREATE VIEW stated_applications AS
SELECT source, issuer, code, year, form, scope, stated__applications_received AS stated,
  "applications__received__total" AS printed
FROM report
WHERE stated__applications_received IS NOT NULL AND "applications__received__total" IS NOT NULL AND duplicate_of IS NULL;

-- documents of which no table was read, and what was found
CREATE VIEW unread AS
SELECT source, finding, severity, message FROM diagnostics WHERE form IS NULL;

-- reports a body and year
CREATE VIEW coverage AS
SELECT code, issuer, kind, township, scope, year, count(*) AS reports, sum(checks_failed) AS checks_failed,
  sum(ambiguous) AS ambiguous, sum(unreadable) AS unreadable, sum(missing) AS missing
FROM report WHERE form IS NOT NULL AND duplicate_of IS NULL GROUP BY code, issuer, kind, township, scope, year;

-- what one year carries out (结转下年度) and the next carries in (上年结转) must be the same; a body is known by the code
-- of its place today and its name, for the name alone may be another place's (鼓楼区)
CREATE VIEW carry_over AS
SELECT a.issuer, coalesce(a.code_now, a.code) AS code, a.year, a.source, b.source AS next_source,
  a."applications__carried_out__total" AS carried_out, b."applications__carried_in__total" AS next_carried_in
FROM report a JOIN report b
  ON coalesce(b.code_now, b.code) = coalesce(a.code_now, a.code) AND b.year = a.year + 1
  AND b.kind IS a.kind AND b.township IS a.township AND b.scope IS a.scope
  AND (a.kind IN ('government', 'office') OR b.issuer = a.issuer)
WHERE a.duplicate_of IS NULL AND b.duplicate_of IS NULL;
