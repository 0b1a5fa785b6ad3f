//! Equations as written → indices and keys: within a table, between years, and of views.

use super::super::equation::{self, Sides, Term};
use super::super::{Between, Equation, View, between, file};
use super::{Resolver, closest};
use crate::error::Result;
use std::ops::Range;
use toml::Spanned;

impl Resolver<'_> {
    fn sides<'t>(&self, written: &'t Spanned<String>) -> Result<Sides<'t>> {
        let text = written.get_ref();
        let start = written.span().start;
        equation::parse(text).map_err(|(at, expected)| {
            let hint =
                "an equation looks like `a + b = total`, or `first .. last = total`".to_owned();
            let message =
                format!("equation: expected {expected} at `{}`", text.get(at..).unwrap_or(""));
            self.error(&(start..start), message, Some(hint))
        })
    }

    pub(super) fn equation(&self, written: &file::Equation, names: &[&str]) -> Result<Equation> {
        let text = written.text.get_ref();
        let (left, right) = self.sides(&written.text)?;
        let mut terms: Vec<(i8, usize)> = Vec::new();
        let mut left_terms = 0;
        for (side, sign) in [(left, 1i8), (right, -1i8)] {
            for term in side {
                for name in self.range(&term, names, &written.text.span())? {
                    if terms.iter().any(|&(_, other)| other == name) {
                        let message = format!("equation: `{}` stands in it twice", names[name]);
                        let hint =
                            "such an equation cannot hold for every consistent table".to_owned();
                        return Err(self.error(&written.text.span(), message, Some(hint)));
                    }
                    terms.push((sign * term.sign, name));
                    left_terms += usize::from(sign == 1);
                }
            }
        }
        Ok(Equation {
            id: written.id.get_ref().clone(),
            each: written.each,
            rule: if written.rule.is_empty() { text.clone() } else { written.rule.clone() },
            terms,
            left: left_terms,
        })
    }

    pub(super) fn between(&self, written: &file::Equation, names: &[&str]) -> Result<Between> {
        let at = written.text.span();
        let side = |terms: Vec<Term<'_>>| -> Result<Vec<between::Term>> {
            let mut side = Vec::new();
            for term in terms {
                let own = term.first.strip_prefix(Between::LAST);
                let of_year = Term { first: own.unwrap_or(term.first), ..term };
                side.extend(self.range(&of_year, names, &at)?.map(|name| between::Term {
                    sign: term.sign,
                    is_last: own.is_some(),
                    key: names[name].to_owned(),
                }));
            }
            Ok(side)
        };
        let (left, right) = self.sides(&written.text)?;
        let (left, right) = (side(left)?, side(right)?);
        let last = left.iter().chain(&right).filter(|term| term.is_last).count();
        if last == 0 || last == left.len() + right.len() {
            let hint = "write `last.` before what is of the year before".to_owned();
            return Err(self.error(&at, "this equation is of one year only", Some(hint)));
        }
        Ok(Between {
            id: written.id.get_ref().clone(),
            each: written.each,
            rule: if written.rule.is_empty() { &**written.text.get_ref() } else { &written.rule }
                .to_owned(),
            left,
            right,
        })
    }

    pub(super) fn view(&self, view: &file::View, cells: &[&str]) -> Result<View> {
        self.key(&view.name)?;
        let mut columns = Vec::with_capacity(view.columns.len());
        for written in &view.columns {
            let (name, sum) = self.sides(written)?;
            let [Term { first: name, last: None, sign: 1 }] = name[..] else {
                let hint = "a column looks like `name = table.row.column + …`".to_owned();
                return Err(self.error(&written.span(), "this column has no name", Some(hint)));
            };
            let mut terms = Vec::with_capacity(sum.len());
            for term in sum {
                let range = self.range(&term, cells, &written.span())?;
                terms.extend(range.map(|cell| (term.sign, cells[cell].to_owned())));
            }
            columns.push((name.to_owned(), terms));
        }
        let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
        let mut shares = Vec::with_capacity(view.shares.len());
        for share in &view.shares {
            self.key(&share.name)?;
            let part = self.find(&share.of, &names, "column")?;
            let whole = self.find(&share.whole, &names, "column")?;
            shares.push([share.name.get_ref(), names[part], names[whole]].map(str::to_owned));
        }
        Ok(View { name: view.name.get_ref().clone(), columns, shares })
    }

    fn range(&self, term: &Term<'_>, names: &[&str], at: &Range<usize>) -> Result<Range<usize>> {
        let find = |name: &str| {
            names.iter().position(|n| *n == name).ok_or_else(|| {
                self.error(at, format!("equation: unknown name `{name}`"), closest(name, names))
            })
        };
        let first = find(term.first)?;
        let last = term.last.map_or(Ok(first), find)?;
        if last < first {
            let message = format!("equation: `{}` stands after `{}`", term.first, names[last]);
            return Err(self.error(
                at,
                message,
                Some("a range goes in the order of the form".to_owned()),
            ));
        }
        Ok(first..last + 1)
    }
}
