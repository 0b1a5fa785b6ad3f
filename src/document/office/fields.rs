//! Fields: an instruction, which is not shown, and its result, which is. Word's formats and RTF share them.

use super::flow::Flow;

/// Fields inside fields that are followed.
const MOST_NESTED: usize = 100;
/// Longest instruction that is kept, in bytes.
const MOST_INSTRUCTION: usize = 8192;

#[derive(Debug, Default)]
struct Field {
    instruction: String,
    /// Where its result begins in the line, once it has begun.
    result: Option<usize>,
    /// Of a list to choose from, what can be chosen, and the number of what was.
    choices: Vec<String>,
    chosen: Option<usize>,
    chosen_first: Option<usize>,
}

/// Fields that show something, also where the file does not say what.
const SHOWING: [&str; 12] = [
    "=",
    "EQ",
    "FORMCHECKBOX",
    "FORMDROPDOWN",
    "SEQ",
    "REF",
    "MERGEFIELD",
    "LINK",
    "INCLUDETEXT",
    "DOCPROPERTY",
    "DOCVARIABLE",
    "QUOTE",
];
/// Choices of a list that are kept; Word allows 25.
const MOST_CHOICES: usize = 1000;

/// The fields that the text stands in, innermost last.
#[derive(Debug, Default)]
pub(super) struct Fields {
    open: Vec<Field>,
    below: usize,
}

impl Fields {
    /// Whether text is shown here: not in the instruction of any field.
    pub(super) fn is_shown(&self) -> bool {
        self.open.iter().all(|field| field.result.is_some())
    }

    /// A field begins with its instruction.
    pub(super) fn begin(&mut self) {
        if self.open.len() == MOST_NESTED {
            self.below += 1;
        } else {
            self.open.push(Field::default());
        }
    }

    /// Text of an instruction.
    pub(super) fn instruct(&mut self, text: &str) {
        if let Some(field) = self.open.last_mut().filter(|f| f.result.is_none())
            && field.instruction.len() < MOST_INSTRUCTION
        {
            field.instruction.push_str(text);
        }
    }

    /// One more thing that can be chosen in the list of a form.
    pub(super) fn choice(&mut self, text: String) {
        if let Some(field) = self.open.last_mut().filter(|f| f.choices.len() < MOST_CHOICES) {
            field.choices.push(text);
        }
    }

    /// The number of what is chosen, or of what is as long as nothing is.
    pub(super) fn choose(&mut self, number: usize, is_default: bool) {
        if let Some(field) = self.open.last_mut() {
            let chosen = if is_default { &mut field.chosen_first } else { &mut field.chosen };
            *chosen = Some(number);
        }
    }

    /// The result begins.
    pub(super) fn separate(&mut self, at: usize) {
        if let (0, Some(field)) = (self.below, self.open.last_mut()) {
            field.result = Some(at);
        }
    }

    /// The field ends; a link is kept.
    pub(super) fn end(&mut self, flow: &mut Flow) {
        if self.below > 0 {
            self.below -= 1;
            return;
        }
        let Some(field) = self.open.pop() else { return };
        if !self.is_shown() {
            return;
        }
        let instruction = field.instruction.trim();
        let is_empty = |at: usize| flow.line().get(at..).is_none_or(|t| t.trim().is_empty());
        if field.result.is_none_or(is_empty) {
            let chosen = field.chosen.or(field.chosen_first).unwrap_or(0);
            if let Some(choice) = field.choices.get(chosen) {
                flow.push(choice);
            } else if flow.depth() > 0 && SHOWING.iter().any(|name| starts_with(instruction, name))
            {
                // the result is computed when the page is shown
                flow.push(&format!("{{{instruction}}}"));
            }
        }
        if let (Some(url), Some(begin)) = (hyperlink(instruction), field.result) {
            flow.link(url, begin);
        }
    }
}

fn starts_with(instruction: &str, name: &str) -> bool {
    let rest = instruction.get(..name.len()).filter(|start| start.eq_ignore_ascii_case(name));
    rest.is_some() && (name == "=" || !instruction[name.len()..].starts_with(char::is_alphanumeric))
}

/// The target in `HYPERLINK "https://…" \o "…"`; places inside the document (`\l`) are no links.
fn hyperlink(instruction: &str) -> Option<&str> {
    let rest = instruction.trim().strip_prefix("HYPERLINK")?.trim_start();
    let url = match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next()?,
        None => rest.split_whitespace().next()?,
    };
    (!url.is_empty() && !url.starts_with('\\')).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_hyperlinks() {
        assert_eq!(
            hyperlink(r#" HYPERLINK "http://a.cn/附件 1.doc" \o "x""#),
            Some("http://a.cn/附件 1.doc")
        );
        assert_eq!(hyperlink("HYPERLINK http://a.cn"), Some("http://a.cn"));
        assert_eq!(hyperlink(r#"HYPERLINK \l "_Toc1""#), None);
        assert_eq!(hyperlink("PAGE"), None);
    }
}
