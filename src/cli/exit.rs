//! Exit codes, as documented in `--help`.

use crate::finding::{Code, Severity};
use clap::ValueEnum;
use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// The work is done, and nothing of what `--fail-on` names was met.
    Clean = 0,
    /// The work is done, and something of it was; or what was asked for is not there.
    Findings = 1,
    /// The work could not be done: wrong arguments, unwritable output, a broken grammar.
    Error = 2,
    /// Stopped by the user; what was written is complete.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// What a command ends with 1 for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// An input could not be opened, was damaged or broke off
    Error,
    /// Any finding that is an error or a warning: also no report, a failing sum, cells left open
    Warning,
    /// Nothing
    Never,
}

impl FailOn {
    /// How a command ends that met these findings.
    pub fn exit(self, mut codes: impl Iterator<Item = Code>) -> Exit {
        let fails = match self {
            Self::Error => codes.any(Code::is_failure),
            Self::Warning => codes.any(|code| code.severity() != Severity::Info),
            Self::Never => false,
        };
        if fails { Exit::Findings } else { Exit::Clean }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_codes_are_fixed() {
        let all = [Exit::Clean, Exit::Findings, Exit::Error, Exit::Interrupted];
        assert_eq!(all.map(|e| e as u8), [0, 1, 2, 130]);
    }
}
