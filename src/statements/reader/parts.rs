//! Lists of the parts of a number: 收到申请12件，其中网络申请9件、信函申请3件.

use super::super::clause::{self, Stated};
use super::super::context::{Context, Reach, Subject};
use super::super::letters::Clause;
use super::super::words::About;
use super::super::{MEASURES, Place, Proof, Scope, Statement};
use super::{Paragraph, refuse, shifted};
use crate::finding::Code;
use crate::number::{Amount, Decimal};
use std::ops::Range;

/// The number before a list of its parts.
#[derive(Clone, Debug)]
pub(super) struct Total {
    /// The statements of it.
    pub(super) statements: Vec<usize>,
    pub(super) measure: Option<usize>,
    pub(super) value: Option<Decimal>,
    pub(super) unit: String,
    /// What came from the year before, said beside it.
    pub(super) carried: i128,
}

/// A list of parts being read.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) total: Total,
    pub(super) sum: i128,
    pub(super) count: usize,
    /// Whether all of it was exact and in one unit.
    pub(super) is_sound: bool,
    /// Statements of its parts.
    pub(super) statements: Vec<usize>,
    /// Statements that only a sum that holds makes sure of.
    pub(super) pending: Vec<Statement<Place>>,
}

impl Paragraph<'_, '_> {
    /// Begins a list of parts of the last number.
    pub(super) fn open(&mut self) {
        if let Some(total) = self.last.clone() {
            self.group = Some(Group {
                total,
                sum: 0,
                count: 0,
                is_sound: true,
                statements: Vec::new(),
                pending: Vec::new(),
            });
        }
    }

    /// Ends a list of parts: where they add up to the number before, all of it is proven.
    pub(super) fn close(&mut self) {
        let Some(group) = self.group.take() else { return };
        let is_proven = group.is_sound
            && group.count > 1
            && group.total.value.is_some_and(|total| {
                let own = total.scaled(0);
                total.scale() == 0 && [own, own + group.total.carried].contains(&group.sum)
            });
        let mut proven = Vec::new();
        for mut statement in group.pending {
            let in_table =
                statement.value.is_some() && statement.value == (self.table)(statement.measure);
            if is_proven || in_table {
                statement.proof = in_table.then_some(Proof::Table);
                proven.push(self.out.len());
                self.out.push(statement);
            }
        }
        if is_proven {
            let all = group.total.statements.iter().chain(&group.statements).chain(&proven);
            for &at in all {
                if self.out[at].value.is_some() {
                    self.out[at].proof = Some(Proof::Breakdown);
                }
            }
        }
    }

    /// One part of a list.
    pub(super) fn item(
        &mut self,
        clause: &Clause,
        range: Range<usize>,
        context: &mut Context,
        stated: &[&Stated<'_>],
        sentence: usize,
    ) {
        let text = &self.letters.text[clause.range.clone()][range.clone()];
        let total = self.group.as_ref().and_then(|group| group.total.measure);
        let of_applications = total.is_some_and(|at| MEASURES[at].key.starts_with("applications_"));
        let found = clause::item(self.words, text).filter(|(name, ..)| !name.is_empty());
        let first = || clause::item_first(self.words, text).filter(|_| of_applications);
        let Some((name, amount)) = found
            .map(|(name, amount, _)| (name, amount))
            .or_else(first)
            .or_else(|| clause::item(self.words, text).map(|(name, amount, _)| (name, amount)))
        else {
            return;
        };
        let issuer = self.known.issuer.unwrap_or_default();
        let units = |measure: usize| {
            self.words.measures[measure].units.iter().any(|unit| unit == amount.unit)
        };
        let part = (0..MEASURES.len()).find(|at| {
            let measure = &self.words.measures[*at];
            units(*at) && clause::is_of(self.words, measure, name)
        });
        let mut here = *context;
        // 县政府网站 is no body of which something is said
        here.read(self.words, name, part.is_none(), issuer);
        if self.is_behind(name, &amount) {
            return;
        }
        let Some(group) = &mut self.group else { return };
        group.count += 1;
        group.is_sound &=
            amount.exact && amount.value.scale() == 0 && amount.unit == group.total.unit;
        group.sum += amount.value.scaled(0);
        // 收到23件，其中上年结转2件
        let is_received = total.is_some_and(|at| MEASURES[at].key == "applications_received");
        let has_earlier = is_received
            && !amount.value.is_zero()
            && self.words.earlier.at_end(name).is_some()
            && !self.words.later.is_within(name);
        if has_earlier {
            for &at in &group.total.statements {
                refuse(&mut self.out[at], Code::StatedCumulative);
            }
        }
        let is_open = |at: &usize| self.out[*at].refused == Some(Code::StatedCumulative);
        let is_total_refused = group.total.statements.iter().any(is_open);
        // 办理行政复议86起，其中因政府信息公开引发的3起: the number before counts more
        let is_unsaid = group.total.statements.is_empty();
        let is_case = |measure: usize| {
            self.words.measures[measure].sections.iter().any(|key| key == "review_litigation")
        };
        let start = clause.range.start;
        let piece = &Clause { range: start + range.start..start + range.end, ends: clause.ends };
        if let Some(measure) = part {
            if let Some(statement) = self.statement(piece, measure, Some(amount), here) {
                self.part(statement);
            }
        } else if let Some(measure) = total.filter(|total| self.is_own_level(name, *total)) {
            // 全市受理152件，其中市本级41件
            here.subject = Subject::Known(Scope::Body);
            let statement = self.statement(piece, measure, Some(amount), here);
            self.out.extend(statement);
        } else if let Some(measure) = total.filter(|at| is_total_refused && self.is_new(name, *at))
        {
            // 其中本年新增130条: the measure of the number before
            (here.is_total, here.is_compared) = (false, false);
            self.out.extend(self.statement(piece, measure, Some(amount), here));
        } else {
            let is_other = |one: &&Stated<'_>| {
                // 回复咨询1260条，其中涉及信息公开的咨询14条: of one way only
                let is_some = is_unsaid
                    && one
                        .measures
                        .iter()
                        .all(|m| self.words.measures[*m].about == About::Clause && !is_case(*m));
                !is_some
                    && one.start >= range.start
                    && !self.is_way(one)
                    && (is_total_refused
                        || is_unsaid && one.measures.iter().all(|m| is_case(*m))
                        || one.measures.iter().all(|own| Some(*own) != total))
            };
            let own: Vec<Stated<'_>> = stated
                .iter()
                .copied()
                .filter(is_other)
                .map(|one| shifted(one, range.start))
                .collect();
            for one in &own {
                self.within(piece, one, *context, sentence);
            }
        }
    }

    /// Whether an item stands behind all of the parts: 收到26件，其中自然人25件、商业企业1件；上年结转1件. Then the list is closed.
    fn is_behind(&mut self, name: &str, amount: &Amount<'_>) -> bool {
        let Some(group) = &self.group else { return true };
        let is_complete = group.count > 1
            && group.is_sound
            && group
                .total
                .value
                .is_some_and(|total| total.scale() == 0 && total.scaled(0) == group.sum);
        let is_earlier =
            self.words.earlier.at_end(name).is_some() && !self.words.later.is_within(name);
        if is_complete && self.words.later.is_within(name) {
            self.close();
            return true;
        }
        if is_complete && is_earlier {
            let carried = amount.value.scaled(0);
            let is_sound =
                amount.exact && amount.value.scale() == 0 && amount.unit == group.total.unit;
            self.close();
            if let Some(last) = self.last.as_mut().filter(|_| is_sound) {
                last.carried = carried;
            }
            return true;
        }
        false
    }

    /// States a part that is a way or what became of applications.
    pub(super) fn part(&mut self, statement: Statement<Place>) {
        let Some(group) = &mut self.group else { return };
        let whole = group.total.measure.map_or("", |measure| MEASURES[measure].key);
        if self.words.measures[statement.measure].info {
            group.statements.push(self.out.len());
            self.out.push(statement);
        } else if whole.starts_with("applications_") {
            group.pending.push(statement);
        }
    }

    /// States a part that says itself what it counts: 信息总数85条，其中主动公开61条.
    pub(super) fn within(
        &mut self,
        piece: &Clause,
        one: &Stated<'_>,
        mut context: Context,
        sentence: usize,
    ) {
        let letters = self.letters;
        let mut read = 0;
        self.context(&mut context, &letters.text[piece.range.clone()], &mut read, one);
        let (last, before) = (self.last.clone(), self.out.len());
        self.state(piece, one, context, sentence);
        self.last = last;
        if let Some(group) = &mut self.group {
            group.statements.extend(before..self.out.len());
        }
    }

    /// Whether a part of a region's number is that of the body itself.
    pub(super) fn is_own_level(&self, name: &str, measure: usize) -> bool {
        let is_region = self.group.as_ref().is_some_and(|group| {
            group.total.statements.iter().any(|at| self.out[*at].scope == Some(Scope::Region))
        });
        let Some(own) = self.words.scope.body.at_start(name).filter(|_| is_region) else {
            return false;
        };
        let about = &self.words.measures[measure];
        let mut rest = &name[own..];
        let lists = [&self.words.fillers, &about.verbs, &about.weak, &about.objects, &about.bare];
        while !rest.is_empty() {
            let Some(length) = lists.iter().filter_map(|list| list.at_start(rest)).max() else {
                return false;
            };
            rest = &rest[length..];
        }
        true
    }

    /// Whether a part is what this year has added.
    pub(super) fn is_new(&self, name: &str, measure: usize) -> bool {
        let mut context = Context::default();
        context.read(self.words, name, false, "");
        let is_year = context.reach == Reach::Year
            || (context.year.is_some()
                && context.year == self.known.year
                && context.reach == Reach::Open);
        let about = &self.words.measures[measure];
        let mut name = name.trim_end_matches(['：', ':']);
        let is_added = |name: &str| self.words.added.at_end(name).is_some();
        if !is_year || is_added(name) {
            return is_year;
        }
        // 其中2015年公开88条
        let lists = [&about.verbs, &about.weak, &about.objects, &self.words.fillers];
        let full = name.len();
        while let Some(length) = lists.iter().filter_map(|list| list.at_end(name)).max() {
            name = &name[..name.len() - length];
        }
        let is_time =
            name.ends_with(['年', '度']) || self.words.time.within.at_end(name) == Some(name.len());
        full > name.len() && is_time
    }

    /// The parts of a number in the bracket behind it.
    pub(super) fn bracket(
        &mut self,
        clause: &Clause,
        end: usize,
        context: &Context,
        sentence: usize,
    ) {
        let text = &self.letters.text[clause.range.clone()];
        let Some(inside) = clause::in_bracket(&text[end..]) else { return };
        let start = clause.range.start + (inside.as_ptr() as usize - text.as_ptr() as usize);
        let skip = self.words.parts.at_start(inside).map_or(0, |length| {
            length
                + inside[length..]
                    .chars()
                    .next()
                    .filter(|c| matches!(c, '：' | ':'))
                    .map_or(0, char::len_utf8)
        });
        self.open();
        for part in self.letters.clauses(start + skip..start + inside.len(), self.words) {
            let length = part.range.len();
            let mut context = *context;
            context.clause();
            self.item(&part, 0..length, &mut context, &[], sentence);
        }
        self.close();
    }
}

pub(super) fn total(statements: &[usize], measure: Option<usize>, amount: &Amount<'_>) -> Total {
    Total {
        statements: statements.to_vec(),
        measure,
        value: amount.exact.then_some(amount.value),
        unit: amount.unit.to_owned(),
        carried: 0,
    }
}
