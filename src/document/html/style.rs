//! What a tag and its attributes mean for reading: blocks, tables, links, and what the page does not show.

use super::names::{Name, short};
use super::tokens;
use memchr::memmem::Finder;
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
    /// A picture with content of its own that is no text of the page.
    Drawing,
    Frame,
    Title,
    Meta,
    /// A mark above or below the line, such as that of a note.
    Raised,
    /// A part of a formula that is no number.
    Formula,
    /// A field to fill in.
    Input,
    /// Something to press; its text is shown.
    Button,
    /// A field with lines to fill in; its text is what was filled in.
    Area,
    /// A list of which one is chosen.
    Select,
    /// One of them.
    Option,
    /// What a script may show.
    Script,
    /// Styles, controls, what is struck out, and how to pronounce it: no text of the page.
    Skipped,
}

impl Tag {
    /// Of the first ten bytes of an element's name, in lower case and filled up with zeros.
    pub(super) fn of(name: &[u8]) -> Self {
        let length = name.iter().position(|b| *b == 0).unwrap_or(name.len());
        match &name[..length] {
            b"p" | b"li" | b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" | b"dt" | b"dd"
            | b"hr" | b"address" | b"blockquote" | b"caption" | b"center" | b"dl" | b"fieldset"
            | b"figcaption" | b"figure" | b"legend" | b"ol" | b"ul" | b"summary" | b"details"
            | b"header" | b"hgroup" => Self::Block,
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
            b"script" | b"noscript" | b"template" => Self::Script,
            b"style" | b"datalist" | b"noembed" | b"noframes" | b"annotation" | b"progress"
            | b"meter" | b"audio" | b"del" | b"s" | b"strike" | b"rt" | b"rp" => Self::Skipped,
            b"svg" | b"video" | b"canvas" => Self::Drawing,
            b"button" => Self::Button,
            b"mfrac" | b"mover" | b"mroot" | b"msqrt" | b"msub" | b"msubsup" | b"msup"
            | b"munder" => Self::Formula,
            b"select" => Self::Select,
            b"option" => Self::Option,
            b"sup" | b"sub" => Self::Raised,
            b"input" => Self::Input,
            b"textarea" => Self::Area,
            b"area" | b"base" | b"col" | b"link" | b"param" | b"source" | b"track" | b"wbr" => {
                Self::Void
            }
            _ => Self::Inline,
        }
    }

    /// Whether its text is passed over, and how it would look never matters.
    pub(super) const fn is_skipped(self) -> bool {
        matches!(self, Self::Skipped | Self::Script | Self::Drawing)
    }

    /// Whether it has an end tag and content that is shown.
    pub(super) const fn has_content(self) -> bool {
        !matches!(
            self,
            Self::Void | Self::Input | Self::Br | Self::Picture | Self::Meta | Self::Title
        ) && !self.is_skipped()
    }

    /// Whether it shows a picture.
    const fn is_picture(self) -> bool {
        matches!(self, Self::Picture | Self::Drawing | Self::Frame)
    }
}

/// What the attributes of a start tag say.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts about one tag")]
pub(super) struct Attributes {
    columns: u32,
    rows: u32,
    /// Whether its class or id says that it is navigation.
    pub(super) furniture: bool,
    /// Where it leads.
    pub(super) url: String,
    /// The text in place of a picture.
    pub(super) alt: String,
    /// The page in a frame, written into it.
    pub(super) page: String,
    /// What narrow screens show before the text of a cell: the label of its column.
    pub(super) label: String,
    /// Whether an option is the one that was chosen.
    pub(super) selected: bool,
    /// Whether a picture is shown, and not only there to keep a distance or to count readers.
    pub(super) pictured: bool,
    /// Whether it is not there until a script opens it.
    pub(super) closed: bool,
    /// Whether it is folded behind its summary.
    pub(super) folded: bool,
    /// Whether its letters are shown from right to left.
    pub(super) reversed: bool,
    /// Whether a list shows more than the one that is chosen.
    pub(super) listed: bool,
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

/// Of the attributes of cells, those that matter.
static OF_CELLS: LazyLock<[Finder<'static>; 3]> =
    LazyLock::new(|| ["span", "SPAN", "data-"].map(Finder::new));

/// Pictures of so many pixels keep a distance.
const DOT: u32 = 2;
/// The widest and highest spans of HTML.
const MOST_COLUMNS: u32 = 1000;
const MOST_ROWS: u32 = 65_534;

impl Attributes {
    /// Reads those that matter for an element.
    pub(super) fn read(&mut self, (tag, name): (Tag, Name), attributes: &str) {
        let has = |known: &str| {
            tokens::attributes(attributes).find(|(name, _)| name.eq_ignore_ascii_case(known))
        };
        let is = |known: &str| name == short(known);
        self.closed = is("dialog") && has("open").is_none();
        self.folded = is("details") && has("open").is_none();
        self.reversed = is("bdo") && has("dir").is_some_and(|(_, dir)| dir == "rtl");
        (self.columns, self.rows) = (1, 1);
        (self.furniture, self.selected, self.pictured) = (false, false, tag.is_picture());
        self.listed = false;
        (self.is_article_title, self.is_control) = (false, false);
        for text in
            [&mut self.url, &mut self.alt, &mut self.page, &mut self.label, &mut self.content]
        {
            text.clear();
        }
        let matters = match tag {
            // most cells of a page from Word have a style and no span
            Tag::Cell => OF_CELLS.iter().any(|word| word.find(attributes.as_bytes()).is_some()),
            Tag::Division
            | Tag::Container
            | Tag::Navigation
            | Tag::Link
            | Tag::Picture
            | Tag::Drawing
            | Tag::Frame
            | Tag::Meta
            | Tag::Input
            | Tag::Select
            | Tag::Option => true,
            _ => false,
        };
        if !matters {
            return;
        }
        for (name, value) in tokens::attributes(attributes) {
            self.one(tag, &name.to_ascii_lowercase(), &value);
        }
    }

    fn one(&mut self, tag: Tag, name: &str, text: &str) {
        let value = text.as_bytes();
        match name {
            "colspan" => self.columns = number(value).clamp(1, MOST_COLUMNS),
            // no rows means: to the end of the table
            "rowspan" => {
                self.rows =
                    if number(value) == 0 { MOST_ROWS } else { number(value).min(MOST_ROWS) }
            }
            "class" | "id" | "role" => {
                let mut words = value.split(u8::is_ascii_whitespace);
                self.furniture |=
                    words.any(|word| FURNITURE.iter().any(|name| word.eq_ignore_ascii_case(name)));
            }
            // the picture itself
            "src" if cfg!(feature = "ocr") && value.starts_with(b"data:image/") => {
                self.url.clear();
                self.url.push_str(text);
            }
            "href" | "src" | "data" => append(&mut self.url, value),
            "srcdoc" => self.page.push_str(text),
            "alt" => append(&mut self.alt, value),
            "data-label" | "data-title" | "data-th" if tag == Tag::Cell => {
                self.label.clear();
                append(&mut self.label, value.trim_ascii());
            }
            "selected" => self.selected = true,
            "multiple" => self.listed = true,
            "size" if tag == Tag::Select => self.listed |= number(value) > 1,
            "label" if tag == Tag::Option => append(&mut self.label, value.trim_ascii()),
            "placeholder" if tag == Tag::Input => self.pictured = true,
            "width" | "height" if value.first().is_some_and(u8::is_ascii_digit) => {
                self.pictured &= number(value) > DOT;
            }
            "name" => self.is_article_title = value.eq_ignore_ascii_case(b"ArticleTitle"),
            "content" | "value" => append(&mut self.content, value),
            "type" if tag == Tag::Input => {
                let is = |kinds: &[&str]| kinds.iter().any(|kind| text.eq_ignore_ascii_case(kind));
                // what they show is no text
                let drawn = is(&["checkbox", "color", "image", "password", "radio", "range"]);
                self.is_control = drawn || is(&["file", "hidden"]);
                self.pictured |= drawn;
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
            attributes.read((Tag::Cell, short("td")), &format!(" colspan='{value}'"));
            assert_eq!(attributes.spans(), (columns, 1), "{value}");
        }
    }
}
