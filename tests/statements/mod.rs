//! Numbers that prose states: typed truth, published documents, and what holds of any text.

mod anything;
mod truth;

use nianbao::grammar::GrammarSet;
use nianbao::pipeline;
use nianbao::records::json::Writer;
use nianbao::records::schema::schema;
use nianbao::records::{Report, Scope};
use nianbao::source::Source;
use nianbao::statements::Proof;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use truth::{File, Said, Score};

fn said(report: &Report<'_>) -> Vec<Said> {
    let one = |one: &nianbao::statements::Statement<nianbao::span::Span>| {
        let mut is: Vec<String> = one.unit.clone().into_iter().collect();
        is.extend(one.words.then(|| "words".to_owned()));
        is.extend(one.scope.map(|scope| Scope::name(scope).to_owned()));
        is.extend(one.proof.map(|proof| Proof::name(proof).to_owned()));
        is.extend(one.refused.map(|code| code.name().to_owned()));
        let value = one.value.map_or("?".to_owned(), |value| value.to_string());
        Said { measure: one.about().key.to_owned(), value, is }
    };
    report.statements.iter().map(one).collect()
}

fn score(file: &str) -> Score {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/statements").join(file);
    let text = fs::read_to_string(&path).expect("the file is there");
    let file: File = toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    assert!(file.case.len() >= 20, "{}", file.case.len());
    let set = GrammarSet::built_in();
    let mut score = Score::default();
    for case in &file.case {
        let source = Source::new(format!("{}.txt", case.name), case.text.trim_start());
        score.add(case, &said(&pipeline::parse(&source, &set)));
    }
    score
}

/// At most so many lines of the truth are not given, and nothing else is wrong.
fn holds(score: &Score, missed: usize) {
    let other = score.problems.iter().filter(|problem| !problem.contains(": not given: "));
    assert_eq!(other.collect::<Vec<_>>(), Vec::<&String>::new());
    assert!(score.problems.len() <= missed, "{:#?}", score.problems);
    assert_eq!((score.wrong, score.precision()), (0, 1000));
    assert!(score.recall() >= 850, "{score:?}");
}

#[test]
fn narratives() {
    holds(&score("narratives.toml"), 0);
}

#[test]
fn heads_in_other_manners() {
    // 17: a goal and a fact in one sentence
    holds(&score("fresh.toml"), 1);
}

#[test]
fn other_manners() {
    holds(&score("manners.toml"), 14);
}

#[test]
fn others_beside() {
    holds(&score("beside.toml"), 30);
}

#[test]
fn near_misses() {
    holds(&score("near.toml"), 0);
}

/// The folder of documents that are not part of the repository; none, with a word on it, where it does not exist.
fn shared(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    let on_ci = std::env::var("CI").is_ok_and(|v| v == "true");
    assert!(!on_ci, "{} is absent", folder.display());
    None
}

/// What a document states: measure and value.
fn values(path: &Path) -> Vec<(String, String)> {
    let bytes = fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let source = Source::new(path.file_name().unwrap_or_default().to_string_lossy(), bytes);
    let set = GrammarSet::built_in();
    let report = pipeline::parse(&source, &set);
    report
        .statements
        .iter()
        .filter_map(|one| Some((one.about().key.to_owned(), one.value?.to_string())))
        .collect()
}

#[test]
fn published_narratives() {
    let Some(folder) = shared("narratives") else { return };
    let of = |name: &str| values(&folder.join(name));
    let want = |list: &[(&str, &str)]| -> Vec<(String, String)> {
        list.iter().map(|(m, v)| ((*m).to_owned(), (*v).to_owned())).collect()
    };
    let zeros = [("reconsiderations", "0"), ("litigations", "0")];
    assert_eq!(
        of("daoxian_wenguangxinju-2013-narrative.txt"),
        want(&[
            ("information_published", "5"),
            ("applications_received", "0"),
            ("fees", "0"),
            zeros[0],
            zeros[1]
        ])
    );
    assert_eq!(
        of("liangzhou_zhangyizhen-2008-narrative_metadata.txt"),
        want(&[
            ("information_published", "12"),
            ("applications_received", "0"),
            zeros[0],
            zeros[1]
        ])
    );
    assert_eq!(of("luan_tongjiju-2019-blank_old_statistics_form.txt"), want(&[]));
    assert_eq!(
        of("suixi_jianxinzhen-2018-narrative.txt"),
        want(&[
            ("information_published", "22"),
            ("applications_received", "0"),
            ("fees", "0"),
            zeros[0],
            zeros[1]
        ])
    );
    let Some(folder) = shared("forms") else { return };
    // 约4900人次, its parts, and the cost of the work are no values
    assert_eq!(
        values(&folder.join("narrative-2013-dishuiju.txt")),
        want(&[("applications_received", "0")])
    );
}

#[test]
fn published_reports() {
    let Some(folder) = shared("real") else { return };
    let of = |name: &str| values(&folder.join("docs").join(name));
    let has = |list: &[(String, String)], measure: &str, value: &str| {
        list.iter().any(|(m, v)| m == measure && v == value)
    };
    let pingtan = of("pingtan-2021-glued_oneline_navchrome.txt");
    assert!(has(&pingtan, "applications_received", "70"), "{pingtan:?}");
    let junshan = of("junshan_pianqu-2022-leftover_row.txt");
    assert!(has(&junshan, "information_published", "156"), "{junshan:?}");
    let shuyang = of("shuyangxian-2025-ocr_markdown_onerow_tables.md");
    assert!(has(&shuyang, "applications_received", "749"), "{shuyang:?}");
    // 依申请公开上半年收到15份申请 is no number of the year
    let lushan = of("lushan2020.txt");
    assert!(lushan.iter().all(|(measure, _)| measure != "applications_received"), "{lushan:?}");
}

#[test]
fn records_say_where() {
    let set = GrammarSet::built_in();
    let schema = jsonschema::validator_for(&schema(&set)).expect("it is a schema");
    let writer = Writer::new(&set);
    let text = "某镇2016年政府信息公开工作年度报告\n一、主动公开情况\n2016年，我镇主动公开\n政府信息37条。\n\
                二、依申请公开情况\n我镇未收到申请，答复申请约3件。\n";
    let mut out = Vec::new();
    writer.write(&pipeline::parse(&Source::new("a.txt", text), &set), &mut out);
    let record: Value = serde_json::from_slice(&out).expect("a record is JSON");
    assert!(
        schema.is_valid(&record),
        "{:?}",
        schema.iter_errors(&record).map(|e| e.to_string()).collect::<Vec<_>>()
    );
    let statements = record["statements"].as_array().expect("a list");
    let zero = statements.iter().find(|s| s["measure"] == "applications_received").expect("stated");
    assert_eq!(
        (&zero["value"], &zero["words"], &zero["scope"]),
        (&0.into(), &true.into(), &"body".into())
    );
    let [start, end] =
        ["start", "end"].map(|key| zero["at"][key].as_u64().expect("a place") as usize);
    assert_eq!(&text[start..end], "我镇未收到申请");
    assert_eq!(zero["at"]["line"], 6);
    let about =
        statements.iter().find(|s| s["measure"] == "applications_answered").expect("stated");
    assert_eq!(
        (&about["value"], &about["exact"], &about["finding"]),
        (&Value::Null, &false.into(), &"stated_approximately".into())
    );
    assert!(
        record["diagnostics"]
            .as_array()
            .expect("a list")
            .iter()
            .any(|d| d["code"] == "stated_approximately")
    );
}
