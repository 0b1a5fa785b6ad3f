//! `--grammar`: a form of the user's own, and what is said about a mistake in one.

use crate::dir::Dir;
use serde_json::Value;

const FORM: &str = include_str!("../grammars/statistics.toml");
const DOCUMENT: &str = include_str!("../grammars/rows.txt");

#[test]
fn ok_own_form() {
    let dir = Dir::new();
    dir.file("form.toml", FORM).file("a.txt", DOCUMENT);
    let ran = dir.run(&["parse", "--grammar", "form.toml", "a.txt"]).ends(0);
    assert!(ran.out.contains("\"form\": \"preschool-2020\""), "{}", ran.out);
    assert!(dir.run(&["forms", "--grammar", "form.toml"]).ends(0).out.contains("preschool-2020"));
    assert!(dir.run(&["schema", "--grammar", "form.toml"]).ends(0).out.contains("kindergartens"));
}

#[test]
fn err_mistake_is_shown_with_its_line_and_a_hint() {
    let dir = Dir::new();
    let broken = FORM.replace("public + private = total", "public + privat = total");
    let line = broken.lines().position(|l| l.contains("privat =")).expect("it is there") + 1;
    dir.file("form.toml", broken).file("a.txt", DOCUMENT);
    for arguments in [
        ["parse", "--grammar", "form.toml", "a.txt"],
        ["dump", "--stage=lines", "--grammar=form.toml", "a.txt"],
    ] {
        let ran = dir.run(&arguments).ends(2);
        assert_eq!(ran.out, "");
        for word in [
            format!("form.toml:{line}:"),
            "privat".to_owned(),
            "did you mean `private`?".to_owned(),
        ] {
            assert!(ran.err.contains(&word), "no {word} in {}", ran.err);
        }
    }
}

#[test]
fn err_absent_grammar_ends_with_2() {
    let dir = Dir::new();
    let ran =
        dir.file("a.txt", DOCUMENT).run(&["parse", "--grammar", "absent.toml", "a.txt"]).ends(2);
    assert!(ran.err.contains("absent.toml"), "{}", ran.err);
}

#[test]
fn ok_forms_as_json_lie_beside_the_records() {
    let dir = Dir::new();
    dir.file("form.toml", FORM).file("a.txt", DOCUMENT);
    let told = dir.run(&["forms", "--json", "--grammar", "form.toml"]).ends(0).out;
    dir.run(&["convert", "a.txt", "--grammar", "form.toml", "--out", "out", "--format", "jsonl"])
        .ends(0);
    assert_eq!(dir.read("out/forms.json"), told);
    let forms: Value = serde_json::from_str(&told).expect("it is JSON");
    assert_eq!(forms["schema"], "nianbao.forms/1");
    let record: Value =
        serde_json::from_str(dir.read("out/reports.jsonl").trim()).expect("one record");
    let form = &forms["forms"][record["form"].as_str().expect("a form was recognised")];
    let checks = record["checks"].as_array().expect("checks are a list");
    assert!(!checks.is_empty());
    for check in checks {
        assert_eq!((check.get("rule"), check.get("cells")), (None, None));
        let own = &form["checks"][check["id"].as_str().expect("an id")];
        assert!(own["rule"].is_string(), "{check}");
        let cells = own["cells"].as_array().expect("cells are a list");
        assert_eq!(cells.len(), own["signs"].as_array().map_or(0, Vec::len));
        for cell in cells {
            let name: Vec<&str> = cell.as_str().expect("a name").splitn(2, '.').collect();
            let (row, column) = name[1].rsplit_once('.').expect("row and column");
            assert!(record["tables"][name[0]][row][column].is_object(), "{cell}");
        }
    }
    for table in form["tables"].as_array().expect("tables are a list") {
        for part in ["rows", "columns"] {
            for one in table[part].as_array().expect("a list") {
                assert!(["key", "label", "en"].iter().all(|key| one[key].is_string()), "{one}");
            }
        }
    }
}
