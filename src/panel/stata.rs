//! A table as a Stata file: format 118, which Stata 14 and later read.
//!
//! Numbers are doubles, statuses are bytes with labels, texts are UTF-8; a column with a text of more than 2,045 bytes is of
//! long texts (`strL`). The format is described in `help dta` of Stata.

use super::table::{Datum, STATUS, Table};
use crate::grammar::WITHIN;
use crate::reading::Status;
use crate::sinks::schema::{Column, Kind};
use std::collections::HashSet;
use std::io::{self, Seek, SeekFrom, Write};

/// Most bytes of a text of fixed length.
const MOST_FIXED: usize = 2045;
/// Bytes of a name, of a format, of a label.
const NAME: usize = 129;
const FORMAT: usize = 57;
const LABEL: usize = 321;
/// Most letters of the label of a variable, and of its name.
const MOST_LABEL: usize = 80;
const MOST_NAME: usize = 32;
/// Nothing, as a double and as a byte.
const NO_DOUBLE: u64 = 0x7FE0_0000_0000_0000;
const NO_BYTE: u8 = 101;
/// The name of the labels of statuses.
const STATUSES: &str = "status";

/// How a variable is kept.
#[derive(Clone, Copy)]
enum Type {
    Double,
    Status,
    Fixed(usize),
    Long,
}

impl Type {
    const fn code(self) -> u16 {
        match self {
            Self::Double => 65526,
            Self::Status => 65530,
            Self::Fixed(length) => length as u16,
            Self::Long => 32768,
        }
    }

    fn format(self) -> String {
        match self {
            Self::Double => "%10.0g".to_owned(),
            Self::Status => "%12.0g".to_owned(),
            Self::Fixed(length) => format!("%-{}s", length.min(32)),
            Self::Long => "%-32s".to_owned(),
        }
    }
}

/// What a variable is called, as much as a label holds: of a long one the table, and then the group, are left out.
fn label(text: &str) -> String {
    const STATUS_OF: &str = "状态：";
    let (begin, mut rest) = match text.strip_prefix(STATUS_OF) {
        Some(rest) => (STATUS_OF, rest),
        None => ("", text),
    };
    let most = MOST_LABEL - begin.chars().count();
    while rest.chars().count() > most
        && let Some((_, shorter)) = rest.split_once(WITHIN)
    {
        rest = shorter;
    }
    begin.chars().chain(rest.chars()).take(MOST_LABEL).collect()
}

/// Writes a table.
pub(super) fn write(table: &Table<'_>, out: &mut (impl Write + Seek)) -> io::Result<()> {
    let types = types(table);
    let names = names(table.columns.iter().map(|column| column.name.as_str()));
    let mut map = [0_u64; 14];
    write!(out, "<stata_dta><header><release>118</release><byteorder>LSF</byteorder><K>")?;
    out.write_all(&(types.len() as u16).to_le_bytes())?;
    out.write_all(b"</K><N>")?;
    out.write_all(&(table.len() as u64).to_le_bytes())?;
    // no label, and no time, so that the same panel is the same bytes
    out.write_all(b"</N><label>\0\0</label><timestamp>\0</timestamp></header>")?;
    map[1] = out.stream_position()?;
    write!(out, "<map>")?;
    out.write_all(&[0; 14 * 8])?;
    write!(out, "</map>")?;

    map[2] = out.stream_position()?;
    write!(out, "<variable_types>")?;
    types.iter().try_for_each(|own| out.write_all(&own.code().to_le_bytes()))?;
    write!(out, "</variable_types>")?;
    map[3] = out.stream_position()?;
    write!(out, "<varnames>")?;
    names.iter().try_for_each(|name| padded(out, name, NAME))?;
    write!(out, "</varnames>")?;
    map[4] = out.stream_position()?;
    write!(out, "<sortlist>")?;
    out.write_all(&vec![0; (types.len() + 1) * 2])?;
    write!(out, "</sortlist>")?;
    map[5] = out.stream_position()?;
    write!(out, "<formats>")?;
    types.iter().try_for_each(|own| padded(out, &own.format(), FORMAT))?;
    write!(out, "</formats>")?;
    map[6] = out.stream_position()?;
    write!(out, "<value_label_names>")?;
    for own in &types {
        padded(out, if matches!(own, Type::Status) { STATUSES } else { "" }, NAME)?;
    }
    write!(out, "</value_label_names>")?;
    map[7] = out.stream_position()?;
    write!(out, "<variable_labels>")?;
    for column in &table.columns {
        padded(out, &label(&column.about[1]), LABEL)?;
    }
    write!(out, "</variable_labels>")?;
    map[8] = out.stream_position()?;
    write!(out, "<characteristics></characteristics>")?;

    map[9] = out.stream_position()?;
    write!(out, "<data>")?;
    let mut long = Vec::new();
    for row in 0..table.len() {
        for (variable, (datum, own)) in table.row(row).iter().zip(&types).enumerate() {
            value(out, &mut long, datum, *own, (variable + 1, row + 1))?;
        }
    }
    write!(out, "</data>")?;
    map[10] = out.stream_position()?;
    write!(out, "<strls>")?;
    out.write_all(&long)?;
    write!(out, "</strls>")?;
    map[11] = out.stream_position()?;
    write!(out, "<value_labels>")?;
    labels(out)?;
    write!(out, "</value_labels>")?;
    map[12] = out.stream_position()?;
    write!(out, "</stata_dta>")?;
    map[13] = out.stream_position()?;
    out.seek(SeekFrom::Start(map[1] + "<map>".len() as u64))?;
    map.iter().try_for_each(|at| out.write_all(&at.to_le_bytes()))?;
    out.seek(SeekFrom::End(0)).map(drop)
}

/// How each variable is kept: texts by the longest of them.
fn types(table: &Table<'_>) -> Vec<Type> {
    let mut longest = vec![1; table.columns.len()];
    for row in 0..table.len() {
        for (longest, datum) in longest.iter_mut().zip(table.row(row)) {
            if let Datum::Text(text) = datum {
                *longest = text.len().max(*longest);
            }
        }
    }
    let of = |(column, longest): (&Column, usize)| match column.kind {
        Kind::Integer | Kind::Float => Type::Double,
        _ if column.name.ends_with(STATUS) => Type::Status,
        _ if longest > MOST_FIXED => Type::Long,
        _ => Type::Fixed(longest),
    };
    table.columns.iter().zip(longest).map(of).collect()
}

/// A value in its place, and what of it stands elsewhere.
fn value(
    out: &mut impl Write,
    long: &mut Vec<u8>,
    datum: &Datum<'_>,
    own: Type,
    (variable, row): (usize, usize),
) -> io::Result<()> {
    match own {
        Type::Double => {
            let bits = match datum {
                #[expect(clippy::cast_precision_loss, reason = "counts are below 2^53")]
                Datum::Integer(value) => (*value as f64).to_bits(),
                Datum::Float(value) => value.to_bits(),
                _ => NO_DOUBLE,
            };
            out.write_all(&bits.to_le_bytes())
        }
        Type::Status => {
            let byte = match datum {
                Datum::Status(status) => status.place() as u8 + 1,
                _ => NO_BYTE,
            };
            out.write_all(&[byte])
        }
        Type::Fixed(length) => padded(out, text(datum), length),
        Type::Long => {
            let text = text(datum);
            if text.is_empty() {
                return out.write_all(&[0; 8]);
            }
            out.write_all(&(variable as u16).to_le_bytes())?;
            out.write_all(&(row as u64).to_le_bytes()[..6])?;
            long.extend_from_slice(b"GSO");
            long.extend_from_slice(&(variable as u32).to_le_bytes());
            long.extend_from_slice(&(row as u64).to_le_bytes());
            // a text that ends with a zero
            long.push(130);
            long.extend_from_slice(&(text.len() as u32 + 1).to_le_bytes());
            long.extend_from_slice(text.as_bytes());
            long.push(0);
            Ok(())
        }
    }
}

fn text<'d>(datum: &'d Datum<'_>) -> &'d str {
    if let Datum::Text(text) = datum { text } else { "" }
}

/// A text, then zeros up to a length.
fn padded(out: &mut impl Write, text: &str, length: usize) -> io::Result<()> {
    out.write_all(text.as_bytes())?;
    (text.len()..length).try_for_each(|_| out.write_all(&[0]))
}

/// What the numbers of statuses mean: from 1, in the order of [`Status::ALL`].
fn labels(out: &mut impl Write) -> io::Result<()> {
    let mut offsets = Vec::new();
    let mut texts = Vec::new();
    for status in Status::ALL {
        offsets.push(texts.len() as u32);
        texts.extend_from_slice(status.name().as_bytes());
        texts.push(0);
    }
    let count = offsets.len() as u32;
    write!(out, "<lbl>")?;
    out.write_all(&(8 + count * 8 + texts.len() as u32).to_le_bytes())?;
    padded(out, STATUSES, NAME + 3)?;
    out.write_all(&count.to_le_bytes())?;
    out.write_all(&(texts.len() as u32).to_le_bytes())?;
    offsets.iter().try_for_each(|offset| out.write_all(&offset.to_le_bytes()))?;
    (1..=count).try_for_each(|number| out.write_all(&number.to_le_bytes()))?;
    out.write_all(&texts)?;
    write!(out, "</lbl>")
}

/// A name that Stata takes for each column, the same in every run: ASCII, at most 32 letters, longest words cut first.
///
/// ```
/// let names = nianbao::panel::stata_names(["applications__received__total", "year"]);
/// assert_eq!(names, ["app_received_total", "year"]);
/// ```
pub fn names<'n>(columns: impl IntoIterator<Item = &'n str>) -> Vec<String> {
    let mut known: HashSet<String> = HashSet::new();
    let mut names = Vec::new();
    for column in columns {
        let (table, rest) = column.split_once("__").unwrap_or((column, ""));
        let table = match table {
            "applications" => "app",
            "review_litigation" => "rev",
            "proactive" => "pro",
            other => other,
        };
        let joined = if rest.is_empty() { table.to_owned() } else { format!("{table}_{rest}") };
        let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
        let mut name: String = joined.replace("__", "_").chars().map(plain).collect();
        while name.len() > MOST_NAME {
            let Some(longest) = name.split('_').rev().max_by_key(|word| word.len()) else { break };
            if longest.len() <= 2 {
                break;
            }
            let shorter = &longest[..longest.len() - 1];
            name = name.replacen(longest, shorter, 1);
        }
        name.truncate(MOST_NAME);
        let mut number = 2;
        while known.contains(&name) {
            let cut = &name[..name.len().min(MOST_NAME - 2)];
            name = format!("{cut}{number:02}");
            number += 1;
        }
        known.insert(name.clone());
        names.push(name);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_of_a_long_label_row_and_column_stay() {
        let row = "长".repeat(40);
        let whole = format!("状态：{} › 组 › {row} › 总计（件）", "表".repeat(30));
        assert_eq!(label(&whole), format!("状态：组 › {row} › 总计（件）"));
        assert_eq!(label("表 › 行 › 列"), "表 › 行 › 列");
        assert_eq!(label(&"长".repeat(90)).chars().count(), MOST_LABEL);
    }
}
