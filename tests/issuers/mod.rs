//! Titles of all kinds against truth typed by hand: no code may be wrong, and nearly all that can be known must be given.

use nianbao::grammar::GrammarSet;
use nianbao::pipeline;
use nianbao::source::Source;

const TRUTH: &str = include_str!("truth.tsv");
const HEADS: &str = include_str!("heads.tsv");

struct Case<'t> {
    line: usize,
    code: &'t str,
    place: &'t str,
    kind: &'t str,
    /// Name and year, where the truth has them.
    head: Option<[&'t str; 2]>,
    path: &'t str,
    text: String,
}

fn cases(truth: &'static str, has_head: bool) -> Vec<Case<'static>> {
    let one = |(at, line): (usize, &'static str)| {
        if line.is_empty() || line.starts_with('#') {
            return None;
        }
        let fields: Vec<&str> = line.splitn(if has_head { 6 } else { 4 }, '|').collect();
        let (code, place, kind, head, text) = match fields[..] {
            [code, place, kind, text] => (code, place, kind, None, text),
            [code, place, kind, name, year, text] => (code, place, kind, Some([name, year]), text),
            _ => panic!("line {}: {line}", at + 1),
        };
        // `[a.zip!/湖南省/x.txt] text`
        let path = text.strip_prefix('[').and_then(|rest| rest.split_once("] "));
        let (path, text) = path.unwrap_or(("a.txt", text));
        let mut text = text.replace('§', "政府信息公开工作年度报告").replace('⏎', "\n");
        if !text.contains("总体情况") {
            text.push_str("\n一、总体情况\n主动公开政府信息100条。\n");
        }
        Some(Case { line: at + 1, code, place, kind, head, path, text })
    };
    truth.lines().enumerate().filter_map(one).collect()
}

#[test]
fn no_code_is_wrong_and_nearly_all_are_given() {
    let set = GrammarSet::built_in();
    let (mut wrong, mut missed, mut other) = (Vec::new(), Vec::new(), Vec::new());
    let (mut decidable, mut given) = (0, 0);
    let cases = cases(TRUTH, false);
    for case in &cases {
        let source = Source::new(case.path, case.text.as_str());
        let report = pipeline::parse(&source, &set);
        let issuer = &report.issuer;
        let code = issuer.place.code.map_or("-".to_owned(), |code| format!("{code:06}"));
        let title = case.text.lines().next().unwrap_or_default();
        let told = format!(
            "line {}: {title} → {:?} {code} {:?}, candidates {:?}",
            case.line, issuer.name, report.year, issuer.candidates
        );
        decidable += usize::from(case.code != "-");
        given += usize::from(case.code != "-" && code == case.code);
        if code != case.code {
            if code == "-" {
                missed.push(told);
            } else {
                wrong.push(told);
            }
            continue;
        }
        let place = [issuer.place.province, issuer.place.prefecture, issuer.place.county]
            .map(Option::unwrap_or_default);
        if code != "-" && place.join("/") != case.place {
            other.push(format!("{told}: {}", place.join("/")));
        }
        if issuer.kind.map_or("-", |kind| kind.name()) != case.kind {
            other.push(format!("{told}: {:?}", issuer.kind));
        }
    }
    let lines = cases.len();
    println!("{lines} lines, {decidable} decidable, {given} given, {} wrong", wrong.len());
    println!("missed:\n{}\nother:\n{}", missed.join("\n"), other.join("\n"));
    assert!(lines >= 300 && decidable >= 200, "{lines}, {decidable}");
    assert!(wrong.is_empty(), "wrong codes:\n{}", wrong.join("\n"));
    assert!(given * 100 >= decidable * 97, "{given} of {decidable}");
    assert!(other.len() * 100 <= lines, "{}", other.join("\n"));
}

#[test]
fn names_and_years_are_whole_or_not_given() {
    let set = GrammarSet::built_in();
    let (mut wrong, mut missed, mut other) = (Vec::new(), Vec::new(), Vec::new());
    let (mut decidable, mut given) = (0, 0);
    let cases = cases(HEADS, true);
    for case in &cases {
        let source = Source::new(case.path, case.text.as_str());
        let report = pipeline::parse(&source, &set);
        let issuer = &report.issuer;
        let [name, year] = case.head.expect("the truth has a name and a year");
        let code = issuer.place.code.map_or("-".to_owned(), |code| format!("{code:06}"));
        let told = [
            ("name", name, issuer.name.clone().unwrap_or_else(|| "-".to_owned())),
            ("year", year, report.year.map_or("-".to_owned(), |year| year.to_string())),
            ("code", case.code, code),
        ];
        let start: String = case.text.chars().take(60).collect();
        for (what, truth, told) in told {
            decidable += usize::from(truth != "-");
            given += usize::from(truth != "-" && told == truth);
            if told != truth {
                let line = format!("line {}: {what} {told}, not {truth}: {start:?}", case.line);
                if told == "-" { &mut missed } else { &mut wrong }.push(line);
            }
        }
        let place = [issuer.place.province, issuer.place.prefecture, issuer.place.county]
            .map(Option::unwrap_or_default);
        if case.code != "-" && issuer.place.code.is_some() && place.join("/") != case.place {
            other.push(format!("line {}: {}: {start:?}", case.line, place.join("/")));
        }
        if issuer.kind.map_or("-", |kind| kind.name()) != case.kind {
            other.push(format!("line {}: {:?}: {start:?}", case.line, issuer.kind));
        }
    }
    let lines = cases.len();
    println!("{lines} lines, {decidable} decidable, {given} given, {} wrong", wrong.len());
    println!("missed:\n{}\nother:\n{}", missed.join("\n"), other.join("\n"));
    assert!(lines >= 280 && decidable >= 750, "{lines}, {decidable}");
    assert!(wrong.is_empty(), "wrong:\n{}", wrong.join("\n"));
    assert!(given * 100 >= decidable * 97, "{given} of {decidable}");
    assert!(other.len() * 100 <= lines, "{}", other.join("\n"));
}
