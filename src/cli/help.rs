//! The command line in the language of its user: help, and what is wrong with what was typed.
//!
//! The command is built in English; for Chinese its texts are put in place of these, and what clap itself says is
//! replaced in what it renders.

use super::args::Cli;
use crate::lang::Lang;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, CommandFactory};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::sync::OnceLock;

const TEXTS: &str = include_str!("help.toml");

/// The help in Chinese.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Texts {
    about: BTreeMap<String, String>,
    after: BTreeMap<String, String>,
    args: BTreeMap<String, String>,
    fixed: BTreeMap<String, String>,
    names: BTreeMap<String, String>,
}

fn texts() -> &'static Texts {
    static TABLE: OnceLock<Texts> = OnceLock::new();
    TABLE.get_or_init(|| toml::from_str(TEXTS).expect("the tests read it"))
}

/// The language that these words ask for, or else the environment: needed before they are understood.
pub(super) fn lang_of(words: &[OsString]) -> Lang {
    let mut words = words.iter().skip(1).filter_map(|word| word.to_str());
    let mut asked = None;
    while let Some(word) = words.next().filter(|_| asked.is_none()) {
        match word.strip_prefix("--lang") {
            Some("") => asked = words.next(),
            Some(rest) if rest.starts_with('=') => asked = Some(&rest[1..]),
            _ if word == "--" => break,
            _ => {}
        }
    }
    // what is no language of the program is told in that of the environment
    match asked {
        Some("zh") => Lang::Zh,
        Some("en") => Lang::En,
        _ => Lang::of_locale(|name| std::env::var(name).ok()),
    }
}

/// The command with its texts in this language.
pub(super) fn command(lang: Lang) -> Command {
    match lang {
        Lang::En => Cli::command(),
        // Chinese has no blanks at which lines could be broken
        Lang::Zh => in_chinese(Cli::command().term_width(0), ""),
    }
}

fn in_chinese(command: Command, path: &str) -> Command {
    let texts = texts();
    let key = if path.is_empty() { "nianbao" } else { path };
    let mut command = match texts.about.get(key) {
        Some(about) => command.about(about).long_about(None::<&str>),
        None => command,
    };
    if let Some(after) = texts.after.get(key) {
        command = command.after_help(after);
    }
    let own = path.to_owned();
    let command = command.mut_args(move |arg| argument(arg, &own));
    let path = path.to_owned();
    command.mut_subcommands(move |command| {
        let name = command.get_name();
        let path = if path.is_empty() { name.to_owned() } else { format!("{path} {name}") };
        in_chinese(command, &path)
    })
}

fn argument(arg: Arg, path: &str) -> Arg {
    let texts = texts();
    let id = arg.get_id().as_str();
    let help =
        texts.args.get(&format!("{path}.{id}")).or_else(|| texts.args.get(&format!("*.{id}")));
    let names: Vec<String> = match arg.get_value_names() {
        Some(names) => names.iter().map(ToString::to_string).collect(),
        None => vec![id.to_uppercase()],
    };
    // a name that has no Chinese stays as it is
    let names: Option<Vec<&'static str>> =
        names.iter().map(|name| texts.names.get(name).map(String::as_str)).collect();
    let takes_value = arg.get_action().takes_values();
    let arg = match help {
        Some(help) => arg.help(help).long_help(None::<&str>),
        None => arg,
    };
    match names {
        Some(names) if takes_value => arg.value_names(names),
        _ => arg,
    }
}

/// What clap renders, with its own words in Chinese.
fn with_fixed(rendered: &str) -> String {
    let mut fixed: Vec<(&String, &String)> = texts().fixed.iter().collect();
    // `Print help (see more…)` before `Print help`
    fixed.sort_by_key(|(english, _)| std::cmp::Reverse(english.len()));
    let mut text = rendered.to_owned();
    for (english, chinese) in fixed {
        text = text.replace(english.as_str(), chinese);
    }
    text
}

/// Prints a help, a version, or what is wrong with what was typed.
pub(super) fn print(error: &clap::Error, lang: Lang) {
    if lang == Lang::En {
        let _ = error.print();
        return;
    }
    let is_colourful = |is_terminal: bool| is_terminal && std::env::var_os("NO_COLOR").is_none();
    if error.use_stderr() && error.kind() != ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        let _ = writeln!(std::io::stderr(), "{}", wrong(error));
        return;
    }
    let rendered = error.render();
    let write = |out: &mut dyn Write, colour: bool| {
        let text = if colour { rendered.ansi().to_string() } else { rendered.to_string() };
        let _ = write!(out, "{}", with_fixed(&text));
    };
    if error.use_stderr() {
        write(&mut std::io::stderr(), is_colourful(std::io::stderr().is_terminal()));
    } else {
        write(&mut std::io::stdout(), is_colourful(std::io::stdout().is_terminal()));
    }
}

/// What is wrong with what was typed, in Chinese.
fn wrong(error: &clap::Error) -> String {
    let of = |kind: ContextKind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join("、"),
        Some(value) => value.to_string(),
        None => String::new(),
    };
    let (arg, value) = (of(ContextKind::InvalidArg), of(ContextKind::InvalidValue));
    let mut text = match error.kind() {
        ErrorKind::UnknownArgument => format!("没有参数 {arg}"),
        ErrorKind::InvalidSubcommand => format!("没有命令 {}", of(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingRequiredArgument => format!("缺少参数：{arg}"),
        ErrorKind::MissingSubcommand => "缺少命令".to_owned(),
        ErrorKind::InvalidValue if value.is_empty() => format!("{arg} 缺少值"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => format!("{arg} 的值无效：{value}"),
        ErrorKind::ArgumentConflict => {
            format!("{arg} 不能与 {} 同用", of(ContextKind::PriorArg))
        }
        ErrorKind::TooManyValues | ErrorKind::WrongNumberOfValues | ErrorKind::TooFewValues => {
            format!("{arg} 的值的个数不对")
        }
        _ => with_fixed(error.to_string().trim_end()),
    };
    let valid = of(ContextKind::ValidValue);
    if !valid.is_empty() {
        text = format!("{text}\n  可选值：{valid}");
    }
    for kind in
        [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue]
    {
        if error.get(kind).is_some() {
            text = format!("{text}\n  是否想用：{}", of(kind));
        }
    }
    format!("nianbao：{text}\n\n详见 --help")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All commands with their paths.
    fn all(command: &Command, path: &str, found: &mut Vec<(String, Command)>) {
        let key = if path.is_empty() { "nianbao" } else { path };
        found.push((key.to_owned(), command.clone()));
        for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
            let below = if path.is_empty() {
                sub.get_name().to_owned()
            } else {
                format!("{path} {}", sub.get_name())
            };
            all(sub, &below, found);
        }
    }

    #[test]
    fn ok_every_command_and_argument_has_its_chinese() {
        let mut commands = Vec::new();
        all(&Cli::command(), "", &mut commands);
        let (mut about, mut after, mut args) = (Vec::new(), Vec::new(), Vec::new());
        for (path, command) in &commands {
            about.push(path.clone());
            if command.get_after_help().is_some() {
                after.push(path.clone());
            }
            for arg in command.get_arguments().map(|arg| arg.get_id().as_str()) {
                if arg == "help" || arg == "version" {
                    continue;
                }
                let own = format!("{path}.{arg}");
                args.push(if texts().args.contains_key(&own) { own } else { format!("*.{arg}") });
            }
        }
        let known = |table: &BTreeMap<String, String>| table.keys().cloned().collect::<Vec<_>>();
        let sorted = |mut keys: Vec<String>| {
            keys.sort();
            keys.dedup();
            // only a program with the feature `ocr` has these
            keys.retain(|key| !key.contains("ocr") && !key.starts_with("models"));
            keys
        };
        assert_eq!(sorted(about), sorted(known(&texts().about)));
        assert_eq!(sorted(after), sorted(known(&texts().after)));
        assert_eq!(sorted(args), sorted(known(&texts().args)));
    }

    /// What is left of a line when what is a name in any language is taken out of it.
    fn words(line: &str) -> Vec<String> {
        const NAMES: &str = "nianbao JSON Schema CSV Excel UTF SHA Ctrl LC_ALL LC_MESSAGES LANG Parquet zip tar gz zst bz xz warc man \
                             pip sha cell value was by date note Arrow IPC Stata";
        let mut kept = String::new();
        for (nth, part) in line.split('`').enumerate() {
            kept.push_str(if nth % 2 == 0 { part } else { " " });
        }
        let is_own = |c: char| c.is_ascii_alphanumeric() || "-_.*/".contains(c);
        kept.split(|c: char| !is_own(c))
            .filter(|word| !word.starts_with('-') && !word.contains(['.', '/', '*']))
            .flat_map(|word| word.split(|c: char| !c.is_ascii_alphabetic() && c != '_'))
            .filter(|word| word.len() > 1 && !NAMES.split_whitespace().any(|name| name == *word))
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn ok_the_chinese_help_has_no_english_but_names() {
        let mut commands = Vec::new();
        let mut command = command(Lang::Zh);
        command.build();
        all(&command, "", &mut commands);
        for (path, mut command) in commands {
            for help in [command.render_help(), command.render_long_help()] {
                let help = with_fixed(&help.to_string());
                let mut is_example = false;
                for line in help.lines() {
                    is_example = line.starts_with("示例") || is_example && line.starts_with("  ");
                    // the names of commands and values stand first on their lines
                    let line = line.trim_start();
                    let line = match line.split_once("  ") {
                        Some((_, rest)) if !line.starts_with('-') => rest,
                        _ => line,
                    };
                    let line = line
                        .strip_prefix("- ")
                        .and_then(|l| l.split_once(':'))
                        .map_or(line, |l| l.1);
                    let at = line
                        .find(['['])
                        .filter(|_| line.contains("[可选值") || line.contains("[默认"));
                    let line = &line[..at.unwrap_or(line.len())];
                    let is_usage = line.starts_with("用法");
                    if is_example || is_usage || line.trim().chars().all(|c| c.is_ascii_lowercase())
                    {
                        continue;
                    }
                    assert!(words(line).is_empty(), "{path}: {line}: {:?}", words(line));
                }
            }
        }
    }

    #[test]
    fn ok_the_language_is_known_before_the_words_are() {
        let of = |words: &[&str]| lang_of(&words.iter().map(OsString::from).collect::<Vec<_>>());
        assert_eq!(of(&["nianbao", "--lang", "zh", "--help"]), Lang::Zh);
        assert_eq!(of(&["nianbao", "convert", "--lang=zh"]), Lang::Zh);
        assert_eq!(of(&["nianbao", "--lang=en", "--lang=zh"]), Lang::En);
    }
}
