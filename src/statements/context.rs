//! What the words around a statement say of it: which year, for whom, and whether it is meant to be a fact.

use super::Scope;
use super::letters::enclosed;
use super::words::Words;
use crate::number;

/// How far the words so far reach in time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Reach {
    /// They do not say.
    #[default]
    Open,
    /// The whole year: 全年, 自1月1日至12月31日.
    Year,
    /// From a beginning to a day: 截至2017年底.
    Since,
    /// Another year without its number, or a part of one: 上年, 上半年, 2017年6月.
    Other,
}

/// For whom the words so far speak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Subject {
    /// They do not say.
    #[default]
    None,
    /// The body or its region.
    Known(Scope),
    /// 我县: for its government or for all of it.
    Undecided,
    /// Somebody else.
    Other,
}

/// What holds at a place of a paragraph.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each holds by itself")]
pub(super) struct Context {
    /// The year named last.
    pub(super) year: Option<i32>,
    /// Of this sentence.
    pub(super) reach: Reach,
    /// Whether this clause says 累计.
    pub(super) is_total: bool,
    /// Whether this sentence speaks of what is meant to be.
    pub(super) is_plan: bool,
    /// Whether this clause compares.
    pub(super) is_compared: bool,
    pub(super) subject: Subject,
    /// Who the subject was before a region was only said to be where something is done: of this clause only.
    pub(super) led: Option<Subject>,
    /// Whether words that nobody knows are the subject: of this sentence only.
    pub(super) is_unknown: bool,
}

impl Context {
    /// Begins a sentence.
    pub(super) fn sentence(&mut self) {
        (self.reach, self.is_plan) = (Reach::Open, false);
        if std::mem::take(&mut self.is_unknown) && self.subject == Subject::Other {
            self.subject = Subject::None;
        }
    }

    /// Begins a clause.
    pub(super) fn clause(&mut self) {
        (self.is_total, self.is_compared) = (false, false);
        if let Some(before) = self.led.take()
            && self.subject == Subject::Undecided
        {
            self.subject = before;
        }
    }

    /// Takes in a piece of a clause; `is_start` where it begins the clause, and only there a subject's name can stand.
    pub(super) fn read(&mut self, words: &Words, text: &str, is_start: bool, issuer: &str) {
        let mut at = 0;
        // where words for all of the region end
        let mut region: Option<usize> = None;
        // letters that no list knows, from where they begin; none once something else than a subject has begun
        let mut name = is_start.then_some(0);
        while let Some(c) = text[at..].chars().next() {
            let rest = &text[at..];
            let after_digit = text[..at].ends_with(|c: char| c.is_ascii_digit());
            let known = if let Some(length) = enclosed(rest) {
                length
            } else if !after_digit && let Some(length) = self.time(words, &text[..at], rest) {
                length
            } else if let Some((length, subject)) = subject(words, rest) {
                let is_region = subject == Subject::Known(Scope::Region);
                let subject = if is_region && !is_of_place(words, &rest[..length], issuer) {
                    Subject::Other
                } else if is_region && words.scope.led.at_end(&text[..at]).is_some() {
                    self.led = Some(self.subject);
                    Subject::Undecided
                } else {
                    subject
                };
                // 全县各级各部门 is all of the region, 各部门 alone a part of it
                let between = region.map(|end| text[end..at].trim_matches(['、', '和', '及']));
                let goes_on = subject == Subject::Other && between == Some("");
                if goes_on || subject == Subject::Known(Scope::Region) {
                    region = Some(at + length);
                }
                if !goes_on {
                    self.subject = subject;
                }
                name = None;
                length
            } else if is_start
                && at == 0
                && let Some(length) = words.facts.at_start(rest)
            {
                self.is_plan = false;
                length
            } else if let Some(length) = words.plans.at_start(rest) {
                self.is_plan = true;
                length
            } else if let Some(length) = words.compared.at_start(rest) {
                self.is_compared = true;
                length
            } else {
                0
            };
            let preposition = known == 0
                && name.is_some()
                && words
                    .others
                    .prepositions
                    .at_start(rest)
                    .is_some_and(|length| !begins_name(words, &rest[..length], rest));
            if known > 0 || preposition {
                if let Some(from) = name.filter(|from| *from < at) {
                    self.name(words, &text[from..at], true, issuer);
                    name = None;
                } else if preposition {
                    name = None;
                } else if name.is_some() {
                    name = Some(at + known);
                }
            }
            at += if known > 0 { known } else { c.len_utf8() };
        }
        if let Some(from) = name.filter(|from| *from < at) {
            self.name(words, &text[from..at], true, issuer);
        }
    }

    /// Time words at the start of a text: how long they are.
    fn time(&mut self, words: &Words, before: &str, rest: &str) -> Option<usize> {
        const ON: &str = "以来";
        if let Some(period) = period(rest) {
            // 较2020年下降: what it is held against
            if words.time.against.at_end(before).is_some() {
                self.is_compared = true;
                return Some(period.length);
            }
            // 公开2021年部门决算2份: of the accounts
            if period.year.is_some() && words.time.of.at_end(before).is_some() {
                return Some(period.length);
            }
            self.year = period.year.or(self.year);
            self.reach = period.reach;
            // 2018年以来: all of that year, which may be another than the report's
            if self.reach == Reach::Open && rest[period.length..].starts_with(ON) {
                self.reach = Reach::Year;
                return Some(period.length + ON.len());
            }
            if matches!(period.reach, Reach::Open | Reach::Other)
                && is_until(before, &rest[..period.length], &rest[period.length..])
            {
                self.reach = Reach::Since;
            }
            return Some(period.length);
        }
        let lists = [
            (&words.time.within, Reach::Year),
            (&words.time.since, Reach::Since),
            (&words.time.other, Reach::Other),
        ];
        let found = lists.iter().filter_map(|(list, reach)| Some((list.at_start(rest)?, *reach)));
        if let Some((length, reach)) = found.max_by_key(|(length, _)| *length) {
            if reach == Reach::Other && self.reach == Reach::Other
                || reach != Reach::Other
                || !rest[length..].starts_with("结转")
            {
                self.reach = reach;
            }
            return Some(length);
        }
        let length = words.time.total.at_start(rest)?;
        self.is_total = true;
        Some(length)
    }

    /// Letters that could be the name of a body.
    fn name(&mut self, words: &Words, run: &str, ends: bool, issuer: &str) {
        const LONGEST: usize = 14;
        let run = run.trim_start_matches(|c: char| !c.is_alphabetic());
        let mut end = None;
        for (letters, (at, _)) in run.char_indices().enumerate() {
            if letters == 0 || letters > LONGEST {
                continue;
            }
            if let Some(length) = words.others.names.at_start(&run[at..])
                && words.others.within.at_start(&run[at + length..]).is_none()
            {
                end = Some(at + length);
            }
        }
        // 青枫县共受理
        let mut name = run;
        while let Some(length) = words.fillers.at_end(name).filter(|length| *length < name.len()) {
            name = &name[..name.len() - length];
        }
        if ends
            && end.is_none_or(|end| end < name.len())
            && words.others.short.at_end(name).is_some()
            && words.others.never.at_end(name).is_none()
            && !is_counted(name)
            && name.chars().count() <= LONGEST
        {
            end = Some(name.len());
        }
        // 街道没有接到
        if ends
            && end.is_none()
            && words.others.names.at_end(name) == Some(name.len())
            && !name.is_empty()
        {
            end = Some(name.len());
        }
        let Some(end) = end else { return };
        let own = |name: &str| name.replace("人民", "").replace("办事处", "");
        let (name, mut issuer) = (own(&run[..end]), own(issuer));
        // 镇政府, in a report of the town
        if name.ends_with("政府")
            && issuer.ends_with(['县', '市', '区', '州', '旗', '省', '镇', '乡'])
        {
            issuer.push_str("政府");
        }
        // a name as people say it is part of the printed one
        let behind = issuer.find(&name).map(|at| &issuer[at + name.len()..]);
        let is_whole = |rest: &str| {
            rest.is_empty()
                || rest.starts_with(['（', '('])
                || name.ends_with(['县', '市', '区', '州', '旗', '省', '盟'])
                || words.scope.behind.at_start(rest) == Some(rest.len())
        };
        // 县政府, in a report of its office
        if name.ends_with("政府")
            && behind.is_some_and(|rest| words.others.office.at_start(rest).is_some())
        {
            self.subject = Subject::Undecided;
            return;
        }
        let is_own = (name.chars().count() >= 2 || issuer.ends_with(&name))
            && (behind.is_some_and(is_whole)
                || name.ends_with(&issuer) && !issuer.is_empty()
                || is_short_for(words, &name, &issuer)
                || words.scope.selves.iter().any(|own| {
                    own.says.at_start(&run[..end]) == Some(end) && own.of.at_end(&issuer).is_some()
                }));
        self.subject = match is_own {
            // a county by its name is the government or all of it, like 我县
            true if run[..end].ends_with(['县', '市', '区', '州', '旗', '省', '盟']) => {
                Subject::Undecided
            }
            true => Subject::Known(Scope::Body),
            false => Subject::Other,
        };
    }
}

/// Whether a name has its letters in this order in the body's name, to the last of both: 区人社局, 管委会. The names of places and
/// kinds alone say too little: 县局.
fn is_short_for(words: &Words, name: &str, issuer: &str) -> bool {
    let cut = words.scope.tails.at_end(issuer).unwrap_or_default();
    let issuer = [&issuer[..issuer.len() - cut], issuer]
        .into_iter()
        .find(|issuer| name.chars().next_back() == issuer.chars().next_back());
    let ends = issuer.is_some();
    let mut letters = issuer.unwrap_or_default().chars().rev();
    ends && name.chars().count() > 2 && name.chars().rev().all(|c| letters.any(|own| own == c))
}

/// Whether the last letter is a measure word: 公开点2处.
fn is_counted(name: &str) -> bool {
    name.chars().rev().nth(1).is_some_and(|c| c.is_ascii_digit())
}

/// Whether words for a region can mean that of the body: 全县 in a report of a county's bureau, but not of its town.
fn is_of_place(words: &Words, region: &str, issuer: &str) -> bool {
    let Some(letter) = region.strip_prefix('全').and_then(|rest| rest.chars().next()) else {
        return true;
    };
    let mut letter_length = [0; 4];
    let of = |text: &str| words.scope.places.at_start(text).is_some();
    if issuer.is_empty() || !of(letter.encode_utf8(&mut letter_length)) {
        return true;
    }
    let mut name = issuer;
    while let Some(length) = words.scope.behind.at_end(name).filter(|length| *length < name.len()) {
        name = &name[..name.len() - length];
    }
    if words.scope.small.at_end(name).is_some() {
        return false;
    }
    let mut last = None;
    let mut at = 0;
    while let Some(c) = issuer[at..].chars().next() {
        if let Some(length) = words.scope.within_place.at_start(&issuer[at..]) {
            at += length;
            continue;
        }
        if of(&issuer[at..]) {
            last = Some(c);
        }
        at += c.len_utf8();
    }
    last.is_none_or(|last| last == letter)
}

/// Whether a preposition of one letter is the first of a body's name: 自然资源局, 经开区管委会, but not 在大厅.
fn begins_name(words: &Words, preposition: &str, run: &str) -> bool {
    const LONGEST: usize = 14;
    if preposition.chars().count() > 1 || preposition == "在" {
        return false;
    }
    let mut run = run;
    loop {
        if words.others.names.at_end(run).is_some() {
            return run.chars().count() <= LONGEST;
        }
        let Some(length) = words.fillers.at_end(run) else { return false };
        run = &run[..run.len() - length];
    }
}

/// Bytes of the words of no list that lead a clause up to its statement, if anything but time, fillers and marks does: 青枫一中
/// in 2019年青枫一中共. What begins with a preposition or speaks of disclosure is no subject.
pub(super) fn unknown_lead(words: &Words, before: &str) -> usize {
    let known = |rest: &str| {
        let lists = [
            &words.fillers,
            &words.joiners,
            &words.tails,
            &words.parts,
            &words.time.within,
            &words.time.since,
            &words.time.other,
            &words.time.total,
            &words.none,
            &words.compared,
            &words.narrow,
            &words.none_fillers,
            &words.others.adverbs,
        ];
        let objects = words.measures.iter().flat_map(|measure| [&measure.objects, &measure.bare]);
        let listed = lists.into_iter().chain(objects).filter_map(|list| list.at_start(rest)).max();
        let mark = rest.chars().next().filter(|c| !c.is_alphabetic()).map(char::len_utf8);
        let time = period(rest).map(|period| period.length);
        enclosed(rest).or(time).or(listed).or(mark)
    };
    let mut at = 0;
    // 三、行政复议数：0件
    if let Some((numeral, rest)) = before.split_once(['、', '.', '．'])
        && numeral.chars().all(|c| "一二三四五六七八九十".contains(c) || c.is_ascii_digit())
    {
        at = before.len() - rest.len();
    }
    while let Some(length) = known(&before[at..]).filter(|_| at < before.len()) {
        at += length;
    }
    let lead = &before[at..];
    let is_other = subject(words, lead).is_some()
        || words.others.prepositions.at_start(lead).is_some()
        || words.plans.at_start(lead).is_some()
        || words.disclosure.is_within(lead);
    if is_other { 0 } else { lead.len() }
}

fn subject(words: &Words, text: &str) -> Option<(usize, Subject)> {
    let lists = [
        (&words.scope.body, Subject::Known(Scope::Body)),
        (&words.scope.region, Subject::Known(Scope::Region)),
        (&words.scope.part, Subject::Other),
        (&words.scope.undecided, Subject::Undecided),
    ];
    let found = lists.iter().filter_map(|(list, subject)| Some((list.at_start(text)?, *subject)));
    found.max_by_key(|(length, _)| *length)
}

/// A year, a day, or a time from one day to another.
struct Period {
    length: usize,
    year: Option<i32>,
    reach: Reach,
}

/// A day as printed: year, month, day as far as they stand.
#[derive(Clone, Copy)]
struct Day {
    year: Option<i32>,
    month: Option<i64>,
    date: Option<i64>,
}

const LINKS: [&str; 11] = ["起至", "开始至", "至", "到", "—", "－", "-", "～", "~", "起到", "——"];

/// `2016年1月1日至12月31日`, `2016年`, `6月`.
fn period(text: &str) -> Option<Period> {
    // most places of a text begin no number
    let first = text.chars().next()?;
    if !first.is_ascii_digit() && !"〇○零O一二两三四五六七八九十".contains(first) {
        return None;
    }
    if let Some(months) = months(text) {
        return Some(months);
    }
    let (rest, first) = day(text)?;
    // 2010年和2011年: of both
    if first.month.is_none()
        && let Some(after) =
            ["和", "、", "及", "与", "以及"].iter().find_map(|link| rest.strip_prefix(link))
        && let Some((rest, Day { year: Some(_), month: None, .. })) = day(after)
    {
        return Some(Period { length: text.len() - rest.len(), year: None, reach: Reach::Other });
    }
    let second = LINKS.iter().filter_map(|link| rest.strip_prefix(link)).find_map(day);
    let Some((after, last)) = second else {
        let is_part = first.month.is_some();
        let rest = if is_part { rest } else { rest.strip_prefix('度').unwrap_or(rest) };
        let reach = if is_part { Reach::Other } else { Reach::Open };
        return Some(Period { length: text.len() - rest.len(), year: first.year, reach });
    };
    let rest =
        ["止", "期间", "底"].iter().find_map(|tail| after.strip_prefix(tail)).unwrap_or(after);
    let year = first.year.or(last.year);
    // the regulations took effect on 1 May 2008
    let begins = (first.month, first.date.unwrap_or(1)) == (Some(1), 1)
        || year == Some(2008) && (first.month, first.date.unwrap_or(1)) == (Some(5), 1);
    let ends = last.month == Some(12) && last.date.is_none_or(|day| day >= 20);
    let is_one = last.year.is_none() || last.year == first.year || first.year.is_none();
    let reach = match (is_one, begins && ends) {
        (true, true) => Reach::Year,
        (true, false) => Reach::Other,
        (false, _) => Reach::Since,
    };
    Some(Period { length: text.len() - rest.len(), year, reach })
}

/// `1-12月`, `2016年一至六月`: months of which only the last says so.
fn months(text: &str) -> Option<Period> {
    // 2013—2015年: of all of them
    if let Ok((rest, _)) = number::year::year(text)
        && let Some(rest) =
            LINKS.iter().chain(&["、", "和"]).find_map(|link| rest.strip_prefix(link))
        && let Some((rest, Day { year: Some(_), month: None, .. })) = day(rest)
    {
        return Some(Period { length: text.len() - rest.len(), year: None, reach: Reach::Other });
    }
    let (rest, year) = match number::year::year(text) {
        Ok((rest, year)) if rest.starts_with('年') => (&rest['年'.len_utf8()..], Some(year)),
        _ => (text, None),
    };
    let small = |text| number::amount(text, |_| None).ok().filter(|(_, amount)| amount.exact);
    let number = |text| {
        digits(text).or_else(|| small(text).and_then(|(rest, n)| Some((rest, n.value.integer()?))))
    };
    let (rest, first) = number(rest)?;
    let rest = LINKS.iter().find_map(|link| rest.strip_prefix(link))?;
    let (rest, last) = number(rest)?;
    let rest = rest.strip_prefix("月份").or_else(|| rest.strip_prefix('月'))?;
    let is_month = |month: i64| (1..=12).contains(&month);
    let reach = if (first, last) == (1, 12) { Reach::Year } else { Reach::Other };
    let is_later = rest.starts_with(|c: char| c.is_ascii_digit());
    (is_month(first) && is_month(last) && first < last && !is_later).then_some(Period {
        length: text.len() - rest.len(),
        year,
        reach,
    })
}

fn day(text: &str) -> Option<(&str, Day)> {
    let mut day = Day { year: None, month: None, date: None };
    let mut rest = text;
    if let Ok((after, year)) = number::year::year(rest)
        && let Some(after) = after.strip_prefix('年')
    {
        (day.year, rest) = (Some(year), after);
    }
    let small = |text| {
        number::amount(text, |_| None).ok().and_then(|(rest, amount)| {
            Some((rest, amount.value.integer().filter(|_| amount.exact)?))
        })
    };
    if let Some((after, month)) = digits(rest).or_else(|| small(rest))
        && let Some(after) = after.strip_prefix('月')
        && !after.starts_with('份')
    {
        (day.month, rest) = (Some(month), after);
        if let Some((after, number)) = digits(rest).or_else(|| small(rest))
            && let Some(after) = after.strip_prefix(['日', '号'])
        {
            (day.date, rest) = (Some(number), after);
        }
    }
    (day.year.is_some() || day.month.is_some()).then_some((rest, day))
}

fn digits(text: &str) -> Option<(&str, i64)> {
    let length = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    Some((&text[length..], text[..length].parse().ok()?))
}

/// Whether a time is the end of a longer one: 到2017年底, 截至12月31日.
fn is_until(before: &str, own: &str, after: &str) -> bool {
    let until = before.ends_with(['到', '至', '止'])
        || before.ends_with("截至")
        || before.ends_with("截止");
    let closes =
        ["底", "年底", "末", "年末", "止", "为止"].iter().any(|tail| after.starts_with(tail));
    until && (closes || own.contains('月') || own.ends_with('年'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_periods() {
        let of = |text: &str| period(text).map(|p| (p.year, p.reach, p.length == text.len()));
        assert_eq!(of("2016年度"), Some((Some(2016), Reach::Open, true)));
        assert_eq!(of("2016年1月1日至2016年12月31日"), Some((Some(2016), Reach::Year, true)));
        assert_eq!(of("2016年1月1日起至12月31日止"), Some((Some(2016), Reach::Year, true)));
        assert_eq!(of("2008年5月1日起至12月31日"), Some((Some(2008), Reach::Year, true)));
        assert_eq!(of("2016年1月至6月"), Some((Some(2016), Reach::Other, true)));
        assert_eq!(of("2008年5月1日至2010年12月31日"), Some((Some(2008), Reach::Since, true)));
        assert_eq!(of("二〇一〇年"), Some((Some(2010), Reach::Open, true)));
        assert_eq!(of("15个"), None);
    }
}
