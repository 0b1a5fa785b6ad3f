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

use super::letters::enclosed;
use super::words::{Alone, Measure, Words};
use crate::number::{Amount, Decimal, amount};
use crate::words::List;
use nom::branch::alt;
use nom::combinator::{opt, verify};
use nom::error::{Error, ErrorKind};
use nom::multi::many_till;
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

    /// A number of a measure whose verb or object begins here.
    fn number(&self, at: usize, start: usize) -> Option<Stated<'t>> {
        let measure = &self.words.measures[at];
        let text = &self.text[start..];
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
        let found: IResult<&str, Found<'t>> = alt((
            verb_object,
            verb_amount_object,
            verify(verb_only, |_| is(Alone::Verb)),
            object_verb,
            verify(object_only, |(.., (_, amount), _)| {
                is(Alone::Object) || is(Alone::Zero) && amount.exact && amount.value.is_zero()
            }),
            number_of,
        ))
        .parse(text);
        let (rest, (weak, needs, mut amount, verb_only)) = found.ok()?;
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

    /// The measures of the objects that are joined to the one that begins behind this text.
    fn joined_before(&self, before: &str) -> Vec<usize> {
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
    fn nothing_behind(&self, at: usize, start: usize) -> Option<Stated<'t>> {
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
    fn nothing(&self, start: usize) -> Option<Stated<'t>> {
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
    fn listed(&self, text: &'t str) -> IResult<&'t str, Option<(Vec<usize>, Needs)>> {
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
    fn unlisted(
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

/// The first amount of an item of a list, what stands before it, and where it begins.
pub(super) fn item<'t>(words: &Words, text: &'t str) -> Option<(&'t str, Amount<'t>, usize)> {
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let numeral = c.is_ascii_digit() || "零两一二三四五六七八九十约近数".contains(c);
        let after_digit = text[..at]
            .ends_with(|c: char| c.is_ascii_digit() || matches!(c, '第' | '.' | '〔' | '['));
        if let Some(length) = enclosed(&text[at..]) {
            at += length;
            continue;
        }
        if numeral
            && !after_digit
            && let Ok((rest, amount)) = whole(words, &text[at..])
            && !amount.unit.is_empty()
            && is_tail(words, rest)
        {
            return Some((&text[..at], amount, text.len() - rest.len()));
        }
        at += c.len_utf8();
    }
    None
}

/// An item that begins with its amount, and what follows that: 2件予以公开.
pub(super) fn item_first<'t>(words: &Words, text: &'t str) -> Option<(&'t str, Amount<'t>)> {
    let (rest, amount) = whole(words, text).ok()?;
    (!amount.unit.is_empty()).then_some((rest, amount))
}

/// Whether an item of a list counts what these words name: the name, words that may follow it, and the number.
pub(super) fn is_of<'t>(words: &Words, measure: &Measure, name: &'t str) -> bool {
    let names = if measure.info { &measure.objects } else { &measure.parts };
    let mut text = name;
    // 通过, 在, 一是
    let lead = |text: &'t str| -> IResult<&'t str, &'t str> {
        alt((word(&words.others.prepositions), word(&words.parts), word(&words.fillers)))
            .parse(text)
    };
    while names.at_start(text).is_none() {
        match lead(text) {
            Ok((rest, _)) => text = rest,
            Err(_) => return false,
        }
    }
    let Some(length) = names.at_start(text) else { return false };
    let mut rest = &text[length..];
    while !rest.is_empty() {
        let more = |text: &'t str| filler(words, text);
        let verb = |text: &'t str| word(&measure.verbs).parse(text);
        let closer = |text: &'t str| word(&words.closers).parse(text);
        let answer = |text: &'t str| {
            ["答复", "申请"]
                .iter()
                .find_map(|word| text.strip_prefix(word))
                .map_or_else(|| fail(text), |rest| Ok((rest, "")))
        };
        match alt((more, verb, closer, answer)).parse(rest) {
            Ok((after, _)) => rest = after,
            Err(_) => return false,
        }
    }
    true
}

/// The words of the bracket that a text begins with.
pub(super) fn in_bracket(text: &str) -> Option<&str> {
    let length = enclosed(text)?;
    let open = text.chars().next().map_or(0, char::len_utf8);
    let close = text[..length].chars().next_back().map_or(0, char::len_utf8);
    Some(&text[open..length - close])
}
