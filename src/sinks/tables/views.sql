CREATE INDEX cell_report ON cell (report);
CREATE INDEX cell_name ON cell ("table", "row", "column");
CREATE INDEX check_report ON check_ (report);
CREATE INDEX diagnostic_report ON diagnostic (report);
CREATE INDEX paragraph_report ON paragraph_ (report);
CREATE INDEX report_source ON report (source);
CREATE INDEX report_issuer ON report (issuer, year);
CREATE INDEX report_code ON report (code, year);

-- what became of the applications, a row a report (applications: 申请; refused: 不予公开)
CREATE VIEW outcomes AS
SELECT source, issuer, code, province, year, form,
  "applications__received__total" AS received, "applications__carried_in__total" AS carried_in,
  "applications__granted__total" AS granted, "applications__partly_granted__total" AS partly_granted,
  refused, outcome_total, carried_out,
  CASE WHEN outcome_total > 0 THEN CAST(refused AS REAL) / outcome_total END AS refusal_rate
FROM (
  SELECT *,
    "applications__refused.state_secret__total" + "applications__refused.prohibited_by_law__total"
      + "applications__refused.safety_stability__total" + "applications__refused.third_party_rights__total"
      + "applications__refused.internal_affairs__total" + "applications__refused.process_information__total"
      + "applications__refused.enforcement_file__total" + "applications__refused.administrative_query__total" AS refused,
    "applications__outcome_total__total" AS outcome_total, "applications__carried_out__total" AS carried_out
  FROM report
);

-- sums that the source itself gets wrong, both sides of each
CREATE VIEW failing_checks AS SELECT * FROM checks WHERE status = 'fails';

-- cells that a person must read
CREATE VIEW to_review AS SELECT * FROM cells WHERE status IN ('ambiguous', 'unreadable');

-- documents of which no table was read, and what was found
CREATE VIEW unread AS
SELECT source, finding, severity, message FROM diagnostics WHERE form IS NULL;

-- reports a body and year
CREATE VIEW coverage AS
SELECT code, issuer, year, count(*) AS reports, sum(checks_failed) AS checks_failed, sum(ambiguous) AS ambiguous,
  sum(unreadable) AS unreadable, sum(missing) AS missing
FROM report WHERE form IS NOT NULL GROUP BY code, issuer, year;

-- what one year carries out (结转下年度) and the next carries in (上年结转) must be the same
CREATE VIEW carry_over AS
SELECT a.issuer, a.year, a.source, b.source AS next_source,
  a."applications__carried_out__total" AS carried_out, b."applications__carried_in__total" AS next_carried_in
FROM report a JOIN report b ON b.issuer = a.issuer AND b.year = a.year + 1;
