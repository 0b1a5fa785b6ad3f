//! What a tag and its attributes mean for reading: blocks, tables, links, and what the page does not show.

use super::tokens;
use crate::span::Span;
use memchr::memmem;
use std::sync::LazyLock;

/// What an element is to a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    /// A part of a line, or an element nobody knows.
    Inline,
    /// An element without content that is no part of the text.
    Void,
    /// A line end.
    Br,
    /// A line or paragraph of its own.
    Block,
    /// `div`, which may hold the main text.
    Division,
    /// Another block that may hold the main text.
    Container,
    /// A block that is navigation by its name.
    Navigation,
    /// Text whose line ends count.
    Preformatted,
    Table,
    RowGroup,
    Row,
    Cell,
    Link,
    Picture,
    Frame,
    Title,
    Meta,
    /// A mark above or below the line, such as that of a note.
    Raised,
    /// A field to fill in.
    Input,
    /// A field with lines to fill in; its text is what was filled in.
    Area,
    /// Scripts, styles, controls, what is struck out, and how to pronounce it: no text of the page.
    Skipped,
}

impl Tag {
    /// Of the first ten bytes of an element's name, in lower case and filled up with zeros.
    pub(super) fn of(name: &[u8]) -> Self {
        let length = name.iter().position(|b| *b == 0).unwrap_or(name.len());
        match &name[..length] {
            b"p" | b"li" | b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" | b"dt" | b"dd"
            | b"hr" | b"address" | b"blockquote" | b"caption" | b"center" | b"dl" | b"fieldset"
            | b"figcaption" | b"figure" | b"legend" | b"ol" | b"ul" | b"option" | b"summary"
            | b"details" | b"header" | b"hgroup" => Self::Block,
            b"br" => Self::Br,
            b"div" => Self::Division,
            b"article" | b"body" | b"form" | b"html" | b"main" | b"section" => Self::Container,
            b"aside" | b"footer" | b"menu" | b"nav" => Self::Navigation,
            b"pre" | b"listing" | b"xmp" | b"plaintext" => Self::Preformatted,
            b"table" => Self::Table,
            b"thead" | b"tbody" | b"tfoot" => Self::RowGroup,
            b"tr" => Self::Row,
            b"td" | b"th" => Self::Cell,
            b"a" => Self::Link,
            b"img" => Self::Picture,
            b"iframe" | b"embed" | b"object" | b"frame" => Self::Frame,
            b"title" => Self::Title,
            b"meta" => Self::Meta,
            b"script" | b"style" | b"noscript" | b"template" | b"select" | b"datalist"
            | b"button" | b"svg" | b"audio" | b"video" | b"canvas" | b"del" | b"s" | b"strike"
            | b"rt" | b"rp" => Self::Skipped,
            b"sup" | b"sub" => Self::Raised,
            b"input" => Self::Input,
            b"textarea" => Self::Area,
            b"area" | b"base" | b"col" | b"link" | b"param" | b"source" | b"track" | b"wbr" => {
                Self::Void
            }
            _ => Self::Inline,
        }
    }

    /// Whether it has content, so that hiding it hides something.
    pub(super) const fn has_content(self) -> bool {
        !matches!(
            self,
            Self::Void
                | Self::Input
                | Self::Br
                | Self::Picture
                | Self::Meta
                | Self::Title
                | Self::Skipped
        )
    }
}

/// What the attributes of a start tag say.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts about one tag")]
pub(super) struct Attributes {
    columns: u32,
    rows: u32,
    /// Whether the page does not show the element.
    pub(super) hidden: bool,
    /// Whether the element takes its place and shows nothing there, or shows it struck out.
    pub(super) unseen: bool,
    /// Whether its class or id says that it is navigation.
    pub(super) furniture: bool,
    /// Where it leads.
    pub(super) url: String,
    /// The text in place of a picture.
    pub(super) alt: String,
    is_article_title: bool,
    is_control: bool,
    content: String,
}

/// Names of classes and ids that say a block is navigation, in the words that pages of all makers share.
const FURNITURE: &[&[u8]] = &[
    b"breadcrumb",
    b"breadcrumbs",
    b"crumb",
    b"crumbs",
    b"footer",
    b"foot",
    b"nav",
    b"navbar",
    b"navigation",
    b"menu",
    b"share",
    b"bdsharebuttonbox",
    b"sidebar",
    b"position",
    b"dqwz",
    b"copyright",
];

/// The widest and highest spans of HTML.
const MOST_COLUMNS: u32 = 1000;
const MOST_ROWS: u32 = 65_534;

impl Attributes {
    /// Reads those that matter for an element; `hides` is whether they may hide it.
    pub(super) fn read(&mut self, tag: Tag, attributes: &str, hides: bool) {
        (self.columns, self.rows) = (1, 1);
        (self.hidden, self.unseen, self.furniture) = (false, false, false);
        (self.is_article_title, self.is_control) = (false, false);
        self.url.clear();
        self.alt.clear();
        self.content.clear();
        let find = &*FINDERS;
        let has = |finder: &memmem::Finder<'_>| finder.find(attributes.as_bytes()).is_some();
        let matters = match tag {
            // most cells of a page from Word have a style and no span
            Tag::Cell => has(&find.span) || has(&find.span_upper) || hides,
            Tag::Division
            | Tag::Container
            | Tag::Navigation
            | Tag::Link
            | Tag::Picture
            | Tag::Frame
            | Tag::Meta
            | Tag::Input => true,
            Tag::Void | Tag::Br | Tag::Title | Tag::Skipped => false,
            _ => hides,
        };
        if !matters {
            return;
        }
        for (name, value) in tokens::attributes(attributes) {
            self.one(&name.to_ascii_lowercase(), value.as_bytes());
        }
    }

    fn one(&mut self, name: &str, value: &[u8]) {
        match name {
            "colspan" => self.columns = number(value).clamp(1, MOST_COLUMNS),
            // no rows means: to the end of the table
            "rowspan" => {
                self.rows =
                    if number(value) == 0 { MOST_ROWS } else { number(value).min(MOST_ROWS) }
            }
            "style" => {
                self.hidden |= hides(value);
                self.unseen |= unseen(value);
            }
            "hidden" => self.hidden = true,
            "class" | "id" | "role" => {
                let mut words = value.split(u8::is_ascii_whitespace);
                self.furniture |=
                    words.any(|word| FURNITURE.iter().any(|name| word.eq_ignore_ascii_case(name)));
            }
            "href" | "src" | "data" => append(&mut self.url, value),
            "alt" => append(&mut self.alt, value),
            "name" => self.is_article_title = value.eq_ignore_ascii_case(b"ArticleTitle"),
            "content" | "value" => append(&mut self.content, value),
            "type" => {
                self.is_control =
                    !value.eq_ignore_ascii_case(b"text") && !value.eq_ignore_ascii_case(b"number");
            }
            _ => {}
        }
    }

    /// The columns and rows that a cell covers.
    pub(super) const fn spans(&self) -> (u32, u32) {
        (self.columns, self.rows)
    }

    /// The title of the article that a `meta` element states, as Chinese government sites must.
    pub(super) fn article_title(&self) -> Option<&str> {
        (self.is_article_title && !self.content.trim().is_empty()).then(|| self.content.trim())
    }
}

impl Attributes {
    /// What is filled into a field that shows it.
    pub(super) fn filled_in(&self) -> Option<&str> {
        (!self.is_control && !self.content.is_empty()).then_some(&self.content)
    }
}

/// The number that a value begins with; 1 when there is none.
fn number(value: &[u8]) -> u32 {
    let digits = value.trim_ascii_start();
    let digits = &digits[..digits.iter().take_while(|b| b.is_ascii_digit()).count()];
    if digits.is_empty() {
        return 1;
    }
    digits
        .iter()
        .fold(0u32, |sum, digit| sum.saturating_mul(10).saturating_add(u32::from(digit - b'0')))
}

/// Whether a style hides its element: `display: none`, or Word's `mso-hide: all`.
fn hides(style: &[u8]) -> bool {
    declarations(style).any(|(property, value)| match &property[..] {
        b"display" => value.starts_with(b"none"),
        b"mso-hide" => value.starts_with(b"all"),
        _ => false,
    })
}

/// Whether a style shows nothing where its element is, or strikes it out.
fn unseen(style: &[u8]) -> bool {
    declarations(style).any(|(property, value)| match &property[..] {
        b"visibility" => value.starts_with(b"hidden") || value.starts_with(b"collapse"),
        b"text-decoration" | b"text-decoration-line" => {
            memmem::find(&value, b"line-through").is_some()
        }
        _ => false,
    })
}

/// The properties of a style and their values, in lower case and without blanks around them.
fn declarations(style: &[u8]) -> impl Iterator<Item = (Vec<u8>, Vec<u8>)> + '_ {
    style.split(|b| *b == b';').filter_map(|declaration| {
        let colon = memchr::memchr(b':', declaration)?;
        let part = |part: &[u8]| part.trim_ascii().to_ascii_lowercase();
        Some((part(&declaration[..colon]), part(&declaration[colon + 1..])))
    })
}

/// Looked for in every tag.
struct Finders {
    span: memmem::Finder<'static>,
    span_upper: memmem::Finder<'static>,
    none: memmem::Finder<'static>,
    hidden: memmem::Finder<'static>,
    word: memmem::Finder<'static>,
    through: memmem::Finder<'static>,
    visibility: memmem::Finder<'static>,
}

static FINDERS: LazyLock<Finders> = LazyLock::new(|| Finders {
    span: memmem::Finder::new("span"),
    span_upper: memmem::Finder::new("SPAN"),
    none: memmem::Finder::new("none"),
    hidden: memmem::Finder::new("hidden"),
    word: memmem::Finder::new("mso-hide"),
    through: memmem::Finder::new("line-through"),
    visibility: memmem::Finder::new("visibility"),
});

/// Where in a page something may be hidden; on most pages nowhere, and then no style need be read.
#[derive(Clone, Debug, Default)]
pub(super) struct Hiding {
    /// Places of `display: none`, `<p hidden>`, `mso-hide`, `line-through` and `visibility`, in order.
    places: Vec<u32>,
    /// How many of them stand before the tag that was asked for last.
    passed: usize,
}

impl Hiding {
    pub(super) fn of(page: &str) -> Self {
        let (find, page) = (&*FINDERS, page.as_bytes());
        let is_style = |at: &usize| page[..*at].trim_ascii_end().ends_with(b":");
        let is_attribute = |at: &usize| {
            let after = page.get(at + b"hidden".len());
            page[..*at].last().is_some_and(u8::is_ascii_whitespace)
                && after.is_some_and(|b| b.is_ascii_whitespace() || matches!(b, b'>' | b'=' | b'/'))
        };
        let mut places: Vec<u32> =
            find.none.find_iter(page).filter(is_style).map(|at| at as u32).collect();
        places.extend(find.hidden.find_iter(page).filter(is_attribute).map(|at| at as u32));
        for finder in [&find.word, &find.through, &find.visibility] {
            places.extend(finder.find_iter(page).map(|at| at as u32));
        }
        places.sort_unstable();
        Self { places, passed: 0 }
    }

    /// Whether a tag may hide its element; nearly always the tags are asked for in order.
    pub(super) fn may(&mut self, tag: Span) -> bool {
        if self.passed.checked_sub(1).is_some_and(|last| self.places[last] >= tag.start) {
            self.passed = 0;
        }
        while self.places.get(self.passed).is_some_and(|place| *place < tag.start) {
            self.passed += 1;
        }
        self.places.get(self.passed).is_some_and(|place| *place < tag.end)
    }
}

fn append(text: &mut String, value: &[u8]) {
    const LONGEST: usize = 2000;
    let left = LONGEST.saturating_sub(text.len()).min(value.len());
    text.push_str(&String::from_utf8_lossy(&value[..left]));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_spans_are_bounded() {
        for (value, columns) in
            [("3", 3), (" 2px", 2), ("2147483647", 1000), ("99999999999", 1000), ("0", 1), ("x", 1)]
        {
            let mut attributes = Attributes::default();
            attributes.read(Tag::Cell, &format!(" colspan='{value}'"), false);
            assert_eq!(attributes.spans(), (columns, 1), "{value}");
        }
    }

    #[test]
    fn ok_styles_that_hide() {
        for (style, hidden) in [
            ("display:none", true),
            ("color:red; display : none", true),
            ("mso-hide:all", true),
            ("display:inline-block", false),
            ("text-decoration:none", false),
            ("mso-display-x:none", false),
        ] {
            assert_eq!(hides(style.as_bytes()), hidden, "{style}");
        }
    }

    #[test]
    fn ok_styles_that_show_nothing() {
        for (style, nothing) in [
            ("visibility: hidden", true),
            ("color:red;text-decoration:underline line-through", true),
            ("TEXT-DECORATION: line-through", true),
            ("visibility:visible;text-decoration:underline", false),
        ] {
            assert_eq!(unseen(style.as_bytes()), nothing, "{style}");
        }
    }
}
