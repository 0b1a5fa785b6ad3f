//! Small cases as text: a name, a stage, what goes in, what must come out. See `tests/cases/README.md`.

mod file;
mod stage;

use libtest_mimic::{Arguments, Trial};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let cases = file::all(&folder);
    let names: BTreeSet<String> = cases.iter().map(file::Case::name).collect();
    assert_eq!(names.len(), cases.len(), "every case has a name of its own");
    let trials = cases.into_iter().map(|case| {
        let (name, skipped) = (case.name(), case.skip.is_some());
        Trial::test(name, move || judge(&case)).with_ignored_flag(skipped)
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

fn judge(case: &file::Case) -> Result<(), libtest_mimic::Failed> {
    let got = stage::run(&case.stage, &case.input)?;
    let (want, got) = (case.expected.trim_end(), got.trim_end());
    if want == got {
        return Ok(());
    }
    let place = format!("tests/cases/{}:{}", case.file, case.line);
    Err(format!("{place}\n--- expected\n{want}\n--- got\n{got}").into())
}
