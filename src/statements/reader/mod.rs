//! A report's paragraphs, clause by clause.

mod parts;

use super::clause::{self, Needs, Reader, Stated};
use super::context::{Context, Reach, Subject, unknown_lead};
use super::letters::{Clause, Letters};
use super::words::{About, Measure, Words, words};
use super::{Known, MEASURES, Place, Proof, Scope, Section, Statement};
use crate::finding::Code;
use crate::number::{Amount, Decimal};
use parts::{Group, Total, total};
use std::ops::Range;

/// Bytes of a sentence that are looked at for what a clause is about.
const FAR: usize = 1200;
/// Bytes of the longest words before a statement that are taken for somebody's name.
const LONGEST_NAME: usize = 10 * 3;

/// Everything that these sections state, in order. `table` gives the number that the form's tables print for a measure.
///
/// ```
/// use nianbao::statements::{Known, MEASURES, Section, read};
/// let paragraphs = ["2016年，我局收到申请12件，其中网络申请9件、信函申请3件；未发生行政复议。".to_owned()];
/// let section = Section { key: "applications", title: "依申请公开情况", paragraphs: &paragraphs };
/// let known = Known { year: Some(2016), ..Known::default() };
/// let found = read(&[section], known, &|_| None);
/// let said: Vec<_> = found.iter().map(|s| (MEASURES[s.measure].key, s.value.unwrap().integer().unwrap())).collect();
/// assert_eq!(said, [("applications_received", 12), ("reconsiderations", 0)]);
/// assert_eq!(found[0].proof.unwrap().name(), "breakdown");
/// ```
pub fn read(
    sections: &[Section<'_>],
    known: Known<'_>,
    table: &dyn Fn(usize) -> Option<Decimal>,
) -> Vec<Statement<Place>> {
    let mut found = Vec::new();
    for (at, section) in sections.iter().enumerate() {
        if section.key == "problems" {
            // what was wrong and will be better: its numbers are goals and those of other years
            continue;
        }
        for (nth, paragraph) in section.paragraphs.iter().enumerate() {
            if !may_state(paragraph) {
                continue;
            }
            let letters = Letters::of(paragraph);
            if let Some(own) = answer(&letters, section) {
                let place = (at, nth, 0..paragraph.len());
                found.extend(
                    own.into_iter().map(|measure| none(measure, paragraph, place.clone(), known)),
                );
            } else if words().has_anchor(&letters.text) {
                let place = (at, nth);
                let reader = Paragraph {
                    words: words(),
                    letters: &letters,
                    printed: paragraph,
                    section: *section,
                    place,
                    known,
                    table,
                    out: &mut found,
                    last: None,
                    group: None,
                    counted: Vec::new(),
                    ways: 0,
                    received: [false; 2],
                };
                reader.read();
            }
        }
    }
    for statement in &mut found {
        let own = statement.value.filter(|_| statement.proof.is_none());
        if own.is_some() && own == table(statement.measure) {
            statement.proof = Some(Proof::Table);
        }
    }
    contradictions(&mut found);
    found
}

/// Whether a paragraph has a digit, a letter that says none, or the word of a measure that numerals stand before: without
/// one it states nothing.
fn may_state(paragraph: &str) -> bool {
    const LETTERS: [char; 15] =
        ['未', '没', '沒', '无', '無', '零', '件', '條', '条', '宗', '次', '份', '起', '个', '项'];
    let is_wide = |c: char| ('０'..='９').contains(&c);
    paragraph.bytes().any(|b| b.is_ascii_digit())
        || paragraph.contains(|c| LETTERS.contains(&c) || is_wide(c))
        || paragraph.contains("不存在")
}

/// 无。 as the only paragraph of a section: its heading says of what.
fn answer(letters: &Letters, section: &Section<'_>) -> Option<Vec<usize>> {
    let text = letters.text.trim_end_matches(['。', '.', '；']);
    if section.paragraphs.len() != 1 || !matches!(text, "无" | "没有") {
        return None;
    }
    let title = Letters::of(section.title).text;
    let asked = |(at, measure): (usize, &Measure)| {
        let lists = [&measure.objects, &measure.bare, &measure.nothing];
        let is_own = measure.sections.iter().any(|key| key == section.key);
        (measure.zero && is_own && lists.iter().any(|list| list.is_within(&title))).then_some(at)
    };
    Some(words().measures.iter().enumerate().filter_map(asked).collect())
}

fn none(measure: usize, text: &str, at: Place, known: Known<'_>) -> Statement<Place> {
    Statement {
        measure,
        value: Some(Decimal::ZERO),
        unit: None,
        exact: true,
        words: true,
        scope: known.scope,
        year: known.year,
        text: text.to_owned(),
        at,
        proof: None,
        refused: None,
    }
}

/// Two exact numbers for one quantity: neither is given.
fn contradictions(found: &mut [Statement<Place>]) {
    for measure in 0..MEASURES.len() {
        // each scope's first number, and whether it has another
        let mut known: Vec<(Option<Scope>, Option<Decimal>, bool)> = Vec::new();
        for one in found.iter().filter(|one| one.measure == measure && one.value.is_some()) {
            let value = one.in_column();
            match known.iter_mut().find(|(scope, ..)| *scope == one.scope) {
                Some((_, first, is_other)) => *is_other |= *first != value,
                None => known.push((one.scope, value, false)),
            }
        }
        let clashes = |scope: Option<Scope>| {
            let near = |other: Option<Scope>| scope.is_none() || other.is_none() || scope == other;
            let mut own = known.iter().filter(|(other, ..)| near(*other));
            let first = own.next().map(|(_, value, _)| *value);
            known.iter().any(|(other, value, is_other)| {
                near(*other) && (*is_other || Some(*value) != first)
            })
        };
        let wrong: Vec<Option<Scope>> =
            known.iter().map(|(scope, ..)| *scope).filter(|scope| clashes(*scope)).collect();
        for one in found.iter_mut().filter(|one| one.measure == measure && one.value.is_some()) {
            if wrong.contains(&one.scope) {
                (one.value, one.proof, one.refused) = (None, None, Some(Code::StatedTwice));
            }
        }
    }
}

struct Paragraph<'r, 't> {
    words: &'static Words,
    letters: &'r Letters,
    printed: &'t str,
    section: Section<'t>,
    place: (usize, usize),
    known: Known<'t>,
    table: &'r dyn Fn(usize) -> Option<Decimal>,
    out: &'r mut Vec<Statement<Place>>,
    last: Option<Total>,
    group: Option<Group>,
    /// Measure words of what this sentence has counted that is no information: 制发文件231件.
    counted: Vec<String>,
    /// Whether the sentence before said how many applications came, and whether this one does.
    received: [bool; 2],
    /// How many of its clauses speak of a way by which information was published.
    ways: usize,
}

impl<'r> Paragraph<'r, '_> {
    fn read(mut self) {
        let letters = self.letters;
        let clauses = letters.clauses(0..letters.text.len(), self.words);
        let texts: Vec<(&str, bool)> = clauses
            .iter()
            .map(|clause| (&letters.text[clause.range.clone()], clause.ends))
            .collect();
        let mut stated: Vec<Vec<Stated<'_>>> =
            texts.iter().map(|(text, _)| Reader { words: self.words, text }.read()).collect();
        clause::zeros_of_ways(self.words, &texts, &mut stated);
        let by_way = |(clause, stated): (&Clause, &Vec<Stated<'_>>)| {
            let text = &letters.text[clause.range.clone()];
            let is_led = |name: &str| {
                self.words.led.is_within(name)
                    || name.split_once('在').is_some_and(|(_, place)| place.contains('上'))
            };
            stated.iter().any(|s| self.is_way(s))
                || clause::item(self.words, text).is_some_and(|(name, ..)| is_led(name))
        };
        self.ways = clauses.iter().zip(&stated).filter(|pair| by_way(*pair)).count();
        if stated.iter().all(Vec::is_empty) {
            return;
        }
        let mut context = Context::default();
        let (mut begins, mut sentence) = (true, 0);
        for (at, clause) in clauses.iter().enumerate() {
            if clause.is_anew(letters) {
                context = Context::default();
            }
            if begins {
                context.sentence();
                sentence = clause.range.start;
                self.counted.clear();
                self.received = [self.received[1], false];
                self.last = self.last.take().filter(|_| self.starts_with_part(clause));
            }
            context.clause();
            let after_colon = at > 0
                && letters.text[clauses[at - 1].range.end..].starts_with(['：', ':'])
                && !begins;
            self.clause(clause, &stated[at], &mut context, sentence, after_colon);
            self.count(texts[at].0, &stated[at]);
            begins = clause.ends;
            if clause.ends {
                self.close();
            }
        }
        self.close();
    }

    /// Remembers what a clause counts that is no information.
    fn count(&mut self, text: &str, stated: &[Stated<'_>]) {
        let is_info = |s: &Stated<'_>| {
            self.is_way(s) || s.measures.iter().any(|m| MEASURES[*m].key == "information_published")
        };
        if let Some((name, amount, _)) = clause::item(self.words, text)
            && !name.contains("信息")
            && !stated.iter().any(is_info)
        {
            self.counted.push(amount.unit.to_owned());
        }
    }

    fn is_way(&self, stated: &Stated<'_>) -> bool {
        stated.measures.iter().any(|measure| self.words.measures[*measure].info)
    }

    fn starts_with_part(&self, clause: &Clause) -> bool {
        self.words.parts.at_start(&self.letters.text[clause.range.clone()]).is_some()
    }

    /// One clause: what it states, up to a word that begins parts, and behind that the first of the parts.
    fn clause(
        &mut self,
        clause: &Clause,
        stated: &[Stated<'r>],
        context: &mut Context,
        sentence: usize,
        after_colon: bool,
    ) {
        let text = &self.letters.text[clause.range.clone()];
        let marker = self.marker(text);
        let (main, part) =
            marker.map_or((text.len(), None), |(at, length)| (at, Some(at + length)));
        let own: Vec<&Stated<'_>> = stated.iter().filter(|s| s.start < main).collect();
        // within a list of parts, what its whole counts is counted again only in part
        let whole = self.group.as_ref().and_then(|group| group.total.measure);
        let is_part =
            |s: &Stated<'_>| self.is_way(s) || s.measures.iter().any(|m| Some(*m) == whole);
        let is_total = own.iter().any(|s| !is_part(s));
        if is_total || part == Some(0) {
            self.close();
        }
        if self.group.is_none() && (after_colon || self.is_outcome(&text[..main])) && !is_total {
            self.open();
        }
        let mut read = 0;
        if self.group.is_some() && main > 0 {
            self.item(clause, 0..main, context, &own, sentence);
        } else {
            for one in &own {
                if !self.is_meant(one, &own, text) {
                    continue;
                }
                self.context(context, text, &mut read, one);
                self.state(clause, one, *context, sentence);
            }
            if own.is_empty() {
                self.unstated(&text[..main]);
            }
            if let Some(one) = own.iter().rev().find(|s| s.amount.is_some()) {
                self.bracket(clause, one.end, context, sentence);
            }
        }
        if let Some(from) = part {
            self.close();
            self.open();
            context.read(self.words, &text[read..from.max(read)], false, "");
            let inner: Vec<&Stated<'_>> = stated.iter().filter(|s| s.start >= main).collect();
            if from < text.len() {
                self.item(clause, from..text.len(), context, &inner, sentence);
            }
        } else if read < text.len() {
            let is_start = read == 0 && self.group.is_none();
            context.read(
                self.words,
                &text[read..],
                is_start,
                self.known.issuer.unwrap_or_default(),
            );
        }
    }

    /// A number that is no statement, and may have parts: 制作、获取政府信息总数85条; 办结14件.
    fn unstated(&mut self, text: &str) {
        let known = self.last.as_ref().and_then(|last| last.measure);
        let is_known =
            known.is_some_and(|measure| MEASURES[measure].key.starts_with("applications_"));
        let Some((name, amount, _)) = clause::item(self.words, text) else { return };
        if self.last.is_none() || is_known && self.words.done.at_end(name).is_some() {
            self.last = Some(total(&[], known, &amount));
        } else if let Some(last) = &mut self.last
            && is_known
            && amount.exact
            && amount.unit == last.unit
            && self.words.earlier.at_end(name).is_some()
            && !self.words.later.is_within(name)
        {
            last.carried = amount.value.scaled(0);
        }
    }

    /// The first word that begins parts.
    fn marker(&self, text: &str) -> Option<(usize, usize)> {
        let mut at = 0;
        while let Some(c) = text[at..].chars().next() {
            if let Some(length) = super::letters::enclosed(&text[at..]) {
                at += length;
                continue;
            }
            if let Some(length) = self.words.parts.at_start(&text[at..]) {
                // 不包括, 包含 within a word
                if !text[..at].ends_with(['不', '未']) {
                    return Some((at, length));
                }
            }
            at += c.len_utf8();
        }
        None
    }

    /// Whether a clause begins with what became of applications: after their total these are its parts.
    fn is_outcome(&self, text: &str) -> bool {
        let is_applications = self
            .last
            .as_ref()
            .and_then(|total| total.measure)
            .is_some_and(|measure| MEASURES[measure].key.starts_with("applications_"));
        is_applications
            && clause::item(self.words, text)
                .map(|(name, ..)| name)
                .filter(|name| !name.is_empty())
                .or_else(|| clause::item_first(self.words, text).map(|(name, _)| name))
                .is_some_and(|name| {
                    self.words
                        .measures
                        .iter()
                        .any(|m| !m.info && clause::is_of(self.words, m, name))
                })
    }

    /// Of a way and the total that share a number, which is meant: 通过网站主动公开12条 alone is the total.
    fn is_meant(&self, one: &Stated<'_>, all: &[&Stated<'_>], text: &str) -> bool {
        let amount = |s: &Stated<'_>| s.amount.as_ref().map(|(at, _)| *at);
        let is_published =
            |s: &Stated<'_>| s.measures.iter().any(|m| MEASURES[*m].key == "information_published");
        if is_published(one) {
            let way = all.iter().find(|s| self.is_way(s) && amount(s) == amount(one));
            let by_way = self.words.by_way.is_within(&text[..one.start]);
            return match way {
                Some(_) => !one.weak && self.ways == 1,
                None => !by_way || self.ways < 2,
            };
        }
        if self.is_way(one) {
            let published = all.iter().find(|s| is_published(s) && amount(s) == amount(one));
            return published.is_none_or(|published| published.weak || self.ways > 1);
        }
        true
    }

    /// Takes the words before a statement, and those in it, into the context.
    fn context(&self, context: &mut Context, text: &str, read: &mut usize, one: &Stated<'_>) {
        let issuer = self.known.issuer.unwrap_or_default();
        if *read < one.start {
            let before = std::mem::take(&mut context.subject);
            // 县民政局门户网站: the letter before the website ends the name
            let lead = &text[*read..one.start];
            let own = self.words.others.names.at_start(&text[one.start..]).filter(|_| {
                self.is_way(one)
                    && lead.ends_with(|c: char| c.is_alphabetic() && !matches!(c, '年' | '度'))
            });
            let end = one.start + own.unwrap_or_default();
            context.read(self.words, &text[*read..end], *read == 0, issuer);
            if context.subject == Subject::None {
                // 青枫一中主动公开信息230条: a name that nobody knows
                let lead =
                    if *read == 0 { unknown_lead(self.words, &text[..one.start]) } else { 0 };
                let is_name = (1..=LONGEST_NAME).contains(&lead);
                context.subject = if is_name { Subject::Other } else { before };
                context.is_unknown |= is_name;
            }
            *read = one.start;
        }
        let end = one.amount.as_ref().map_or(one.end, |(at, _)| *at);
        if *read < end {
            let compared = context.is_compared;
            context.read(self.words, &text[*read..end], false, issuer);
            context.is_compared = compared;
            *read = end;
        }
    }

    /// States what a clause says, as far as its context allows.
    fn state(&mut self, clause: &Clause, one: &Stated<'_>, context: Context, sentence: usize) {
        if let Some((_, amount)) = &one.amount {
            // 制发文件231件，主动公开187件: of the documents
            let is_info = one.measures.iter().any(|m| MEASURES[*m].key == "information_published");
            if one.verb_only && is_info && self.counted.iter().any(|unit| unit == amount.unit) {
                return;
            }
            // 校长信箱收到来信318封，答复318封: of the letters
            let is_answer =
                one.measures.iter().any(|m| MEASURES[*m].key == "applications_answered");
            if one.verb_only
                && is_answer
                && self.received == [false; 2]
                && self.counted.iter().any(|unit| unit == amount.unit)
            {
                return;
            }
            self.last = Some(total(&[], one.measures.first().copied(), amount));
        }
        let end = clause.range.start + one.end;
        let sentence = sentence.max(end.saturating_sub(FAR));
        let is_momentary = self.words.momentary.is_within(self.letters.around(sentence..end));
        // 行政复议1件（与信息公开无关）
        if clause::in_bracket(&self.letters.text[end..])
            .is_some_and(|inside| self.words.unrelated.is_within(inside))
        {
            return;
        }
        // 除上年结转的1件外，未发生…
        let is_rest = self
            .letters
            .around(sentence..end)
            .split_once('除')
            .is_some_and(|(_, rest)| !rest.starts_with('此') && rest.contains('外'));
        if one.amount.is_none() && (is_momentary || is_rest) {
            return;
        }
        let mut made = Vec::new();
        for &measure in &one.measures {
            let about = &self.words.measures[measure];
            let in_section = about.sections.iter().any(|key| key == self.section.key);
            // none at all is none about disclosure too
            let is_zero = about.zero
                && one
                    .amount
                    .as_ref()
                    .is_none_or(|(_, amount)| amount.exact && amount.value.is_zero());
            let needs = if about.about != About::Nothing && !is_zero {
                one.needs.max(Needs::Disclosure)
            } else {
                one.needs
            };
            // 因信息公开引发行政复议2件、行政诉讼1件: the second goes on
            let goes_on = one.start == 0
                && about.objects.at_start(&self.letters.text[clause.range.clone()]).is_some();
            let from = match about.about {
                About::Clause if !goes_on => clause.range.start,
                _ => sentence,
            };
            let goes_on = self.received[0] && clause.range.start == sentence && one.start == 0;
            let speaks = self.words.disclosure.is_within(self.letters.around(from..end))
                || about.about == About::Sentence && goes_on;
            // 因投诉举报处理引发行政复议28件: of something else
            let because = self.letters.around(from..end).rsplit_once('因').map(|(_, why)| why);
            let is_judged = self.words.judged.is_within(self.letters.around(sentence..end));
            let is_else = about.about == About::Clause
                && !is_zero
                && (is_judged || because.is_some_and(|why| !self.words.disclosure.is_within(why)));
            let is_said = match needs {
                Needs::No => true,
                Needs::Disclosure => {
                    (speaks || in_section) && (is_zero || !self.is_all(about, clause) && !is_else)
                }
                Needs::Section => in_section,
            };
            let timed = context.reach != Reach::Open || context.year.is_some() || context.is_total;
            if !is_said || (one.weak && MEASURES[measure].key == "information_published" && !timed)
            {
                continue;
            }
            let amount = one.amount.as_ref().map(|(_, amount)| *amount);
            if let Some(mut statement) = self.statement(clause, measure, amount, context) {
                if amount.is_some() && self.is_corrected(end) {
                    refuse(&mut statement, Code::StatedTwice);
                }
                self.received[1] |= MEASURES[measure].key == "applications_received";
                made.push(self.out.len());
                self.out.push(statement);
            }
        }
        if let (Some(last), Some(_)) = (&mut self.last, &one.amount) {
            last.statements = made;
        }
    }

    /// Whether the words behind a number say that another should stand there: 230条（更正：应为203条）.
    fn is_corrected(&self, end: usize) -> bool {
        const NEAR: usize = 60;
        let mut rest = self.letters.around(end..end + 2 * NEAR).split(['。', '；']);
        let near = self.letters.around(end..end + NEAR).split(['。', '；']).next();
        near.is_some_and(|near| self.words.corrected.is_within(near))
            || rest.nth(1).is_some_and(|next| {
                self.words.aforesaid.is_within(next) && self.words.corrected.is_within(next)
            })
    }

    /// Whether a clause counts all that an office does, of which the next one says what is about disclosure.
    fn is_all(&self, about: &Measure, clause: &Clause) -> bool {
        let rest = self.letters.around(clause.range.end..clause.range.end + FAR);
        let rest = rest.split('。').next().unwrap_or_default();
        about.about == About::Clause
            && self.words.parts.is_within(rest)
            && self.words.disclosure.is_within(rest)
    }

    /// A statement with its value, or with what stands against giving it; none where it is no statement of this report.
    fn statement(
        &self,
        clause: &Clause,
        measure: usize,
        amount: Option<Amount<'_>>,
        context: Context,
    ) -> Option<Statement<Place>> {
        if context.is_plan
            || context.is_compared
            || context.reach == Reach::Other
            || context.subject == Subject::Other
        {
            return None;
        }
        let exact = amount.is_none_or(|amount| amount.exact);
        let is_other =
            matches!((context.year, self.known.year), (Some(said), Some(own)) if said != own);
        let is_open =
            context.reach == Reach::Since || (context.is_total && context.reach != Reach::Year);
        let refused = match () {
            () if !exact => Some(Code::StatedApproximately),
            () if is_other => Some(Code::StatedOtherYear),
            () if is_open => Some(Code::StatedCumulative),
            () if context.subject == Subject::Undecided => Some(Code::StatedScopeUnknown),
            () => None,
        };
        let value = amount.map_or(Decimal::ZERO, |amount| amount.value);
        let printed = self.trimmed(self.letters.printed(&clause.range));
        Some(Statement {
            measure,
            value: refused.is_none().then_some(value),
            unit: amount
                .map(|amount| self.unit(&clause.range, amount.unit))
                .filter(|unit| !unit.is_empty()),
            exact,
            words: amount.is_none(),
            scope: match context.subject {
                Subject::Known(scope) => Some(scope),
                Subject::None => self.known.scope,
                Subject::Undecided | Subject::Other => None,
            },
            year: if is_other { context.year } else { self.known.year.or(context.year) },
            text: self.printed[printed.clone()].to_owned(),
            at: (self.place.0, self.place.1, printed),
            proof: None,
            refused,
        })
    }

    /// A measure word as printed.
    fn unit(&self, clause: &Range<usize>, unit: &str) -> String {
        let text = &self.letters.text;
        let is_own = unit.as_ptr() as usize >= text.as_ptr() as usize
            && unit.as_ptr() as usize + unit.len() <= text.as_ptr() as usize + text.len();
        if !is_own || unit.is_empty() {
            return unit.to_owned();
        }
        let start = unit.as_ptr() as usize - text.as_ptr() as usize;
        debug_assert!(clause.start <= start);
        let printed = self.letters.printed(&(start..start + unit.len()));
        self.printed[printed].split_whitespace().collect()
    }

    /// A range of the paragraph without the blanks and marks at its ends.
    fn trimmed(&self, range: Range<usize>) -> Range<usize> {
        let text = &self.printed[range.clone()];
        let start = range.start + text.len() - text.trim_start().len();
        start..(start + text.trim().len())
    }
}

/// The same statement in a piece of its clause.
fn shifted<'t>(one: &Stated<'t>, by: usize) -> Stated<'t> {
    Stated {
        start: one.start - by,
        end: one.end - by,
        amount: one.amount.map(|(at, amount)| (at - by, amount)),
        measures: one.measures.clone(),
        ..*one
    }
}

/// Takes a statement's value away.
fn refuse(statement: &mut Statement<Place>, code: Code) {
    if statement.value.take().is_some() {
        (statement.proof, statement.refused) = (None, Some(code));
    }
}
