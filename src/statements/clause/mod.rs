//! The grammar of a clause that states a number or that there is none.
//!
//! ```text
//! number  = verb gap object gap amount tail      收到 政府信息公开申请 共 12件
//!         | verb gap amount gap object end       收到 12件 政府信息公开申请
//!         | object gap [ verb gap ] amount tail  政府信息公开申请 收到 12件; without a verb only where the object says it
//!         | verb gap amount tail                 主动公开 12条, where the verb says it
//! nothing = negation gap object { joiner gap object } closers end
//!         | object gap ( "无" | "没有" ) end
//! gap     = { filler | bracket | title }
//! ```
//!
//! All words are those of `statements.toml`. Within these rules no letter is skipped: a clause that says more between verb
//! and number counts something else. What stands before the rule is judged by [`super::context`].

mod item;
mod nothing;

use super::letters::enclosed;
use super::words::{Alone, Measure, Words};
use crate::number::{Amount, Decimal, amount};
use crate::words::List;
pub(super) use item::{in_bracket, is_of, item, item_first};
use nom::branch::alt;
use nom::combinator::{opt, verify};
use nom::error::{Error, ErrorKind};
use nom::{IResult, Parser};

/// What a clause states.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Stated<'t> {
    /// Measures, as places in the list of words: several only where all of them are zero.
    pub(super) measures: Vec<usize>,
    /// Where the rule begins, and ends with number or object.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Where the amount begins, and the amount; none where nothing is said in words.
    pub(super) amount: Option<(usize, Amount<'t>)>,
    /// Whether its words say it only of the whole year.
    pub(super) weak: bool,
    /// What else must be so for its words to say it.
    pub(super) needs: Needs,
    /// Whether only its verb says what it counts: 主动公开12条.
    pub(super) verb_only: bool,
}

/// What a clause was found to be: whether its verb is weak, what it needs, its number with its place, and whether it has no
/// object.
type Found<'t> = (bool, Needs, (usize, Amount<'t>), bool);

/// What the words of a clause need around them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Needs {
    /// Nothing.
    No,
    /// A sentence or section that speaks of disclosure: 收到申请.
    Disclosure,
    /// A section of the measure: 没有依申请公开的信息.
    Section,
}

/// Bytes of the longest clause that is read; more is no sentence, but a menu.
const LONGEST: usize = 900;
/// Most words between two parts of a statement.
const MOST_FILLERS: usize = 12;

fn fail<T>(text: &str) -> IResult<&str, T> {
    Err(nom::Err::Error(Error::new(text, ErrorKind::Verify)))
}

/// A word of a list.
fn word<'t>(list: &List) -> impl Parser<&'t str, Output = &'t str, Error = Error<&'t str>> {
    |text: &'t str| match list.at_start(text) {
        Some(length) => Ok((&text[length..], &text[..length])),
        None => fail(text),
    }
}

/// What may stand between the parts of a statement.
fn filler<'t>(words: &Words, text: &'t str) -> IResult<&'t str, &'t str> {
    let aside = |text: &'t str| match enclosed(text) {
        Some(length) => Ok((&text[length..], &text[..length])),
        None => fail(text),
    };
    let carried = |text: &'t str| {
        let rest = text.strip_prefix(['，', ',']).unwrap_or_default();
        match words.carried_on.at_start(rest) {
            Some(length) => Ok((&rest[length..], &rest[..length])),
            None => fail(text),
        }
    };
    alt((word(&words.fillers), aside, carried)).parse(text)
}

/// An amount that this measure can have. Without a measure word it ends the clause, and a word for a number leads to it.
fn counted<'t>(words: &Words, measure: &Measure, text: &'t str) -> IResult<&'t str, Amount<'t>> {
    let (rest, amount) = whole(words, text)?;
    let fits = if amount.unit.is_empty() {
        rest.is_empty()
    } else {
        measure.units.iter().any(|unit| unit == amount.unit)
    };
    if fits { Ok((rest, amount)) } else { fail(text) }
}

/// An amount, also after a word that makes it one of about so many: 数十件.
fn whole<'t>(words: &Words, text: &'t str) -> IResult<&'t str, Amount<'t>> {
    let read = |text| amount(text, |text| words.units.at_start(text));
    read(text).or_else(|error| {
        let some = words.some.at_start(text).map(|length| &text[length..]);
        let (rest, found) = some.filter(|rest| is_many(rest)).map_or(Err(error), read)?;
        Ok((rest, Amount { exact: false, ..found }))
    })
}

/// Whether a numeral begins that 数 can stand before.
fn is_many(text: &str) -> bool {
    text.starts_with(['十', '百', '千', '万'])
}

/// Whether a clause has a digit, a numeral with its measure word or a negation: without one it states nothing.
fn may_state(words: &Words, text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_digit())
        || text.char_indices().any(|(at, c)| match c {
            '未' | '没' | '无' | '零' | '不' => true,
            '一' | '二' | '两' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '百'
            | '千' | '万' => {
                let rest = &text[at + c.len_utf8()..];
                rest.starts_with(['余', '多', '几']) || words.units.at_start(rest).is_some()
            }
            _ => false,
        })
}

/// Whether what follows an amount says nothing else of it.
fn is_tail(words: &Words, text: &str) -> bool {
    text.is_empty()
        || text.starts_with(['（', '('])
        || words.tails.at_start(text).is_some()
        || words.parts.at_start(text).is_some()
        || words.compared.at_start(text).is_some()
}

/// One clause, and the words.
pub(super) struct Reader<'w, 't> {
    pub(super) words: &'w Words,
    pub(super) text: &'t str,
}

/// Adds to what the clauses of a paragraph state: where all ways are zero, the whole is.
pub(super) fn zeros_of_ways<'t>(
    words: &Words,
    clauses: &[(&'t str, bool)],
    stated: &mut [Vec<Stated<'t>>],
) {
    for (measure, about) in
        words.measures.iter().enumerate().filter(|(_, about)| about.key == "applications_received")
    {
        let mut first: Option<(usize, Stated<'t>, usize)> = None;
        for (at, (text, ends)) in clauses.iter().enumerate() {
            // most clauses have no zero
            let zero =
                text.contains('0').then(|| Reader { words, text }.zero_of_way(measure)).flatten();
            match (zero, &mut first) {
                (Some((true, own)), None) => first = Some((at, own, 1)),
                (Some((_, _)), Some((.., count))) => *count += 1,
                (None, _) if item(words, text).is_some() => first = None,
                _ => {}
            }
            if *ends
                && let Some((at, own, count)) = first.take()
                && count > 1
                && !stated.iter().flatten().any(|s| s.measures.contains(&measure))
                && !about.key.is_empty()
            {
                stated[at].push(own);
            }
        }
    }
}

impl<'t> Reader<'_, 't> {
    /// Everything that the clause states, by place.
    pub(super) fn read(&self) -> Vec<Stated<'t>> {
        let mut all: Vec<Stated<'t>> = Vec::new();
        if self.text.len() > LONGEST || !may_state(self.words, self.text) {
            return all;
        }
        let mut at = 0;
        while let Some(c) = self.text[at..].chars().next() {
            if let Some(length) = enclosed(&self.text[at..]) {
                at += length;
                continue;
            }
            for &measure in self.words.by_first.get(&c).map_or(&[][..], Vec::as_slice) {
                if let Some(stated) =
                    self.number(measure, at).or_else(|| self.nothing_behind(measure, at))
                {
                    add(&mut all, stated);
                }
            }
            if self.words.none.at_start(&self.text[at..]).is_some()
                && let Some(stated) = self.nothing(at)
            {
                add(&mut all, stated);
            }
            at += c.len_utf8();
        }
        all
    }

    fn at(&self, rest: &str) -> usize {
        self.text.len() - rest.len()
    }

    /// A gap, and what ends it.
    fn until<T>(
        &self,
        text: &'t str,
        end: impl Fn(&'t str) -> IResult<&'t str, T>,
    ) -> IResult<&'t str, T> {
        let mut text = text;
        for _ in 0..MOST_FILLERS {
            if let Ok(found) = end(text) {
                return Ok(found);
            }
            text = filler(self.words, text)?.0;
        }
        fail(text)
    }

    /// The ways in which a number of a measure is said, from its verb or object on.
    fn said(&self, measure: &Measure, text: &'t str) -> IResult<&'t str, Found<'t>> {
        let counted = |text| {
            let (rest, amount) = counted(self.words, measure, text)?;
            Ok((rest, (self.at(text), amount)))
        };
        let strong = |text| word(&measure.objects).parse(text);
        let any = |text| {
            alt((
                word(&measure.objects).map(|_| Needs::No),
                word(&measure.bare).map(|_| Needs::Disclosure),
            ))
            .parse(text)
        };
        let tail =
            |text: &'t str| if is_tail(self.words, text) { Ok((text, ())) } else { fail(text) };
        let verb = |text| {
            alt((word(&measure.verbs).map(|_| false), word(&measure.weak).map(|_| true)))
                .parse(text)
        };
        // each way gives: weak, bare, amount, and verb_only that no object stands
        let verb_object = |text| {
            let (text, weak) = verb(text)?;
            // 收到申请人提出的申请12件: the first word that looks like the object need not be it
            let object = |text| {
                let (text, bare) = any(text)?;
                let (text, amount) = self.until(text, counted)?;
                let (text, ()) = tail(text)?;
                Ok((text, (bare, amount)))
            };
            let (text, (bare, amount)) = self.until(text, object)?;
            Ok((text, (weak, bare, amount, false)))
        };
        let verb_amount_object = |text| {
            let (text, weak) = verb(text)?;
            let (text, amount) = self.until(text, counted)?;
            let (text, bare) = self.until(text, any)?;
            let (text, _) = opt(word(&self.words.closers)).parse(text)?;
            let (text, ()) = tail(text)?;
            Ok((text, (weak, bare, amount, false)))
        };
        let verb_only = |text| {
            let (text, _) = word(&measure.verbs).parse(text)?;
            let (text, amount) = self.until(text, counted)?;
            let (text, ()) = tail(text)?;
            Ok((text, (false, Needs::No, amount, true)))
        };
        let object_verb = |text| {
            let (text, bare) = any(text)?;
            let (text, weak) = self.until(text, verb)?;
            // 涉及政府信息公开的3件: of what concerns disclosure
            if weak && text.starts_with('的') {
                return fail(text);
            }
            let (text, amount) = self.until(text, counted)?;
            let (text, ()) = tail(text)?;
            Ok((text, (weak, bare, amount, false)))
        };
        // 申请总数为2件, where the heading speaks of applications
        let number_of = |text: &'t str| {
            let (text, object) = alt((word(&measure.objects), word(&measure.bare))).parse(text)?;
            if !measure.zero || !object.ends_with(['数', '量']) {
                return fail(text);
            }
            let (text, amount) = self.until(text, counted)?;
            let (text, ()) = tail(text)?;
            Ok((text, (false, Needs::Section, amount, false)))
        };
        let object_only = |text| {
            let (text, _) = strong(text)?;
            let (text, amount) = self.until(text, counted)?;
            let (text, ()) = tail(text)?;
            Ok((text, (false, Needs::No, amount, false)))
        };
        let is = |alone: Alone| measure.alone == alone;
        alt((
            verb_object,
            verb_amount_object,
            verify(verb_only, |_| is(Alone::Verb)),
            object_verb,
            verify(object_only, |(.., (_, amount), _)| {
                is(Alone::Object) || is(Alone::Zero) && amount.exact && amount.value.is_zero()
            }),
            number_of,
        ))
        .parse(text)
    }

    /// A number of a measure whose verb or object begins here.
    fn number(&self, at: usize, start: usize) -> Option<Stated<'t>> {
        let measure = &self.words.measures[at];
        let text = &self.text[start..];
        let (rest, (weak, needs, mut amount, verb_only)) = self.said(measure, text).ok()?;
        // 申请数十件: the object's word has eaten it
        if self.text[..amount.0].ends_with('数') && is_many(&self.text[amount.0..]) {
            amount.1.exact = false;
        }
        // 申请数0 has no measure word, but 申请0 …
        let before = &self.text[..amount.0];
        if amount.1.unit.is_empty() && !before.ends_with(['数', '量', '为', '是', '：', ':']) {
            return None;
        }
        let mut measures = vec![at];
        let has_verb =
            measure.verbs.at_start(text).is_some() || measure.weak.at_start(text).is_some();
        if has_verb && self.text[..amount.0].ends_with('各') {
            return None;
        }
        let before = &self.text[..start];
        // 在公开栏和网站发布信息12条: on both together
        if measure.info && self.words.joiners.at_end(before).is_some()
            || weak && !self.is_clean(measure, before)
        {
            return None;
        }
        // 申请行政复议和提起行政诉讼共5件: of both
        let is_zero = amount.1.exact && amount.1.value == Decimal::ZERO;
        let own = measure.verbs.at_end(before).filter(|_| !has_verb).unwrap_or_default();
        let lead = &before[..before.len() - own];
        if (has_verb || own > 0) && !is_zero && !self.joined_before(lead).is_empty() {
            return None;
        }
        if !has_verb {
            // 行政复议，行政诉讼，共计3件: of both
            if self.text[start..amount.0].contains(['，', ',']) {
                return None;
            }
            if !measure.info && !self.is_clean(measure, before) {
                return None;
            }
            let joined = self.joined_before(before);
            // one number for several objects is that of each when it is zero, or they have it each: 行政复议、行政诉讼各1件
            let is_each = self.text[..amount.0].ends_with('各');
            if joined.is_empty() && is_each || !joined.is_empty() && !is_zero && !is_each {
                return None;
            }
            measures.extend(joined);
        }
        let is_otherwise = measure.not_after.at_end(before).is_some();
        // of one subject, unless that is disclosure itself: 在政务公开方面
        if measure.key == "information_published"
            && self.words.subjects.is_within(before)
            && !before.contains("公开")
        {
            return None;
        }
        // 未收到一件申请 is no 收到一件
        if self.is_narrowed(before) || is_otherwise || self.words.none.at_end(before).is_some() {
            return None;
        }
        let end = self.at(rest);
        Some(Stated { measures, start, end, amount: Some(amount), weak, needs, verb_only })
    }

    /// Whether an object begins a word: in 医疗纠纷复议 it does not.
    fn is_clean(&self, measure: &Measure, before: &str) -> bool {
        let words = self.words;
        let lists = [
            &words.fillers,
            &words.joiners,
            &words.tails,
            &words.disclosure,
            &words.time.within,
            &words.scope.body,
            &words.scope.region,
            &words.scope.undecided,
            &words.others.prepositions,
            &measure.verbs,
        ];
        let mark = |c: char| !c.is_alphanumeric() || matches!(c, '年' | '度');
        before.chars().next_back().is_none_or(mark)
            || lists.iter().any(|list| list.at_end(before).is_some())
    }

    /// Zero of one way, with the verb of the measure or without: 受理网上申请0件, 传真申请0件.
    fn zero_of_way(&self, at: usize) -> Option<(bool, Stated<'t>)> {
        let measure = &self.words.measures[at];
        let begins = self.text.char_indices().find_map(|(start, _)| {
            let text = &self.text[start..];
            let verb = measure.verbs.at_start(text).map(|length| (true, &text[length..]));
            verb.or_else(|| self.words.narrow.at_start(text).map(|_| (false, text)))
                .map(|(verb, rest)| (start, verb, rest))
        });
        let (start, has_verb, text) = begins?;
        let counted = |text| counted(self.words, measure, text);
        let object = |text| alt((word(&measure.objects), word(&measure.bare))).parse(text);
        let way = |text| self.until(text, |text| word(&self.words.narrow).parse(text));
        let (rest, (_, _, at_amount, amount)) = (|text| {
            let (text, way) = way(text)?;
            let (text, object) = self.until(text, object)?;
            let (after, (at, amount)) = self.until(text, |text| {
                let (rest, amount) = counted(text)?;
                Ok((rest, (self.at(text), amount)))
            })?;
            Ok::<_, nom::Err<Error<&str>>>((after, (way, object, at, amount)))
        })(text)
        .ok()?;
        let is_zero = amount.exact && amount.value.is_zero() && is_tail(self.words, rest);
        let (measures, end) = (vec![at], self.at(rest));
        let stated = Stated {
            measures,
            start,
            end,
            amount: Some((at_amount, amount)),
            weak: false,
            needs: Needs::Disclosure,
            verb_only: false,
        };
        is_zero.then_some((has_verb, stated))
    }

    /// Whether what stands before an object makes it a kind of what the measure counts.
    fn is_narrowed(&self, before: &str) -> bool {
        self.words.narrow.at_end(before).is_some()
    }
}

/// Of two statements with the same number, the one that begins first is meant, and of two at one place the longer.
fn add<'t>(all: &mut Vec<Stated<'t>>, stated: Stated<'t>) {
    let same = |known: &Stated<'t>| {
        known.measures == stated.measures
            && match (&known.amount, &stated.amount) {
                (Some((one, _)), Some((other, _))) => one == other,
                (None, None) => {
                    known.end == stated.end
                        || known.start <= stated.start && stated.start < known.end
                }
                _ => false,
            }
    };
    if !all.iter().any(same) {
        all.push(stated);
    }
}
