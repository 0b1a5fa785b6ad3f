//! RTF, as Word, WPS and LibreOffice write it.

mod token;
mod words;

use super::Read;
use super::fields::Fields;
use super::flow::{Flow, MOST_NESTED, Merge, Place};
use super::look::{Look, Paint, Shown};
use super::symbols::Symbols;
use encoding_rs::{BIG5, EUC_KR, Encoding, GB18030, GBK, SHIFT_JIS, UTF_8, WINDOWS_1252};
use rustc_hash::FxHashMap;
use token::{Token, Tokens};

/// Groups in groups that are followed; deeper ones are damage.
const MOST_DEEP: usize = 10_000;
/// Edges of cells nearer than this are one, in twentieths of a point.
pub(super) const TOLERANCE: i32 = 20;

/// Reads a document.
pub(super) fn read(bytes: &[u8]) -> Read {
    let mut reader = Reader { flow: Flow::on_paper(TOLERANCE), ..Reader::default() };
    let mut is_cut = false;
    for token in Tokens::new(bytes) {
        if reader.groups.len() > MOST_DEEP {
            is_cut = true;
            break;
        }
        reader.token(token);
    }
    reader.flush();
    is_cut |= !reader.groups.is_empty();
    let encoding = reader.page.map(|page| if page == GB18030 { GBK.name() } else { page.name() });
    let mut blocks = reader.flow.finish();
    for note in &reader.notes {
        note.lines().for_each(|line| blocks.paragraph(line));
    }
    Read { blocks, is_cut, encoding }
}

/// Where text goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Target {
    /// Into the document.
    #[default]
    Text,
    /// Nowhere: settings, pictures, running heads.
    Nothing,
    /// Into the instruction of a field.
    Instruction,
    /// Into the automatic label of a paragraph.
    Label,
    /// Into a note.
    Note,
    /// Fonts and their character sets.
    Fonts,
    /// The table of colours.
    Colours,
    /// The styles.
    Styles,
    /// What is said of a form's field; its text is nowhere.
    Form,
    /// Something that can be chosen in a form's list.
    Choice,
}

/// What a group's end undoes.
#[derive(Clone, Copy, Debug)]
struct State {
    target: Target,
    /// Characters that stand for a `\u` where it is not understood.
    fallback: u32,
    is_deleted: bool,
    /// What is said of the text itself, and which styles it has.
    look: Look,
    character_style: Option<i32>,
    paragraph_style: Option<i32>,
    /// What is behind the paragraph.
    ground: Option<Paint>,
    font: i32,
    in_table: bool,
    table_level: u32,
}

impl Default for State {
    fn default() -> Self {
        Self {
            target: Target::Text,
            fallback: 1,
            is_deleted: false,
            look: Look::default(),
            character_style: None,
            paragraph_style: None,
            ground: None,
            font: -1,
            in_table: false,
            table_level: 0,
        }
    }
}

/// What else happens at the end of a group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum End {
    #[default]
    Nothing,
    Field,
    Label,
    Note,
    Box,
    Style,
    Choice,
}

/// A style, and the one it is based on.
#[derive(Clone, Copy, Debug, Default)]
struct Style {
    base: Option<i32>,
    look: Look,
}

/// Styles that build on one another which are followed.
const MOST_BASES: usize = 20;
/// Colours and styles that are kept.
const MOST_NAMED: usize = 10_000;

/// A font as far as it matters.
#[derive(Clone, Debug, Default)]
struct Font {
    charset: Option<i32>,
    name: String,
}

/// The cells of the row that is described.
#[derive(Debug, Default)]
struct Row {
    places: Vec<Place>,
    left: i32,
    merge: Merge,
    joins_left: bool,
    /// What is behind its cells, and behind the next one to be described.
    grounds: Vec<Paint>,
    ground: Option<Paint>,
    /// The cell that is being filled.
    cell: usize,
}

#[derive(Default)]
struct Reader {
    flow: Flow,
    state: State,
    groups: Vec<(State, End)>,
    end: End,
    /// `\*` was read: a word that is not known hides its group.
    is_optional: bool,
    /// Bytes of text whose characters are not known yet.
    bytes: Vec<u8>,
    /// The first half of a character outside the basic plane.
    half: Option<u16>,
    /// Characters to pass over after a `\u`.
    skip: u32,
    /// The code page of the document.
    page: Option<&'static Encoding>,
    fonts: FxHashMap<i32, Font>,
    default_font: i32,
    font: i32,
    fields: Fields,
    colours: Vec<Paint>,
    /// The colour that is described.
    colour: Option<[u8; 3]>,
    styles: FxHashMap<i32, Style>,
    /// The style that is described, and its number.
    style: (Option<i32>, Style),
    choice: String,
    label: String,
    note: String,
    notes: Vec<String>,
    row: Row,
    /// For each open text box, how many tables it stands in.
    boxes: Vec<usize>,
}

impl Reader {
    fn token(&mut self, token: Token<'_>) {
        match token {
            Token::Open => {
                self.flush();
                self.skip = 0;
                self.groups.push((self.state, std::mem::take(&mut self.end)));
                self.is_optional = false;
            }
            Token::Close => {
                self.flush();
                self.skip = 0;
                self.close();
            }
            Token::Byte(_) if self.skip > 0 => self.skip -= 1,
            Token::Byte(byte) => {
                self.half = None;
                self.bytes.push(byte);
            }
            Token::Sign(b'*') => self.is_optional = true,
            Token::Sign(sign) => {
                self.flush();
                match sign {
                    b'~' => self.text("\u{A0}"),
                    b'_' => self.text("-"),
                    _ => {}
                }
            }
            Token::Word("u", Some(code)) => {
                self.flush();
                self.unicode(code);
                self.skip = self.state.fallback;
            }
            Token::Word(word, number) => {
                self.flush();
                let is_optional = std::mem::take(&mut self.is_optional);
                self.word(word, number, is_optional);
            }
        }
    }

    fn close(&mut self) {
        let Some((state, outer)) = self.groups.pop() else { return };
        match std::mem::replace(&mut self.end, outer) {
            End::Nothing => {}
            End::Field => self.fields.end(&mut self.flow),
            End::Label => {
                let label = std::mem::take(&mut self.label);
                // bullets say nothing
                if label.chars().any(char::is_alphanumeric) {
                    self.state = state;
                    self.text(label.trim());
                }
            }
            End::Style => {
                if let (Some(number), style) = std::mem::take(&mut self.style)
                    && self.styles.len() < MOST_NAMED
                {
                    self.styles.insert(number, style);
                }
            }
            End::Choice => self.fields.choice(std::mem::take(&mut self.choice)),
            End::Note => self.notes.push(std::mem::take(&mut self.note)),
            End::Box => {
                let base = self.boxes.pop().unwrap_or(0);
                while self.flow.depth() > base {
                    self.flow.end_table();
                }
                self.flow.end_box();
            }
        }
        self.state = state;
    }

    /// A character by its number in UTF-16.
    fn unicode(&mut self, code: i32) {
        // numbers above 32767 are written as negative ones
        let Ok(unit) = u16::try_from(code.rem_euclid(0x1_0000)) else { return };
        match (self.half.take(), unit) {
            (_, 0xD800..=0xDBFF) => self.half = Some(unit),
            (Some(high), low) => {
                if let Some(Ok(c)) = char::decode_utf16([high, low]).next() {
                    self.text(c.encode_utf8(&mut [0; 4]));
                }
            }
            // signs of symbol fonts stand in the private area
            (None, 0xF000..=0xF0FF) => {
                let name = self.fonts.get(&self.state.font).map_or("", |font| &font.name);
                let sign = Symbols::of_font(name).sign(u32::from(unit));
                self.sign_or_unknown(sign);
            }
            (None, _) => {
                if let Some(c) = char::from_u32(u32::from(unit)).filter(|c| !c.is_control()) {
                    self.text(c.encode_utf8(&mut [0; 4]));
                }
            }
        }
    }

    /// Turns the bytes so far into text.
    fn flush(&mut self) {
        if self.bytes.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.bytes);
        if self.state.target == Target::Colours {
            for _ in bytes.iter().filter(|byte| **byte == b';') {
                // one that says nothing is chosen by the viewer
                let colour = self.colour.take().map_or(Paint::Auto, Paint::Colour);
                if self.colours.len() < MOST_NAMED {
                    self.colours.push(colour);
                }
            }
            return;
        }
        if self.state.target == Target::Fonts {
            let name = String::from_utf8_lossy(&bytes);
            let font = self.fonts.entry(self.font).or_default();
            font.name.push_str(name.trim_end_matches(';'));
            return;
        }
        let font = self.state.font;
        let font = if font < 0 { self.default_font } else { font };
        let font = self.fonts.get(&font);
        let charset = font.and_then(|font| font.charset).unwrap_or(0);
        if charset == 2 {
            let symbols = font.map_or(Symbols::Symbol, |font| Symbols::of_font(&font.name));
            for byte in bytes {
                self.sign_or_unknown(symbols.sign(u32::from(byte)));
            }
            return;
        }
        let encoding = of_charset(charset).or(self.page).unwrap_or(WINDOWS_1252);
        let (text, bad) = encoding.decode_without_bom_handling(&bytes);
        // western signs in a Chinese document, or Chinese in one that says it is western
        let other = if encoding == WINDOWS_1252 { GB18030 } else { WINDOWS_1252 };
        let text = match other.decode_without_bom_handling_and_without_replacement(&bytes) {
            Some(other) if bad => other,
            _ => text,
        };
        let symbols = font.map_or(Symbols::None, |font| Symbols::of_font(&font.name));
        self.text(&symbols.read(&text));
    }

    /// A sign of a symbol font.
    fn sign_or_unknown(&mut self, sign: Option<char>) {
        match sign {
            Some(c) => self.text(c.encode_utf8(&mut [0; 4])),
            None if self.state.target == Target::Text && self.fields.is_shown() => {
                self.follow(self.level());
                self.flow.push_unknown();
            }
            None => {}
        }
    }

    /// What a reader sees of text here.
    fn shown(&self) -> Shown {
        let of_style = |number: Option<i32>| {
            let style = |number: i32| self.styles.get(&number);
            let chain = std::iter::successors(number.and_then(style), |s| s.base.and_then(style));
            chain.take(MOST_BASES).fold(Look::default(), |look, base| look.over(base.look))
        };
        let state = &self.state;
        let styles = of_style(state.character_style).toggled_over(of_style(state.paragraph_style));
        let look = state.look.over(styles);
        let ground = look.ground.filter(|ground| *ground != Paint::Auto).or(state.ground);
        let paper = match self.level() {
            _ if !self.boxes.is_empty() => Paint::Unknown,
            0 => Paint::PAPER,
            1 => self.row.grounds.get(self.row.cell).copied().unwrap_or(Paint::PAPER),
            _ => Paint::Unknown,
        };
        Look { ground, ..look }.shown(paper)
    }

    /// Text for wherever text goes now.
    fn text(&mut self, text: &str) {
        if self.state.is_deleted || text.is_empty() {
            return;
        }
        let shown = self.shown();
        let is_read = matches!(shown, Shown::Plain | Shown::Raised);
        match self.state.target {
            Target::Text if self.fields.is_shown() => {
                self.follow(self.level());
                self.flow.push_shown(text, shown);
            }
            Target::Instruction => self.fields.instruct(text),
            Target::Label if is_read => self.label.push_str(text),
            Target::Note if is_read => self.note.push_str(text),
            Target::Choice => self.choice.push_str(text),
            _ => {}
        }
    }

    /// How many tables the paragraph stands in.
    fn level(&self) -> u32 {
        if self.state.in_table { self.state.table_level.max(1) } else { self.state.table_level }
    }

    /// Begins or ends tables until the text stands in as many as it should.
    fn follow(&mut self, level: u32) {
        let base = self.boxes.last().copied().unwrap_or(0);
        let depth = base + level.min(MOST_NESTED as u32) as usize;
        while self.flow.depth() > depth {
            self.flow.end_table();
        }
        while self.flow.depth() < depth {
            self.flow.begin_table();
        }
    }

    /// A destination: what its group holds goes there.
    fn go(&mut self, target: Target) {
        if self.state.target != Target::Nothing {
            self.state.target = target;
        }
    }
}

/// The encoding of a font's character set; none for western ones, where the document's code page says more.
fn of_charset(charset: i32) -> Option<&'static Encoding> {
    match charset {
        128 => Some(SHIFT_JIS),
        129 => Some(EUC_KR),
        134 => Some(GB18030),
        136 => Some(BIG5),
        _ => None,
    }
}

/// The encoding of a Windows code page.
fn of_page(page: i32) -> Option<&'static Encoding> {
    match page {
        932 => Some(SHIFT_JIS),
        936 | 54936 | 10008 => Some(GB18030),
        949 => Some(EUC_KR),
        950 => Some(BIG5),
        1252 => Some(WINDOWS_1252),
        65001 => Some(UTF_8),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::show;
    use super::*;

    fn text(rtf: &str) -> String {
        let read = read(format!("{{\\rtf1\\ansi\\ansicpg936{rtf}}}").as_bytes());
        assert!(!read.is_cut);
        show(&read.blocks)
    }

    fn text_of(rtf: &str) -> String {
        text(rtf)
    }

    /// Text as GBK escapes.
    fn gbk(text: &str) -> String {
        let escapes = GBK.encode(text).0.iter().map(|b| format!("\\'{b:02x}")).collect::<Vec<_>>();
        escapes.concat()
    }

    #[test]
    fn ok_characters() {
        assert_eq!(text(&gbk("年报")), "年报\n");
        // a second byte that is a letter stands as it is
        assert_eq!(text("\\'81@"), "丂\n");
        assert_eq!(text("\\uc2\\u25253\\'b1\\'a8\\uc1\\u-10179?\\u-8704?x"), "报\u{1F600}x\n");
        assert_eq!(text("\\uc0\\u25253 1\\~2\\_3\\'80"), "报1\u{A0}2-3€\n");
        let fonts =
            "{\\fonttbl{\\f0\\fcharset0 Arial;}{\\f1\\fcharset134 SimSun;}{\\f2\\fcharset136 X;}}";
        assert_eq!(text(&format!("{fonts}\\f1 {}\\f2 \\'a6\\'7e\\f0 a", gbk("年"))), "年年a\n");
    }

    #[test]
    fn ok_letters_of_symbol_fonts_are_no_digits() {
        let fonts = "{\\fonttbl{\\f0 Arial;}{\\f1 Wingdings;}{\\f2\\fcharset2 Symbol;}}";
        assert_eq!(text(&format!("{fonts}\\f1 1\\f0 2\\f2 3")), "\u{FFFD}23\n");
    }

    #[test]
    fn ok_what_is_not_text() {
        let rtf = "{\\stylesheet x}{\\info{\\title x}}{\\*\\generator x}{\\header x}{\\pict\\bin3 }}}ab}\
            {\\v x}{\\deleted x}1\\v x\\v0 2\\par{\\field{\\*\\fldinst HYPERLINK \"http://a.cn/1.doc\"}{\\fldrslt 3}}\
            4{\\footnote \\pard note}5\\par{\\listtext\\pard 1.\\tab}x{\\listtext\\'b7\\tab}\\par\
            {\\shp{\\*\\shpinst{\\sp{\\sn a}{\\sv b}}{\\shptxt\\pard box\\par}}{\\shprslt x}}6";
        let read = read(format!("{{\\rtf1{rtf}}}").as_bytes());
        assert_eq!(read.blocks.text, "12\n345\n1.x\nbox\n6\nnote\n");
        assert_eq!(read.blocks.links[0].url, "http://a.cn/1.doc");
        assert_eq!(read.blocks.links[0].text, "3");
    }

    #[test]
    fn ok_struck_and_raised_text() {
        assert_eq!(text("{\\strike 7}12{\\super 1}\\striked1 8\\striked0 x"), "121x\n");
        let rtf = "\\trowd\\cellx1000\\cellx2000 \\pard\\intbl 12{\\super 1}\\cell 3\\cell\\row\\pard\\par";
        assert!(text(rtf).contains("12[1]"), "{}", text(rtf));
    }

    #[test]
    fn ok_looks_of_styles_colours_and_grounds() {
        let head = "{\\colortbl;\\red255\\green255\\blue255;\\red0\\green0\\blue128;}\
            {\\stylesheet{\\s1\\v Hidden;}{\\*\\cs2\\additive\\super Note;}{\\*\\cs3\\additive\\sbasedon2 N;}}";
        let cell = |text: &str| {
            let row = |first: &str| {
                format!(
                    "\\trowd\\cellx1000{first}\\cellx2000 \\pard\\intbl a\\cell {text}\\cell\\row\\pard\\par"
                )
            };
            (
                text_of(&format!("{head}{}", row(""))),
                text_of(&format!("{head}{}", row("\\clcbpat2"))),
            )
        };
        let both =
            |text: &str| (format!("#1\n0,0 a\n0,1 {text}\n"), format!("#1\n0,0 a\n0,1 {text}\n"));
        assert_eq!(cell("12{\\cs3 1}"), both("12[1]"));
        assert_eq!(cell("{\\s1 9}12"), both("12"));
        assert_eq!(cell("{\\fs2 9}12"), both("12"));
        // white on paper, and on what is blue
        assert_eq!(cell("{\\cf1 9}12").0, both("12").0);
        assert_eq!(cell("{\\cf1 9}12").1, both("912").1);
        assert_eq!(cell("{\\cf2 9}12").1, both("12").1);
    }

    #[test]
    fn ok_lists_of_forms_and_pictures() {
        let list = "{\\field{\\*\\fldinst{FORMDROPDOWN{\\*\\formfield{\\fftype2\\ffres1{\\*\\ffl 3}{\\*\\ffl 12}}}}}{\\fldrslt}}";
        let row = |text: &str| {
            text_of(&format!(
                "\\trowd\\cellx1000\\cellx2000 \\pard\\intbl a\\cell {text}\\cell\\row\\pard\\par"
            ))
        };
        assert_eq!(row(list), "#1\n0,0 a\n0,1 12\n");
        assert_eq!(
            row("{\\*\\shppict{\\pict 00}}{\\nonshppict{\\pict 00}}"),
            "#1\n0,0 a\n0,1 \u{FFFC}\n"
        );
    }

    #[test]
    fn ok_merged_cells() {
        let rtf = "\\trowd\\trleft-10\\clvmgf\\cellx1000\\cellx2000\\cellx3000\
            \\pard\\intbl a\\cell b\\cell c\\par d\\cell\\row\
            \\trowd\\clvmrg\\cellx1003\\clmgf\\cellx2000\\clmrg\\cellx2999 \\pard\\intbl\\cell e\\cell\\cell\\row\
            \\pard end\\par";
        assert_eq!(text(rtf), "#1\n0,0 2x1 a\n0,1 b\n0,2 c\\nd\n1,1 1x2 e\nend\n");
    }

    #[test]
    fn ok_tables_in_tables() {
        let rtf = "\\trowd\\cellx4000\\cellx8000\\pard\\intbl\\itap1 out\\par\\pard\\intbl\\itap2 a\\nestcell b\\nestcell\
            {\\*\\nesttableprops\\trowd\\cellx1000\\cellx2000\\nestrow}{\\nonesttables\\par}\
            \\pard\\intbl\\itap1 more\\cell c\\cell\\row\\pard end";
        assert_eq!(text(rtf), "out\n#1\n0,0 a\n0,1 b\nmore\nc\nend\n");
    }

    #[test]
    fn err_broken_off() {
        let cut = read(b"{\\rtf1 a\\par\\trowd\\cellx100\\cellx200\\pard\\intbl b\\cell c");
        assert!(cut.is_cut);
        assert_eq!(show(&cut.blocks), "a\n#1\n0,0 b\n0,1 c\n");
        assert!(read("{".repeat(100_000).as_bytes()).is_cut);
    }
}
