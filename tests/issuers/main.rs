//! Titles of all kinds against truth typed by hand: no code may be wrong, and nearly all that can be known must be given.

use nianbao::grammar::GrammarSet;
use nianbao::pipeline;
use nianbao::source::Source;

const TRUTH: &str = include_str!("truth.tsv");

struct Case<'t> {
    line: usize,
    code: &'t str,
    place: &'t str,
    kind: &'t str,
    path: &'t str,
    text: String,
}

fn cases() -> Vec<Case<'static>> {
    let one = |(at, line): (usize, &'static str)| {
        if line.is_empty() || line.starts_with('#') {
            return None;
        }
        let fields: Vec<&str> = line.splitn(4, '|').collect();
        let [code, place, kind, text] = fields[..] else { panic!("line {}: {line}", at + 1) };
        let (path, text) = match text.strip_prefix('[') {
            Some(rest) => rest.split_once("] ").unwrap_or_else(|| panic!("line {}", at + 1)),
            None => ("a.txt", text),
        };
        let mut text = text.replace('§', "政府信息公开工作年度报告").replace('⏎', "\n");
        if !text.contains("总体情况") {
            text.push_str("\n一、总体情况\n主动公开政府信息100条。\n");
        }
        Some(Case { line: at + 1, code, place, kind, path, text })
    };
    TRUTH.lines().enumerate().filter_map(one).collect()
}

#[test]
fn no_code_is_wrong_and_nearly_all_are_given() {
    let set = GrammarSet::built_in();
    let (mut wrong, mut missed, mut other) = (Vec::new(), Vec::new(), Vec::new());
    let (mut decidable, mut given) = (0, 0);
    let cases = cases();
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
