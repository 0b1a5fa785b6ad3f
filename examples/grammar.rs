//! A form of one's own: a table that the program does not know, as data. `grammars/README.md` is its language.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use nianbao::{Decimal, Error, Reader, Report, Source};

const FORM: &str = r#"
id = "library-loans"
title = "图书馆借阅情况表"
titles = ["图书馆年度报告"]
select.words = ["成人读者借阅", "少儿读者借阅", "借阅合计"]

[[section]]
key = "loans"
ordinal = "一"
titles = ["借阅情况"]
table = "loans"

[[table]]
key = "loans"
section = "loans"

[[table.column]]
key = "adults"
labels = ["成人读者借阅"]
unit = "册"

[[table.column]]
key = "children"
labels = ["少儿读者借阅"]
unit = "册"

[[table.column]]
key = "total"
labels = ["借阅合计"]
unit = "册"

[[table.row]]
key = "books"
labels = ["（一）图书"]

[[table.row]]
key = "journals"
labels = ["（二）期刊"]

[[table.equation]]
id = "sum"
each = "row"
text = "adults + children = total"
"#;

const REPORT: &str = "某县图书馆2023年度报告\n一、借阅情况\n\
                      项目 成人读者借阅 少儿读者借阅 借阅合计\n\
                      （一）图书 120 80 200\n（二）期刊 30 5 35\n";

fn main() -> Result<(), Error> {
    let report = read()?;
    println!("{:?}", report.form());
    for cell in report.cells() {
        println!("{} {} {:?}", cell.row, cell.column, cell.value.and_then(Decimal::integer));
    }
    Ok(())
}

/// A mistake in the form is an error that shows its line.
pub(crate) fn read() -> Result<Report, Error> {
    let reader = Reader::builder().grammar("library-loans.toml", FORM)?.build();
    Ok(reader.read(&Source::new("library.txt", REPORT)))
}
