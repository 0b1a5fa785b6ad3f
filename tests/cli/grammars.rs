//! `--grammar`: a form of the user's own, and what is said about a mistake in one.

use crate::dir::Dir;

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
