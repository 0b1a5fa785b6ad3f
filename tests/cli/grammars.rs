//! `--grammar`: a form of the user's own, and what is said about a mistake in one.

use super::dir::Dir;
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

/// What the form prints over a row stands with it: 属于国家秘密 is one of several reasons of 不予公开.
#[test]
fn ok_forms_say_over_which_rows_a_group_stands() {
    let told = Dir::new().run(&["forms", "--json"]).ends(0).out;
    let forms: Value = serde_json::from_str(&told).expect("it is JSON");
    let tables = forms["forms"]["disclosure-2021"]["tables"].as_array().expect("a list");
    let rows = tables.iter().flat_map(|table| table["rows"].as_array().expect("a list"));
    let group = |key: &str| {
        let row = rows.clone().find(|row| row["key"] == key);
        row.unwrap_or_else(|| panic!("no {key}"))["group"].as_str()
    };
    assert_eq!(group("refused.state_secret"), Some("（三）不予公开"));
    assert_eq!(group("unavailable.not_held"), Some("（四）无法提供"));
    assert_eq!(group("not_processed.petition"), Some("（五）不予处理"));
    assert_eq!(group("other.rest"), Some("（六）其他处理"));
    assert_eq!(group("received"), None);
}

/// In Chinese it is the same form, and its explanations are Chinese.
#[test]
fn ok_begun_in_chinese() {
    let dir = Dir::new();
    let [english, chinese] = ["en", "zh"]
        .map(|lang| dir.run(&["--lang", lang, "grammar", "new", "hotline-2023"]).ends(0).out);
    let parts = |text: &str| -> (Vec<String>, Vec<String>) {
        let lines = text.lines().filter(|line| !line.starts_with("title = ")).map(str::to_owned);
        lines.partition(|line| line.starts_with('#'))
    };
    let ((said, form), (explained, same)) = (parts(&chinese), parts(&english));
    assert_eq!(form, same);
    assert_eq!(said.len(), explained.len());
    let is_chinese = |line: &str| !line.is_ascii() || line.trim() == "#";
    assert_eq!(explained.iter().filter(|line| !is_chinese(line)).count(), 8, "{explained:?}");
    for line in said {
        assert!(is_chinese(&line), "{line}");
    }
    assert!(!chinese.contains("prescribed"), "{chinese}");
}

/// What `grammar new` prints is a whole grammar, and `grammar test` says what it makes of documents.
#[test]
fn ok_begun_and_tried() {
    let dir = Dir::new();
    let begun = dir.run(&["grammar", "new", "hotline-2023"]).ends(0);
    assert_eq!(begun.err, "");
    dir.file("my.toml", &begun.out);
    // the document that stands at its end
    let example = begun.out.split("# A document of this form:").nth(1).expect("it has an example");
    let document: Vec<&str> =
        example.lines().map(|line| line.trim_start_matches('#').trim_start()).collect();
    dir.file("cases/one/source.txt", document.join("\n"));
    let truth = r#"{"form": "hotline-2023", "year": 2023, "tables": {"calls": {
        "questions": [124, 120, 4], "complaints": [30, 28, 2], "total": [154, 148, 6]}}, "fails": []}"#;
    dir.file("cases/one/expected.json", truth);
    let tried = dir.run(&["grammar", "test", "my.toml", "cases"]).ends(0);
    assert!(tried.out.contains("hotline-2023; 9 solved"), "{}", tried.out);
    assert!(
        tried.out.contains("1 documents, 1 of the form hotline-2023; 0 differ"),
        "{}",
        tried.out
    );
    // another truth, and a row that no document has
    dir.file("cases/one/expected.json", truth.replace("124", "123"));
    let row = "[[table.row]]\nkey = \"total\"";
    let more = "[[table.row]]\nkey = \"praise\"\nlabels = [\"（四）表扬类来电\"]\n\n";
    dir.file("my.toml", begun.out.replace(row, &format!("{more}{row}")));
    let tried = dir.run(&["grammar", "test", "my.toml", "cases"]).ends(1);
    assert!(
        tried.out.contains("differs: calls.questions.received: expected 123, got 124"),
        "{}",
        tried.out
    );
    assert!(tried.out.contains("never met: row `calls.praise`"), "{}", tried.out);
    // documents of another form
    dir.file("other/a.txt", DOCUMENT.replace("幼儿园", "学校"));
    dir.run(&["grammar", "test", "my.toml", "other"]).ends(1);
    dir.run(&["grammar", "new", "Not A Key"]).ends(2);
}

#[test]
fn ok_doubts_are_told_where_a_grammar_is_read() {
    let dir = Dir::new();
    let begun = dir.run(&["grammar", "new"]).ends(0).out;
    let doubtful = begun
        .replace("titles = [\"政务服务热线[工作]年度报告\"]\n", "")
        .replacen("unit = \"件\"", "unit = \"桶\"", 1)
        .replace("（二）投诉举报类来电\"]", "（二）投诉举报类来电\", \"（一）咨询来电\"]");
    dir.file("my.toml", doubtful);
    let told = dir.run(&["forms", "--grammar", "my.toml"]).ends(0).err;
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines.len(), 3, "{told}");
    assert!(lines[0].starts_with("nianbao: my.toml: warning: no `titles`"), "{told}");
    assert!(
        lines[1].contains("rows `questions` and `complaints` share the label （一）咨询来电"),
        "{told}"
    );
    assert!(lines[2].contains("column `received`: the unit 桶 is not known"), "{told}");
}
