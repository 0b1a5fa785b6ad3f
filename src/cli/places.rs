//! `nianbao places`: what the table of divisions knows of a name or a code.

use super::terminal::fit;
use crate::lang::Lang;
use crate::places::{Division, LATEST, Rank, SINCE, places, townships};
use std::collections::BTreeSet;
use std::fmt::Display;
use std::io::{self, Write};

/// Writes every place that a name or code was, or that it was in a year; says whether there is one.
pub fn answer(out: &mut impl Write, name: &str, year: Option<i32>, lang: Lang) -> io::Result<bool> {
    let table = places();
    let in_year = |row: &&Division| year.is_none_or(|y| row.first <= y && y <= row.last);
    let mut rows: Vec<&Division> = match name.parse::<u32>() {
        Ok(code) if name.len() == 6 => table.with_code(code).iter().collect(),
        _ => {
            let full = table.named(name);
            let found = if full.is_empty() { table.with_stem(name) } else { full };
            found.iter().map(|at| table.row(*at)).collect()
        }
    };
    let all_years = rows.len();
    rows.retain(in_year);
    for row in &rows {
        division(out, row, year, lang)?;
    }
    let counties: BTreeSet<(u32, bool)> =
        townships(name).iter().map(|t| (t.county, t.is_now)).collect();
    for (county, is_now) in &counties {
        let Some(row) = table.with_code(*county).last() else { continue };
        let when = if *is_now {
            lang.say("today").into_owned()
        } else {
            lang.fill("in a list since {}", &[&SINCE])
        };
        let of = lang.fill("township of {}", &[&path(row, LATEST)]);
        writeln!(out, "{county:06}  {of}  {when}")?;
    }
    if rows.is_empty() && counties.is_empty() {
        match (all_years, year) {
            (1.., Some(year)) => {
                let told = lang.fill("not in {}; without --year: {}", &[&year, &all_years]);
                writeln!(out, "{name}: {told}")?;
            }
            _ => writeln!(out, "{name}: {}", lang.say("not known"))?,
        }
        return Ok(false);
    }
    Ok(true)
}

fn division(out: &mut impl Write, row: &Division, year: Option<i32>, lang: Lang) -> io::Result<()> {
    let table = places();
    let level = match Rank::of(row.code) {
        Rank::Province => "province",
        Rank::Prefecture => "prefecture",
        Rank::County => "county",
    };
    let told = |what: &str, text: &str| fit(&lang.say(what), 8) + text;
    let last =
        if row.last == LATEST { lang.say("today").into_owned() } else { row.last.to_string() };
    let path = path(row, year.unwrap_or(row.last));
    let while_it_was = lang.fill("{} to {}", &[&row.first, &last]);
    writeln!(out, "{:06}  {}  {path}  {while_it_was}", row.code, lang.say(level))?;
    for old in table.before(row) {
        let code = format!("{:06}", old.code);
        let what: [&dyn Display; 4] = [&code, &old.name, &old.last, &lang.say(old.change)];
        writeln!(out, "        {}", told("before:", &lang.fill("{} {} until {}, {}", &what)))?;
    }
    if let Some(next) = row.next {
        let name = table.in_year(next, row.last + 1).map_or("", |next| next.name);
        let (code, from) = (format!("{next:06}"), row.last + 1);
        let what: [&dyn Display; 4] = [&code, &name, &from, &lang.say(row.change)];
        writeln!(out, "        {}", told("then:", &lang.fill("{} {} from {}, {}", &what)))?;
        if let Some(now) = table.followed(row, LATEST).filter(|now| now.code != next) {
            let code = format!("{:06}", now.code);
            writeln!(out, "        {}", told("today:", &format!("{code} {}", now.name)))?;
        }
    }
    Ok(())
}

/// 湖南省 怀化市 通道侗族自治县
fn path(row: &Division, year: i32) -> String {
    let table = places();
    let above = [table.province(row.code, year), table.prefecture(row.code, year)];
    let mut names: Vec<&str> = above.into_iter().flatten().map(|above| above.name).collect();
    if names.last() != Some(&row.name) {
        names.push(row.name);
    }
    names.join(" ")
}
