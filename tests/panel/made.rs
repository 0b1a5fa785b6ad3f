//! A panel made up: counties with their real codes and names, and numbers that fit together.

use nianbao::grammar::GrammarSet;
use nianbao::number::Decimal;
use nianbao::panel::{Kind, Panel, Wide};
use nianbao::places::{Rank, places};
use nianbao::sinks::{self, Format, sinks};
use std::collections::BTreeMap;

pub(crate) const COUNTIES: usize = 2800;
pub(crate) const YEARS: std::ops::RangeInclusive<i32> = 2018..=2024;
pub(crate) const FAULTS: usize = 200;

/// xorshift64*: the same panel on every machine.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A place in a list of this length.
    fn place(&mut self, length: usize) -> usize {
        (self.next() % length.max(1) as u64) as usize
    }

    pub(crate) fn below(&mut self, end: i64) -> i64 {
        (self.next() % end.unsigned_abs().max(1)) as i64
    }
}

/// One report: its columns by name.
#[derive(Clone, Default)]
pub(crate) struct Report {
    pub(crate) who: BTreeMap<&'static str, String>,
    pub(crate) cells: BTreeMap<String, Decimal>,
}

impl Report {
    pub(crate) fn get(&self, cell: &str) -> i64 {
        self.cells.get(cell).and_then(|v| v.integer()).unwrap_or_default()
    }

    pub(crate) fn set(&mut self, cell: &str, value: i64) {
        self.cells.insert(cell.to_owned(), Decimal::from(value));
    }
}

pub(crate) const COLUMNS: [&str; 7] = [
    "natural_person",
    "business",
    "research",
    "public_interest",
    "legal_service",
    "other_org",
    "total",
];

pub(crate) fn cell(row: &str, column: &str) -> String {
    format!("applications__{row}__{column}")
}

/// Seven years of one county, consistent in all that the panel checks; sizes wander as real ones do.
pub(crate) fn county(random: &mut Random, places_by_year: &[(u32, &str)]) -> Vec<Report> {
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
pub(crate) struct Planted {
    pub(crate) kind: Kind,
    pub(crate) code: u32,
    pub(crate) years: [i32; 2],
}

pub(crate) fn plant(random: &mut Random, nth: usize, code: u32, years: &mut [Report]) -> Planted {
    // not the first and last year: their neighbours tell
    let at = 1 + random.place(years.len() - 3);
    let year = YEARS.start() + at as i32;
    let planted = |kind| Planted { kind, code, years: [year - 1, year] };
    match nth % 6 {
        0 => {
            let column = COLUMNS[random.place(6)];
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
pub(crate) fn table(reports: &[Report]) -> Vec<u8> {
    let grammars = GrammarSet::built_in();
    let sinks = sinks(&[Format::Csv], &grammars, sinks::Options::default());
    let files: Vec<(String, Vec<u8>)> = sinks.iter().flat_map(|sink| sink.files()).collect();
    let (_, head) = files.iter().find(|(name, _)| *name == "reports.csv").expect("it is written");
    let names: Vec<String> = std::str::from_utf8(head)
        .expect("it is text")
        .trim_end()
        .split(',')
        .map(str::to_owned)
        .collect();
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
pub(crate) fn counties() -> Vec<Vec<(u32, &'static str)>> {
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

pub(crate) fn judged(bytes: Vec<u8>) -> Panel {
    let grammars = GrammarSet::built_in();
    Panel::of(Wide::new(bytes).expect("it is a table of reports"), &grammars)
}

/// A hundred thousand reports: the counties and four bureaus of each, over seven years, with faults.
pub(crate) fn hundred_thousand() -> Vec<u8> {
    let mut random = Random(1_000_003);
    let counties = counties();
    let mut reports = Vec::new();
    for bureau in ["", "教育局", "财政局", "民政局", "水利局", "司法局"] {
        for (nth, years) in counties.iter().enumerate() {
            if reports.len() >= 100_000 {
                break;
            }
            let mut own = county(&mut random, years);
            if nth % 14 == 0 {
                plant(&mut random, nth / 14, years[6].0, &mut own);
            }
            for report in own.iter_mut().filter(|_| !bureau.is_empty()) {
                let name = report.who["county"].clone() + bureau;
                report.who.insert("issuer", name);
                report.who.insert("kind", "department".to_owned());
                report.who.insert("scope", String::new());
            }
            if nth % 9 == 0 {
                own.remove(random.place(7));
            }
            reports.extend(own);
        }
    }
    reports.truncate(100_000);
    table(&reports)
}
