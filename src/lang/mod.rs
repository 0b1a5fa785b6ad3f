//! What people are shown, in English or in Chinese. English stands where it is said, and is what JSON and CSV keep; the
//! Chinese stands in tables: what findings mean ([`Lang::meaning`]), what they say in particular, what is wrong with the
//! world, and all other words of the program ([`Lang::say`]). Names (of commands, options, files, columns, codes) are the same in both.

use crate::finding::Code;
use regex::Regex;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::OnceLock;

const FINDINGS: &str = include_str!("findings.toml");
const MESSAGES: &str = include_str!("messages.toml");
const WORDS: &str = include_str!("words.toml");
const ERRORS: &str = include_str!("errors.toml");

/// The language of what people are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Chinese in simplified characters.
    Zh,
}

/// Texts of one finding.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Texts {
    en: String,
    zh: String,
    do_en: String,
    do_zh: String,
}

/// What is said in words that vary: `row {} is not in table {}`.
struct Pattern {
    /// What stands before the first and behind the last of what varies.
    ends: [String; 2],
    regex: Regex,
    chinese: String,
}

impl Pattern {
    /// Whether a text can be this one; most are not, as their ends show at once.
    fn is_likely(&self, english: &str) -> bool {
        let [first, last] = &self.ends;
        english.starts_with(first.as_str()) && english.ends_with(last.as_str())
    }
}

/// The Chinese of the program.
struct Table {
    exact: FxHashMap<String, String>,
    patterns: Vec<Pattern>,
}

impl Lang {
    /// The language of this name, `zh` or `en`; also of a locale (`zh_CN.UTF-8`).
    ///
    /// ```
    /// use nianbao::lang::Lang;
    /// assert_eq!(Lang::of("zh_CN.UTF-8"), Lang::Zh);
    /// assert_eq!(Lang::of("C"), Lang::En);
    /// ```
    pub fn of(name: &str) -> Self {
        let language = name.split(['_', '-', '.', '@']).next().unwrap_or_default();
        if language.eq_ignore_ascii_case("zh") { Self::Zh } else { Self::En }
    }

    /// The language of the environment: the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is set.
    pub fn of_locale(get: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &&str| get(name).filter(|value| !value.is_empty());
        ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(set).map_or(Self::En, |l| Self::of(&l))
    }

    /// The name by which a page says its language.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh-CN",
        }
    }

    /// What is said in English, in this language: words, and messages with something in them. What is not in the tables
    /// stays as it is.
    pub fn say(self, english: &str) -> Cow<'_, str> {
        match self {
            Self::En => Cow::Owned(english.to_owned()),
            Self::Zh => match table().say(english, 0) {
                Some(chinese) => Cow::Owned(chinese),
                None => Cow::Owned(english.to_owned()),
            },
        }
    }

    /// A sentence with `{}` for each of these values.
    pub fn fill(self, english: &str, values: &[&dyn Display]) -> String {
        let template = match self {
            Self::En => english,
            Self::Zh => table().exact.get(english).map_or(english, String::as_str),
        };
        let values: Vec<String> = values.iter().map(ToString::to_string).collect();
        filled(template, &values)
    }

    /// What a finding means.
    pub fn meaning(self, code: Code) -> &'static str {
        findings().get(code.name()).map_or("", |texts| match self {
            Self::En => texts.en.as_str(),
            Self::Zh => texts.zh.as_str(),
        })
    }

    /// What to do about a finding.
    pub fn to_do(self, code: Code) -> &'static str {
        findings().get(code.name()).map_or("", |texts| match self {
            Self::En => texts.do_en.as_str(),
            Self::Zh => texts.do_zh.as_str(),
        })
    }

    /// The Chinese of all words of a text in which they stand as `t("…")`, for a script; nothing in English.
    pub fn of_script(self, script: &str) -> BTreeMap<String, String> {
        if self == Self::En {
            return BTreeMap::new();
        }
        let known = |english: String| {
            let chinese = table().exact.get(&english)?.clone();
            Some((english, chinese))
        };
        said_in(script, "t(\"").filter_map(known).collect()
    }

    /// A page whose words stand in double brackets, `[[Coverage]]`.
    pub fn page(self, body: &str) -> String {
        let mut parts = body.split("[[");
        let mut page = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            match part.split_once("]]") {
                Some((english, rest)) => {
                    page.push_str(&self.say(english));
                    page.push_str(rest);
                }
                None => page.push_str(part),
            }
        }
        page
    }
}

/// The texts that follow an opening in a source, up to the next quote.
fn said_in<'s>(source: &'s str, opening: &'s str) -> impl Iterator<Item = String> + 's {
    // `t("` is no end of another name
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    let is_own = move |at: usize| opening.len() > 3 || !source[..at].ends_with(is_name);
    source.match_indices(opening).filter(move |(at, _)| is_own(*at)).filter_map(move |(at, _)| {
        let rest = &source[at + opening.len()..];
        rest.split_once('"').map(|(text, _)| text.to_owned())
    })
}

impl Table {
    /// Chinese of a text, if it is known; `depth` bounds what stands within what.
    fn say(&self, english: &str, depth: usize) -> Option<String> {
        const DEEPEST: usize = 6;
        if let Some(chinese) = self.exact.get(english) {
            return Some(chinese.clone());
        }
        if depth == DEEPEST {
            return None;
        }
        // several of one kind, before one of them is taken for all
        if depth > 0 && english.contains(", ") {
            let parts: Option<Vec<String>> =
                english.split(", ").map(|part| self.say(part, depth + 1)).collect();
            if let Some(parts) = parts {
                return Some(parts.join("、"));
            }
        }
        let mut likely = self.patterns.iter().filter(|pattern| pattern.is_likely(english));
        if let Some(found) = likely.find(|pattern| pattern.regex.is_match(english)) {
            let captures = found.regex.captures(english)?;
            let within = |part: regex::Match<'_>| {
                let known = self.say(part.as_str(), depth + 1);
                known.unwrap_or_else(|| part.as_str().to_owned())
            };
            let values: Vec<String> = captures.iter().skip(1).flatten().map(within).collect();
            return Some(filled(&found.chinese, &values));
        }
        None
    }
}

/// A template with its values: `{}` the next one, `{2}` the second.
fn filled(template: &str, values: &[String]) -> String {
    let mut out = String::with_capacity(template.len() + 32);
    let mut next = 0;
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let Some(close) = rest[open..].find('}') else { break };
        let number = &rest[open + 1..open + close];
        let value = match number.parse::<usize>() {
            Ok(nth) => values.get(nth.wrapping_sub(1)),
            Err(_) if number.is_empty() => {
                next += 1;
                values.get(next - 1)
            }
            Err(_) => None,
        };
        out.push_str(&rest[..open]);
        out.push_str(value.map_or(&rest[open..=open + close], String::as_str));
        rest = &rest[open + close + 1..];
    }
    out.push_str(rest);
    out
}

fn findings() -> &'static BTreeMap<String, Texts> {
    static TABLE: OnceLock<BTreeMap<String, Texts>> = OnceLock::new();
    TABLE.get_or_init(|| toml::from_str(FINDINGS).expect("the tests read it"))
}

fn table() -> &'static Table {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        #[serde(default)]
        messages: BTreeMap<String, String>,
        #[serde(default)]
        words: BTreeMap<String, String>,
    }
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut exact = FxHashMap::default();
        let mut patterns = Vec::new();
        for text in [MESSAGES, WORDS, ERRORS] {
            let file: File = toml::from_str(text).expect("the tests read it");
            for (english, chinese) in file.words {
                exact.insert(english, chinese);
            }
            for (english, chinese) in file.messages {
                if english.contains("{}") {
                    let regex =
                        format!("(?s)^{}$", regex::escape(&english).replace(r"\{\}", "(.+?)"));
                    let regex = Regex::new(&regex).expect("it is escaped");
                    let [first, last] = [english.split("{}").next(), english.rsplit("{}").next()];
                    let ends = [first, last].map(|end| end.unwrap_or_default().to_owned());
                    patterns.push((english.len(), Pattern { ends, regex, chinese }));
                } else {
                    exact.insert(english, chinese);
                }
            }
        }
        // the one that says most, where several fit
        patterns.sort_by_key(|(length, _)| std::cmp::Reverse(*length));
        Table { exact, patterns: patterns.into_iter().map(|(_, pattern)| pattern).collect() }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_chinese(text: &str) -> bool {
        text.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c))
    }

    #[test]
    fn ok_every_finding_has_its_texts_in_both_languages() {
        for code in Code::ALL {
            let texts = findings().get(code.name()).unwrap_or_else(|| panic!("{}", code.name()));
            for english in [&texts.en, &texts.do_en] {
                assert!(!english.is_empty(), "{}", code.name());
            }
            for chinese in [&texts.zh, &texts.do_zh] {
                assert!(is_chinese(chinese), "{}: {chinese}", code.name());
            }
        }
        assert_eq!(findings().len(), Code::ALL.len(), "no text without its finding");
    }

    #[test]
    fn ok_messages_are_said_with_what_is_in_them() {
        let say = |english: &str| Lang::Zh.say(english).into_owned();
        assert_eq!(
            say("row 规章 (`regulations`) is not in table `proactive`"),
            "表 `proactive` 中没有“规章”（`regulations`）这一行"
        );
        assert_eq!(
            say("this is a picture, which this version does not read"),
            "这是图片，本版本不能读取"
        );
        assert_eq!(
            say("the report itself is not here, only 2 linked documents, 1 picture (source.links)"),
            "年报本身不在这里，只有2 个链接的文件、1 张图片（见 `source.links`）"
        );
        assert_eq!(Lang::En.say("a picture"), "a picture");
    }

    #[test]
    fn ok_values_stand_where_the_language_wants_them() {
        let values = ["a".to_owned(), "b".to_owned()];
        assert_eq!(filled("{2}, {1}", &values), "b, a");
        assert_eq!(filled("{} {} {x} {", &values), "a b {x} {");
    }

    #[test]
    fn ok_the_first_of_the_variables_that_is_set_counts() {
        let of = |set: &[(&str, &str)]| {
            let set: Vec<(String, String)> =
                set.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
            Lang::of_locale(|name| set.iter().find(|(k, _)| k == name).map(|(_, v)| v.clone()))
        };
        assert_eq!(of(&[("LANG", "zh_CN.UTF-8")]), Lang::Zh);
        assert_eq!(of(&[("LC_ALL", "C"), ("LANG", "zh_CN.UTF-8")]), Lang::En);
        assert_eq!(of(&[("LC_ALL", ""), ("LC_MESSAGES", "zh_TW")]), Lang::Zh);
        assert_eq!(of(&[]), Lang::En);
    }

    /// Every sentence that is said through this module is in the tables.
    #[test]
    fn ok_what_is_said_is_in_the_tables() {
        let mut sources = Vec::new();
        let mut open = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
        while let Some(path) = open.pop() {
            if path.is_dir() {
                open.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            } else if path
                .extension()
                .is_some_and(|end| end == "rs" || end == "js" || end == "html")
                && !path.ends_with("lang/mod.rs")
            {
                sources.push((path.clone(), std::fs::read_to_string(&path).unwrap()));
            }
        }
        let mut count = 0;
        for (path, source) in &sources {
            let source: String = source.split_whitespace().collect::<Vec<_>>().join(" ");
            let rust = ["lang.say(\"", "lang.say( \"", "lang.fill(\"", "lang.fill( \"", "t(\""];
            let said = rust.iter().flat_map(|opening| said_in(&source, opening));
            let shown = source.split("[[").skip(1).filter_map(|part| part.split_once("]]"));
            let is_page = path.extension().is_some_and(|end| end == "html");
            let shown = shown.map(|(text, _)| text.to_owned()).filter(|_| is_page);
            for english in said.chain(shown) {
                let known =
                    table().exact.contains_key(&english) || table().say(&english, 0).is_some();
                assert!(known, "{}: {english}", path.display());
                count += 1;
            }
        }
        assert!(count > 100, "{count}");
    }
}
