//! Mistakes in a grammar file: each is told with its line and, where the program can, what to do about it.

use super::third::FORM;
use nianbao::error::ErrorKind;
use nianbao::grammar::GrammarSet;
use std::path::Path;

/// The line of a mistake, what is said and the hint, after one change of a good file.
fn mistake(from: &str, to: &str) -> (String, String, Option<String>) {
    assert_eq!(FORM.matches(from).count(), 1, "`{from}` stands in the file once");
    told(&FORM.replacen(from, to, 1))
}

fn told(text: &str) -> (String, String, Option<String>) {
    let told = GrammarSet::built_in().with(Path::new("form.toml"), text);
    let Err(error) = told else { panic!("this has a mistake:\n{text}") };
    let shown = error.to_string();
    let ErrorKind::Grammar { line, source_line, message, hint } = error.kind() else {
        panic!("not a mistake in a grammar: {shown}");
    };
    assert_eq!(Some(source_line.as_str()), text.lines().nth(line - 1).or(Some("")));
    assert!(shown.contains(&format!("form.toml:{line}: ")), "{shown}");
    (source_line.trim().to_owned(), message.clone(), hint.clone())
}

#[test]
fn err_unknown_name_in_an_equation() {
    let (line, message, hint) = mistake("public + private = total", "public + privat = total");
    assert_eq!(line, "text = \"public + privat = total\"");
    assert!(message.contains("unknown name `privat`"), "{message}");
    assert_eq!(hint.as_deref(), Some("did you mean `private`?"));
}

#[test]
fn err_duplicate_key() {
    let (line, message, _) = mistake("key = \"village\"", "key = \"town\"");
    assert_eq!(line, "key = \"town\"");
    assert!(message.contains("a second row `town`"), "{message}");
    let (line, message, _) = mistake("key = \"private\"", "key = \"public\"");
    assert_eq!(line, "key = \"public\"");
    assert!(message.contains("a second column `public`"), "{message}");
}

#[test]
fn err_syntax() {
    let (line, _, _) =
        mistake("labels = [\"合计\"]\nunit = \"所\"", "labels = [\"合计\"]\nunit = 所");
    assert_eq!(line, "unit = 所");
}

#[test]
fn err_unknown_field() {
    let (line, message, hint) = mistake("frame = [\"指标名称\"]", "frames = [\"指标名称\"]");
    assert_eq!(line, "frames = [\"指标名称\"]");
    assert!(message.contains("frames"), "{message}");
    assert!(hint.is_some_and(|hint| hint.contains("grammars/README.md")));
}

#[test]
fn err_name_twice_in_an_equation() {
    let (line, message, hint) = mistake("public + private = total", "public + public = total");
    assert_eq!(line, "text = \"public + public = total\"");
    assert!(message.contains("`public` stands in it twice"), "{message}");
    assert!(hint.is_some());
}

#[test]
fn err_equation_that_applies_to_nothing() {
    let split = "labels = [\"镇区园数\"]\ncolumns = [\"public\"]";
    let text = FORM.replace("labels = [\"镇区园数\"]", split);
    let text =
        text.replace("labels = [\"乡村园数\"]", "labels = [\"乡村园数\"]\ncolumns = [\"total\"]");
    let (line, message, hint) = told(&text);
    assert_eq!(line, "text = \"town .. city = all\"");
    assert!(message.contains("applies to no cell"), "{message}");
    assert!(hint.is_some());
}

#[test]
fn err_equation_that_is_none() {
    let (line, message, hint) = mistake("public + private = total", "public + = total");
    assert_eq!(line, "text = \"public + = total\"");
    assert!(message.contains("expected a name at `= total`"), "{message}");
    assert!(hint.is_some_and(|hint| hint.contains("a + b = total")));
    let (_, message, _) = mistake("public + private = total", "public + private");
    assert!(message.contains("expected `=`"), "{message}");
}

#[test]
fn err_range_against_the_order() {
    let (line, message, hint) = mistake("town .. city = all", "city .. town = all");
    assert_eq!(line, "text = \"city .. town = all\"");
    assert!(message.contains("stands after"), "{message}");
    assert!(hint.is_some());
}

#[test]
fn err_unknown_table_of_a_section() {
    let (line, message, hint) = mistake("table = \"kindergartens\"", "table = \"kindergarten\"");
    assert_eq!(line, "table = \"kindergarten\"");
    assert!(message.contains("unknown table"), "{message}");
    assert_eq!(hint.as_deref(), Some("did you mean `kindergartens`?"));
}

#[test]
fn err_key_with_other_letters() {
    let (line, message, _) = mistake("key = \"village\"", "key = \"乡村\"");
    assert_eq!(line, "key = \"乡村\"");
    assert!(message.contains("no key"), "{message}");
}

#[test]
fn err_id_of_a_built_in_form() {
    let (line, message, _) = mistake("preschool-2020", "disclosure-2021");
    assert_eq!(line, "id = \"disclosure-2021\"");
    assert!(message.contains("already"), "{message}");
}

#[test]
fn err_no_words_to_claim_by() {
    let (line, _, hint) = mistake("words = [\"公办幼儿园\", \"民办幼儿园\"]", "words = []");
    assert_eq!(line, "words = []");
    assert!(hint.is_some());
}
