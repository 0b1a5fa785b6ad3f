//! A clause that says that there is none of what it names: 未收到申请, 行政复议：无.

use super::super::letters::enclosed;
use super::super::words::{Measure, Words};
use super::{Needs, Reader, Stated, fail, filler, word};
use nom::branch::alt;
use nom::multi::many_till;
use nom::{IResult, Parser};

impl<'t> Reader<'_, 't> {
    /// The measures of the objects that are joined to the one that begins behind this text.
    pub(super) fn joined_before(&self, before: &str) -> Vec<usize> {
        let mut measures = Vec::new();
        let mut rest = before;
        while let Some(joiner) = self.words.joiners.at_end(rest) {
            rest = &rest[..rest.len() - joiner];
            let object = |(at, measure): (usize, &Measure)| {
                let length = measure.objects.at_end(rest)?;
                Some((length, at))
            };
            let all = self.words.measures.iter().enumerate().filter_map(object);
            let Some((length, measure)) = all.max() else { break };
            measures.push(measure);
            rest = &rest[..rest.len() - length];
        }
        measures
    }

    /// 行政复议：无.
    pub(super) fn nothing_behind(&self, at: usize, start: usize) -> Option<Stated<'t>> {
        let measure = &self.words.measures[at];
        let length = measure.objects.at_start(&self.text[start..]).filter(|_| measure.zero)?;
        let before = &self.text[..start];
        if !self.is_clean(measure, before) || self.words.negations.is_within(before) {
            return None;
        }
        let text = &self.text[start + length..];
        let none = |text: &'t str| {
            let nil = self.words.nil.at_start(text);
            nil.map_or_else(|| fail(text), |length| Ok((&text[length..], ())))
        };
        let gap =
            |text| alt((|text| filler(self.words, text), word(&self.words.closers))).parse(text);
        let (rest, (gaps, ())): (&str, (Vec<&str>, ())) = many_till(gap, none).parse(text).ok()?;
        if !rest.is_empty() || gaps.is_empty() || self.is_narrowed(&self.text[..start]) {
            return None;
        }
        let mut measures = vec![at];
        measures.extend(self.joined_before(&self.text[..start]));
        measures.retain(|at| self.words.measures[*at].zero);
        Some(Stated {
            measures,
            start,
            end: self.text.len(),
            amount: None,
            weak: false,
            needs: Needs::No,
            verb_only: false,
        })
    }

    /// A negation begins here: what it says there is none of.
    pub(super) fn nothing(&self, start: usize) -> Option<Stated<'t>> {
        let before = &self.text[..start];
        if self.words.momentary.at_end(before).is_some() || self.words.negations.is_within(before) {
            return None;
        }
        let (mut rest, _) = word(&self.words.none).parse(&self.text[start..]).ok()?;
        let (mut measures, mut needs) = (Vec::new(), Needs::Section);
        let mut end = start;
        while !rest.is_empty() {
            if measures.is_empty() || !is_end(self.words, rest) {
                let (after, found) = self
                    .listed(rest)
                    .or_else(|_| self.unlisted(rest, !measures.is_empty()))
                    .ok()?;
                if let Some((own, own_needs)) = found {
                    needs = needs.min(own_needs);
                    measures.extend(own);
                    end = self.at(after);
                }
                rest = after;
            } else {
                break;
            }
        }
        measures.sort_unstable();
        measures.dedup();
        (!measures.is_empty()).then_some(Stated {
            measures,
            start,
            end,
            amount: None,
            weak: false,
            needs,
            verb_only: false,
        })
    }

    /// An object that belongs to the list, with its measures: what follows it joins or ends.
    pub(super) fn listed(&self, text: &'t str) -> IResult<&'t str, Option<(Vec<usize>, Needs)>> {
        let zero = self.words.measures.iter().enumerate().filter(|(_, measure)| measure.zero);
        let lists = |measure: &Measure| {
            [
                (measure.objects.at_start(text), Needs::No),
                (measure.bare.at_start(text), Needs::Disclosure),
                (measure.nothing.at_start(text), Needs::Section),
            ]
        };
        let found: Vec<(usize, usize, Needs)> = zero
            .flat_map(|(at, measure)| {
                lists(measure)
                    .into_iter()
                    .filter_map(move |(length, needs)| Some((length?, at, needs)))
            })
            .collect();
        let beside = self.words.beside.at_start(text);
        let length = found.iter().map(|(length, ..)| *length).chain(beside).max();
        let Some(length) = length else { return fail(text) };
        let rest = &text[length..];
        let ends = rest.is_empty()
            || is_end(self.words, rest)
            || word(&self.words.joiners).parse(rest).is_ok()
            || word(&self.words.closers).parse(rest).is_ok_and(|(rest, _)| {
                rest.is_empty()
                    || is_end(self.words, rest)
                    || word(&self.words.joiners).parse(rest).is_ok()
                    || word(&self.words.closers).parse(rest).is_ok()
            });
        if !ends {
            return fail(text);
        }
        let own = found.iter().filter(|(own, ..)| *own == length);
        let needs = own.clone().map(|(.., needs)| *needs).min().unwrap_or(Needs::No);
        let measures: Vec<usize> = own.map(|(_, at, _)| *at).collect();
        Ok((rest, (!measures.is_empty()).then_some((measures, needs))))
    }

    /// Any other word that may stand between a negation and its object, or behind it.
    pub(super) fn unlisted(
        &self,
        text: &'t str,
        behind: bool,
    ) -> IResult<&'t str, Option<(Vec<usize>, Needs)>> {
        let words = self.words;
        let verbs =
            words.measures.iter().filter(|measure| measure.zero).map(|measure| &measure.verbs);
        let lists = [&words.none_fillers, &words.fillers, &words.joiners]
            .into_iter()
            .chain(behind.then_some(&words.closers));
        // the longest word is meant: 公民、法人或其他组织
        let length = lists
            .chain(verbs)
            .filter_map(|list| list.at_start(text))
            .max()
            .or_else(|| enclosed(text));
        let Some(length) = length else { return fail(text) };
        let rest = &text[length..];
        Ok((rest, None))
    }
}

/// Whether what is left of a clause behind an object says nothing of it.
fn is_end(words: &Words, text: &str) -> bool {
    text.starts_with(['（', '(']) && enclosed(text) == Some(text.len())
        || text.starts_with('已')
        || words.compared.at_start(text).is_some()
}
