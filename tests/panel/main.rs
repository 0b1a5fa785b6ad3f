//! A generated panel of 2,800 counties over seven years with 200 faults planted in it: each must be reported, and hardly
//! anything else.

use nianbao::atoms::Decimal;
use nianbao::grammar::GrammarSet;
use nianbao::panel::{Finding, Kind, Panel, Weight, Wide};
use nianbao::places::{Rank, places};
use std::collections::{BTreeMap, BTreeSet};

const COUNTIES: usize = 2800;
const YEARS: std::ops::RangeInclusive<i32> = 2018..=2024;
const FAULTS: usize = 200;

/// xorshift64*: the same panel on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, end: i64) -> i64 {
        (self.next() % end.unsigned_abs().max(1)) as i64
    }
}

/// One report: its columns by name.
#[derive(Clone, Default)]
struct Report {
    who: BTreeMap<&'static str, String>,
    cells: BTreeMap<String, Decimal>,
}

impl Report {
    fn get(&self, cell: &str) -> i64 {
        self.cells.get(cell).and_then(|v| v.integer()).unwrap_or_default()
    }

    fn set(&mut self, cell: &str, value: i64) {
        self.cells.insert(cell.to_owned(), Decimal::from(value));
    }
}

const COLUMNS: [&str; 7] = [
    "natural_person",
    "business",
    "research",
    "public_interest",
    "legal_service",
    "other_org",
    "total",
];

fn cell(row: &str, column: &str) -> String {
    format!("applications__{row}__{column}")
}

/// Seven years of one county, consistent in all that the panel checks; sizes wander as real ones do.
fn county(random: &mut Random, places_by_year: &[(u32, &str)]) -> Vec<Report> {
    let table = places();
    let mut base = 15 + random.below(300);
    let mut carried = [random.below(5), random.below(2), 0, 0, 0, 0];
    let mut stock = 20 + random.below(200);
    let mut fees = 200 + random.below(6000);
    let mut decisions = 300 + random.below(20_000);
    let mut reports = Vec::new();
    for (year, &(code, name)) in YEARS.zip(places_by_year.iter().cycle()) {
        let mut report = Report::default();
        let province = table.province(code, year).map_or("", |row| row.name);
        let prefecture = table.prefecture(code, year).map_or("", |row| row.name);
        for (key, value) in [
            ("source", format!("{year}/{code}.html")),
            ("issuer", format!("{name}人民政府")),
            ("code", format!("{code:06}")),
            ("province", province.to_owned()),
            ("prefecture", prefecture.to_owned()),
            ("county", name.to_owned()),
            ("level", "county".to_owned()),
            ("kind", "government".to_owned()),
            ("scope", "region".to_owned()),
            ("year", year.to_string()),
            ("form", if year < 2021 { "disclosure-2019" } else { "disclosure-2021" }.to_owned()),
            ("cells", "186".to_owned()),
        ] {
            report.who.insert(key, value);
        }
        // up and down by up to 40 % a year
        base = (base * (60 + random.below(81)) / 100).max(15);
        let mut received =
            [base, random.below(base / 6 + 1), random.below(2), 0, random.below(3), 0];
        received[5] = random.below(2);
        let mut out = [0; 6];
        for i in 0..6 {
            out[i] = random.below((received[i] + carried[i]).min(6) + 1);
        }
        let mut totals = [0; 4];
        for i in 0..6 {
            let done = received[i] + carried[i] - out[i];
            let granted = done - random.below(done / 3 + 1);
            for (at, (row, value)) in [
                ("received", received[i]),
                ("carried_in", carried[i]),
                ("carried_out", out[i]),
                ("outcome_total", done),
            ]
            .into_iter()
            .enumerate()
            {
                report.set(&cell(row, COLUMNS[i]), value);
                totals[at] += value;
            }
            report.set(&cell("granted", COLUMNS[i]), granted);
        }
        for (row, total) in
            ["received", "carried_in", "carried_out", "outcome_total"].iter().zip(totals)
        {
            report.set(&cell(row, "total"), total);
        }
        carried = out;
        let (issued, repealed) = (random.below(15), random.below(10).min(stock));
        stock += issued - repealed;
        report.set("proactive__normative_documents__issued", issued);
        report.set("proactive__normative_documents__repealed", repealed);
        report.set("proactive__normative_documents__in_force", stock);
        fees = (fees * (70 + random.below(61)) / 100).max(100);
        decisions = (decisions * (70 + random.below(61)) / 100).max(200);
        report.set("proactive__fees__amount", fees);
        report.set("proactive__licences__decisions", decisions);
        reports.push(report);
    }
    reports
}

/// What was planted, and where: the finding that must be there.
struct Planted {
    kind: Kind,
    code: u32,
    years: [i32; 2],
}

fn plant(random: &mut Random, nth: usize, code: u32, years: &mut [Report]) -> Planted {
    // not the first and last year: their neighbours tell
    let at = 1 + random.below(years.len() as i64 - 3) as usize;
    let year = YEARS.start() + at as i32;
    let planted = |kind| Planted { kind, code, years: [year - 1, year] };
    match nth % 6 {
        0 => {
            let column = COLUMNS[random.below(6) as usize];
            let name = cell("carried_in", column);
            let value = years[at].get(&name);
            years[at].set(&name, value + 1 + random.below(9));
            planted(Kind::CarryDiffers)
        }
        1 => {
            // the whole row one column to the right
            let old = COLUMNS.map(|c| years[at].get(&cell("received", c)));
            years[at].set(&cell("received", COLUMNS[0]), 0);
            for i in 0..5 {
                years[at].set(&cell("received", COLUMNS[i + 1]), old[i]);
            }
            planted(Kind::Shifted)
        }
        2 => {
            let value = years[at].get("proactive__fees__amount");
            years[at].set("proactive__fees__amount", value * 10_000);
            planted(Kind::Unit)
        }
        3 => {
            let value = years[at].get("proactive__licences__decisions");
            years[at].set("proactive__licences__decisions", value * (15 + random.below(40)));
            planted(Kind::Jump)
        }
        4 => {
            let value = years[at].get("proactive__normative_documents__in_force");
            years[at].set("proactive__normative_documents__in_force", value + 3 + random.below(20));
            planted(Kind::StockDiffers)
        }
        _ => {
            // carried out, one column to the right, where something is carried at all
            years[at - 1].set(&cell("carried_out", COLUMNS[0]), 4);
            years[at].set(&cell("carried_in", COLUMNS[0]), 4);
            let old = COLUMNS.map(|c| years[at - 1].get(&cell("carried_out", c)));
            for i in 0..6 {
                years[at].set(&cell("carried_in", COLUMNS[i]), if i == 0 { 0 } else { old[i - 1] });
            }
            let total =
                COLUMNS[..6].iter().map(|c| years[at - 1].get(&cell("carried_out", c))).sum();
            years[at - 1].set(&cell("carried_out", "total"), total);
            let total = COLUMNS[..6].iter().map(|c| years[at].get(&cell("carried_in", c))).sum();
            years[at].set(&cell("carried_in", "total"), total);
            planted(Kind::CarryShifted)
        }
    }
}

/// The wide table as `convert` writes it.
fn table(reports: &[Report]) -> Vec<u8> {
    let grammars = GrammarSet::built_in();
    let sink = nianbao::sinks::sink(nianbao::sinks::Format::Csv, &grammars);
    let files = sink.files();
    let (_, head) = files.iter().find(|(name, _)| *name == "reports.csv").expect("it is written");
    let names: Vec<String> =
        std::str::from_utf8(head).unwrap().trim_end().split(',').map(str::to_owned).collect();
    let mut out = head.clone();
    for report in reports {
        let fields: Vec<String> = names
            .iter()
            .map(|name| {
                let cell = report.cells.get(name).map(ToString::to_string);
                cell.or_else(|| report.who.get(name.as_str()).cloned()).unwrap_or_default()
            })
            .collect();
        out.extend_from_slice(fields.join(",").as_bytes());
        out.extend_from_slice(b"\r\n");
    }
    out
}

/// Counties with their code and name in each of the seven years: also those that changed them.
fn counties() -> Vec<Vec<(u32, &'static str)>> {
    let table = places();
    let mut by_identity: BTreeMap<u32, Vec<&nianbao::places::Division>> = BTreeMap::new();
    for row in table.rows().iter().filter(|row| Rank::of(row.code) == Rank::County) {
        by_identity.entry(table.identity(row)).or_default().push(row);
    }
    let years = |rows: Vec<&nianbao::places::Division>| {
        let of = |year| {
            let row = rows.iter().find(|row| row.first <= year && year <= row.last)?;
            Some((row.code, row.name))
        };
        YEARS.map(of).collect::<Option<Vec<_>>>()
    };
    by_identity.into_values().filter_map(years).take(COUNTIES).collect()
}

fn judged(bytes: Vec<u8>) -> Panel {
    let grammars = GrammarSet::built_in();
    Panel::of(Wide::new(bytes).expect("it is a table of reports"), &grammars)
}

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
        let names: Vec<String> =
            report.cells.keys().filter(|n| n.starts_with("applications")).cloned().collect();
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
