//! What prose states against what the form's tables print.

use crate::finding::{Code, Finding};
use crate::records::Report;
use crate::statements;

/// Numbers that prose states and that are not given, and those that the table prints otherwise.
pub fn stated(report: &Report<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for one in &report.statements {
        let key = one.about().key;
        if let Some(code) = one.refused {
            findings.push(Finding::new(code, format!("{key}: {}", one.text)).at(one.at));
        } else if let (Some(said), Some(printed)) = (one.value, report.printed(one.measure))
            && said != printed
        {
            let message = format!("{key}: the text says {said}, the table {printed}: {}", one.text);
            let cells = statements::cells(one.measure).iter();
            let cells =
                cells.filter(|cells| report.value(cells).is_some()).flat_map(|c| c.split(" + "));
            let cells = cells.map(str::to_owned).collect();
            findings.push(Finding::new(Code::StatedNotTable, message).at(one.at).about(cells));
        }
    }
    findings
}
