//! Exit codes, as documented in `--help`.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Everything was read, every check that could be made holds.
    Clean = 0,
    /// The work is done; some inputs could not be read, hold no report, or have failing checks.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_codes_are_fixed() {
        let all = [Exit::Clean, Exit::Findings, Exit::Error, Exit::Interrupted];
        assert_eq!(all.map(|e| e as u8), [0, 1, 2, 130]);
    }
}
