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
}

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
        let Some(Field { instruction, result: Some(begin) }) = self.open.pop() else { return };
        if let Some(url) = hyperlink(&instruction) {
            flow.link(url, begin);
        }
    }
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
