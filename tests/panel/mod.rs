//! A generated panel of 2,800 counties over seven years with 200 faults planted in it: each must be reported, and hardly
//! anything else. And the page of a panel, in a browser.

mod browser;
mod files;
mod made;
mod review;

use made::{
    COUNTIES, FAULTS, Planted, Random, Report, YEARS, cell, counties, county, judged, plant, table,
};
use nianbao::lang::Lang;
use nianbao::panel::{Finding, Kind, Panel, Weight};
use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

#[test]
fn every_planted_fault_is_reported_and_hardly_anything_else() {
    let mut random = Random(20_241_123);
    let counties = counties();
    let mut all: Vec<Vec<Report>> =
        counties.iter().map(|years| county(&mut random, years)).collect();
    let step = all.len() / FAULTS;
    let planted: Vec<Planted> = (0..FAULTS)
        .map(|nth| {
            let now = counties[nth * step].last().expect("seven years").0;
            plant(&mut random, nth, now, &mut all[nth * step])
        })
        .collect();
    let reports: Vec<Report> = all.into_iter().flatten().collect();
    let panel = judged(table(&reports));
    assert_eq!(panel.bodies.len(), counties.len());
    let code = |finding: &Finding| panel.bodies[finding.body].code_now.expect("all have codes");
    let missed: Vec<String> = planted
        .iter()
        .filter(|p| {
            !panel
                .findings
                .iter()
                .any(|f| f.kind == p.kind && code(f) == p.code && p.years.contains(&f.year))
        })
        .map(|p| format!("{:?} {} {:?}", p.kind, p.code, p.years))
        .collect();
    let touched: BTreeSet<u32> = planted.iter().map(|p| p.code).collect();
    let false_alarms: Vec<String> = panel
        .findings
        .iter()
        .filter(|f| !touched.contains(&code(f)))
        .map(|f| {
            format!("{:?} {} {} {:?} {:?}", f.kind, code(f), f.year, f.left_value, f.right_value)
        })
        .collect();
    println!(
        "{} bodies, {} reports, {} planted, {} missed, {} findings, {} false alarms",
        panel.bodies.len(),
        reports.len(),
        planted.len(),
        missed.len(),
        panel.findings.len(),
        false_alarms.len()
    );
    assert!(counties.len() >= COUNTIES, "{}", counties.len());
    assert!(missed.is_empty(), "missed:\n{}", missed.join("\n"));
    assert!(
        false_alarms.len() * 100 <= panel.findings.len(),
        "{} of {}:\n{}",
        false_alarms.len(),
        panel.findings.len(),
        false_alarms[..false_alarms.len().min(20)].join("\n")
    );
}

#[test]
fn a_region_has_at_least_what_its_parts_have() {
    let mut random = Random(7);
    let inner: Vec<_> = counties().into_iter().filter(|years| years[0].0 / 100 == 4312).collect();
    // 洪江 and 中方 and the others of 怀化
    assert!(inner.len() > 8, "{inner:?}");
    let mut all: Vec<Vec<Report>> = inner.iter().map(|years| county(&mut random, years)).collect();
    let mut whole = all[0].clone();
    for (at, report) in whole.iter_mut().enumerate() {
        for (key, value) in [
            ("code", "431200"),
            ("issuer", "怀化市人民政府"),
            ("county", ""),
            ("level", "prefecture"),
        ] {
            report.who.insert(key, value.to_owned());
        }
        report.who.insert("source", format!("{at}/431200.html"));
        let names: Vec<String> = report.cells.keys().cloned().collect();
        for name in names {
            let sum = all.iter().map(|years| years[at].get(&name)).sum();
            report.set(&name, sum);
        }
    }
    let of = |kind: Kind, panel: &Panel| {
        panel
            .findings
            .iter()
            .filter(|f| f.kind == kind)
            .map(|f| (f.year, panel.cell_name(f.left.cell)))
            .collect::<Vec<_>>()
    };
    let tables = |all: &[Vec<Report>], whole: &[Report]| {
        table(&all.iter().flatten().chain(whole).cloned().collect::<Vec<_>>())
    };
    let good = judged(tables(&all, &whole));
    assert_eq!(of(Kind::PartsExceed, &good), []);
    assert_eq!(of(Kind::PartsDiffer, &good), []);
    // less than its parts in one cell of 2020, more in one of 2022
    let business = cell("received", "business");
    let value = whole[2].get(&business);
    whole[2].set(&business, value - 3);
    let value = whole[4].get(&business);
    whole[4].set(&business, value + 5);
    let bad = judged(tables(&all, &whole));
    assert_eq!(of(Kind::PartsExceed, &bad), [(2020, "applications.received.business".to_owned())]);
    assert_eq!(of(Kind::PartsDiffer, &bad), [(2022, "applications.received.business".to_owned())]);
    // with a part missing nothing can be said
    all.pop();
    let open = judged(tables(&all, &whole));
    assert_eq!(of(Kind::PartsExceed, &open), []);
}

#[test]
fn a_county_that_becomes_a_district_stays_one_body() {
    let mut random = Random(3);
    let mut reports = county(&mut random, &[(450_127, "横县")]);
    for (at, report) in reports.iter_mut().enumerate() {
        if YEARS.start() + at as i32 >= 2021 {
            report.who.insert("code", "450181".to_owned());
            report.who.insert("issuer", "横州市人民政府".to_owned());
        }
    }
    let value = reports[3].get(&cell("carried_in", "total"));
    reports[3].set(&cell("carried_in", "total"), value + 1);
    let panel = judged(table(&reports));
    assert_eq!(panel.bodies.len(), 1);
    assert_eq!(panel.bodies[0].code_now, Some(450_181));
    let kinds: Vec<(Kind, i32)> = panel.findings.iter().map(|f| (f.kind, f.year)).collect();
    assert_eq!(kinds, [(Kind::CarryDiffers, 2020)]);
}

#[test]
fn the_most_complete_of_two_counts_and_they_are_compared() {
    let mut random = Random(5);
    let mut reports = county(&mut random, &[(410_423, "鲁山县")]);
    let mut poor = reports[2].clone();
    poor.who.insert("source", "mirror/2020.html".to_owned());
    poor.who.insert("missing", "100".to_owned());
    let value = poor.get(&cell("received", "total"));
    poor.set(&cell("received", "total"), value + 1);
    reports.insert(0, poor);
    let panel = judged(table(&reports));
    let entry = panel.bodies[0].entry(2020).expect("it is there");
    assert_eq!((entry.row, &entry.others[..]), (3, &[0][..]));
    let found: Vec<&Finding> =
        panel.findings.iter().filter(|f| f.kind.weight() == Weight::Note).collect();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].kind, Kind::DuplicatesDiffer);
    assert_eq!(panel.cell_name(found[0].left.cell), "applications.received.total");
}

/// Each measure is a sum of its own: decisions of counties as applications.
#[test]
fn every_measure_of_a_region_is_held_against_its_parts() {
    let mut random = Random(17);
    let inner: Vec<_> = counties().into_iter().filter(|years| years[0].0 / 100 == 4312).collect();
    let mut all: Vec<Vec<Report>> = inner.iter().map(|years| county(&mut random, years)).collect();
    let mut whole = all[0].clone();
    let cells: Vec<String> = all[0][0].cells.keys().cloned().collect();
    for (at, report) in whole.iter_mut().enumerate() {
        for (key, value) in [("code", "431200"), ("issuer", "怀化市人民政府"), ("county", "")]
        {
            report.who.insert(key, value.to_owned());
        }
        report.who.insert("source", format!("{at}/431200.html"));
        for name in &cells {
            let sum = all.iter().map(|years| years[at].get(name)).sum();
            report.set(name, sum);
        }
    }
    let found = |all: &[Vec<Report>], whole: &[Report]| {
        let panel = judged(table(&all.iter().flatten().chain(whole).cloned().collect::<Vec<_>>()));
        let own = panel.findings.iter().filter(|f| f.kind == Kind::PartsExceed);
        own.map(|f| (f.year, panel.cell_name(f.left.cell), f.sums.clone())).collect::<Vec<_>>()
    };
    assert_eq!(found(&all, &whole), []);
    let licences = "proactive__licences__decisions";
    let value = whole[3].get(licences);
    whole[3].set(licences, value - 7);
    let told = found(&all, &whole);
    let [(2021, name, Some(sums))] = &told[..] else { panic!("{told:?}") };
    assert_eq!(name, "proactive.licences.decisions");
    let whole_numbers =
        [sums.left, sums.right].map(|side| side.and_then(nianbao::number::Decimal::integer));
    assert_eq!(whole_numbers, [Some(value - 7), Some(value)]);
    // a part that gives no number: nothing can be said of this measure
    all[0][3].cells.remove(licences);
    assert_eq!(found(&all, &whole), []);
}

/// What was not read is counted with the reason, at the place that its folders name, and against all places there are.
#[test]
fn coverage_counts_what_was_not_read_and_what_nobody_has() {
    let mut random = Random(13);
    let mut reports = county(&mut random, &[(431_230, "通道侗族自治县")]);
    let mut unread = |source: &str, reason: &str| {
        let mut report = Report::default();
        report.who.insert("source", source.to_owned());
        report.who.insert("reason", reason.to_owned());
        reports.push(report);
    };
    let folder = "湖南省/怀化市/通道侗族自治县";
    unread(&format!("{folder}/2017年年报.pdf"), "no_text_layer");
    unread(&format!("{folder}/2016年年报.xlsb"), "unsupported_format");
    unread(&format!("{folder}/2015年年报.html"), "tables_missing");
    unread(&format!("{folder}/2014年年报.doc"), "encrypted");
    unread(&format!("{folder}/2018年年报.pdf"), "no_text_layer");
    unread("湖南省/长沙市/长沙县2020.pdf", "damaged");
    unread("scan.pdf", "no_text_layer");
    let panel = judged(table(&reports));
    assert_eq!((panel.bodies.len(), panel.unplaced.len()), (2, 1));
    let body = panel.bodies.iter().find(|b| b.code_now == Some(431_230)).expect("it is there");
    // what was not read does not say for whom it reports, and is the body's that is known
    assert_eq!(body.scope, "region");
    let states: Vec<&str> = (2013..=2018).map(|year| body.state(year).name()).collect();
    let expected = ["missing", "failed", "no_tables", "unsupported", "scanned", "present"];
    assert_eq!(states, expected);
    assert_eq!(body.entry(2018).map(|e| (e.others.len(), e.is_by_path)), Some((1, false)));
    assert_eq!(body.entry(2017).map(|e| e.is_by_path), Some(true));
    let share = |year: i32, level: &str| {
        let share = panel.shares.iter().find(|s| s.year == year && s.level() == level);
        let share = share.expect("Hunan is there");
        assert_eq!(share.states.iter().sum::<usize>(), share.known);
        (share.province, share.reports(), share.known)
    };
    assert_eq!(share(2020, "county"), (430_000, 1, 122));
    assert_eq!(share(2017, "county"), (430_000, 0, 122));
    assert_eq!(share(2020, "prefecture"), (430_000, 0, 14));
    assert!(
        panel
            .summary(Lang::En)
            .contains("2024: 0 of 1 provinces, 0 of 14 prefectures, 1 of 122 counties")
    );
}

/// Every document is a row of the panel, one of several for its year, or without a body or a year.
#[test]
fn the_counts_of_panel_and_coverage_agree() {
    let mut random = Random(11);
    let mut reports = county(&mut random, &[(410_423, "鲁山县")]);
    let mut more = |at: usize, name: &str, changes: &[(&'static str, &str)]| {
        let mut report = reports[at].clone();
        report.who.insert("source", name.to_owned());
        for (key, value) in changes {
            report.who.insert(key, (*value).to_owned());
        }
        reports.push(report);
    };
    more(2, "twice.html", &[]);
    more(0, "narrative.html", &[("year", "2012"), ("form", "")]);
    more(0, "undated.html", &[("year", "")]);
    more(0, "nobody.html", &[("issuer", ""), ("form", "")]);
    let panel = judged(table(&reports));
    let folder = std::env::temp_dir().join(format!("nianbao-counts-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    panel.write(&folder).expect("it can be written");
    let lines = |name: &str| fs::read_to_string(folder.join(name)).expect("it is there");
    let rows = lines("panel.csv").lines().count() - 1;
    let coverage = lines("coverage.csv");
    let states = coverage.lines().skip(1).flat_map(|line| line.split(',').skip(6));
    let covered = states.filter(|state| *state != "missing").count();
    let others: usize = panel.bodies.iter().flat_map(|b| &b.entries).map(|e| e.others.len()).sum();
    assert_eq!((rows, covered, others, panel.unplaced.len()), (8, 8, 1, 2));
    assert_eq!(rows + others + panel.unplaced.len(), reports.len());
    assert_eq!(panel.years, (2012, 2024));
    let summary = panel.summary(Lang::En);
    assert!(
        summary.starts_with("11 documents, 9 reports; 1 bodies, 2012 to 2024: 8 body-years"),
        "{summary}"
    );
    // the line of the summary counts what coverage.csv has
    let line = summary.lines().find(|line| line.starts_with("  coverage")).expect("it is told");
    let counts: Vec<usize> = line.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let (missing, there) = counts.split_last().expect("missing stands last");
    let cells = coverage.lines().skip(1).flat_map(|line| line.split(',').skip(6)).count();
    assert_eq!((there.iter().sum::<usize>(), missing + covered), (covered, cells), "{line}");
    fs::remove_dir_all(&folder).expect("what was made can be removed");
}

/// Two years of a county as documents, the second of which carries in what the first did not carry out.
#[test]
fn from_documents_to_the_marked_cells() {
    const GOOD: &str = include_str!("../cli/good.txt");
    let folder = std::env::temp_dir().join(format!("nianbao-documents-{}", std::process::id()));
    let path = |name: &str| folder.join(name);
    fs::create_dir_all(&folder).expect("a folder");
    let first = GOOD.replace("某县", "鲁山县");
    let second = first.replace("2022年", "2023年").replace(
        "二、上年结转政府信息公开申请数量 0 0 0 0 0 0 0",
        "二、上年结转政府信息公开申请数量 2 0 0 0 0 0 2",
    );
    assert_ne!(first, second);
    fs::write(path("2022.txt"), first).unwrap();
    fs::write(path("2023.txt"), second).unwrap();
    let run = |arguments: &[&str]| {
        let ran = Command::new(env!("CARGO_BIN_EXE_nianbao"))
            .env("LC_ALL", "C")
            .args(arguments)
            .current_dir(&folder)
            .output();
        let ran = ran.expect("it runs");
        assert!(
            matches!(ran.status.code(), Some(0 | 1)),
            "{}",
            String::from_utf8_lossy(&ran.stderr)
        );
    };
    run(&["convert", "2022.txt", "2023.txt", "--out", "out", "--quiet"]);
    run(&["panel", "out", "--quiet"]);
    let read =
        |name: &str| fs::read_to_string(path(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
    let findings = read("out/panel_findings.csv");
    let carried: Vec<&str> = findings.lines().filter(|l| l.starts_with("carry_differs")).collect();
    assert_eq!(carried.len(), 2, "{findings}");
    assert_eq!(
        carried[0],
        "carry_differs,warning,1,410423,鲁山县人民政府,2022,applications.carried_out.natural_person,0,2022.txt,\
         applications.carried_in.natural_person,2,2023.txt,,,,"
    );
    // a sum that fails: the cells as printed, and apart from them the sums
    let fails: Vec<&str> = findings.lines().filter(|l| l.starts_with("sum_fails")).collect();
    assert!(
        fails.contains(
            &"sum_fails,warning,1,410423,鲁山县人民政府,2023,applications.received.natural_person,3,2023.txt,\
              applications.carried_out.natural_person,0,2023.txt,5,3,第一项加第二项之和，等于第三项加第四项之和,\
              applications.balance.natural_person"
        ),
        "{fails:?}"
    );
    assert_eq!(read("out/panel.csv").lines().count(), 3);
    assert!(
        read("out/coverage.csv")
            .contains("鲁山县人民政府,河南省平顶山市鲁山县,government,,present,failing")
    );
    // the page links to the cell in the source
    let page = read("out/panel.html");
    let mark = "\"applications.carried_in.natural_person\":\"";
    let from = page.find(mark).expect("the cell has a place") + mark.len();
    let anchor = page[from..].split('"').next().unwrap();
    assert!(read("out/pages/1.html").contains(&format!("id=\"{anchor}\"")), "{anchor}");
    // the same from the records alone
    for format in ["jsonl", "parquet", "arrow"] {
        run(&["convert", "2022.txt", "2023.txt", "--out", format, "--format", format, "--quiet"]);
        run(&["panel", format, "--quiet", "--no-page"]);
        for name in ["panel.csv", "coverage.csv", "panel_findings.csv"] {
            assert_eq!(read(&format!("{format}/{name}")), read(&format!("out/{name}")), "{format}");
        }
    }
    // a record that broke off is said, not left out
    let records = read("jsonl/reports.jsonl");
    fs::write(folder.join("jsonl/reports.jsonl"), &records[..records.len() - 99]).unwrap();
    let broken = Command::new(env!("CARGO_BIN_EXE_nianbao"))
        .args(["panel", "jsonl", "--quiet"])
        .current_dir(&folder)
        .output()
        .expect("it runs");
    assert_eq!(broken.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&broken.stderr).contains("reports.jsonl: line 2 "));
    // each year converted by itself is the same panel
    for year in ["2022", "2023"] {
        run(&["convert", &format!("{year}.txt"), "--out", year, "--quiet", "--format", "csv"]);
    }
    run(&["panel", "2022", "2023", "--out", "both", "--quiet", "--no-page", "--csv-bom"]);
    for name in ["panel.csv", "coverage.csv", "panel_findings.csv"] {
        let both = read(&format!("both/{name}"));
        assert_eq!(both.strip_prefix('\u{FEFF}'), Some(&*read(&format!("out/{name}"))), "{name}");
    }
    let refused = Command::new(env!("CARGO_BIN_EXE_nianbao"))
        .env("LC_ALL", "C")
        .args(["panel", "2022", "2023"])
        .current_dir(&folder)
        .output()
        .expect("it runs");
    assert_eq!(refused.status.code(), Some(2));
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn reports_of_several_families_are_one_row() {
    let disclosure = "黟县公安局2022年政府信息公开工作年度报告
一、总体情况
公开100条。
二、主动公开政府信息情况
第二十条第（五）项
信息内容 | 本年处理决定数量
行政许可 | 31
第二十条第（六）项
信息内容 | 本年处理决定数量
行政处罚 | 44
行政强制 | 0
";
    let enforcement = |fine: u32| {
        format!(
            "黟县公安局2022年行政执法统计年报
行政处罚实施数量（宗）
警告 | 罚款 | 没收违法所得、没收非法财物 | 暂扣许可证、执照 | 责令停产停业 | 吊销许可证、执照 | 行政拘留 | 其他行政处罚 | 合计（宗） | 罚没金额（万元）
10 | {fine} | 0 | 1 | 0 | 0 | 3 | 0 | 44 | 12.5
"
        )
    };
    let grammars = nianbao::grammar::GrammarSet::built_in();
    let folder = std::env::temp_dir().join(format!("nianbao-beside-{}", std::process::id()));
    let made = |files: &[(&str, String)]| {
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("in")).expect("a folder");
        for (name, text) in files {
            fs::write(folder.join("in").join(name), text).expect("it can be written");
        }
        let status = Command::new(env!("CARGO_BIN_EXE_nianbao"))
            .args(["convert", "in", "--out", "out", "--format", "csv", "--quiet"])
            .current_dir(&folder)
            .status();
        assert!(status.is_ok_and(|status| status.success()));
        let panel = Panel::open(&folder.join("out"), &grammars).expect("it is there");
        panel.write(&folder).expect("it can be written");
        let csv = fs::read_to_string(folder.join("panel.csv")).expect("it is there");
        let mut lines = csv.lines().map(|line| line.split(',').map(str::to_owned).collect());
        let head: Vec<String> = lines.next().expect("a head");
        let rows: Vec<Vec<String>> = lines.collect();
        assert_eq!(rows.len(), 1, "{rows:?}");
        move |name: &str| rows[0][head.iter().position(|n| n == name).expect("a column")].clone()
    };
    // whatever the order of the files, and however complete they are
    for names in [["a.txt", "b.txt"], ["b.txt", "a.txt"]] {
        let of = made(&[(names[0], disclosure.to_owned()), (names[1], enforcement(30))]);
        assert_eq!(of("form"), "disclosure-2021");
        assert_eq!(of("proactive__penalties__decisions"), "44");
        assert_eq!(of("penalties__all__total"), "44");
        assert_eq!(of("penalties__all__fine__status"), "read");
        assert_eq!([of("duplicates"), of("chosen")], ["0", "only"]);
        assert!(of("beside").ends_with(names[1]), "{}", of("beside"));
    }
    // two of one family are two, of which one counts
    let of = made(&[("a.txt", enforcement(30)), ("b.txt", enforcement(31))]);
    assert_eq!([of("duplicates"), of("beside")], ["1", ""]);
    assert_eq!(of("penalties__all__fine"), "30");
    fs::remove_dir_all(&folder).expect("it can be removed");
}
