//! DOCX: Word's and WPS's documents since 2007, in the transitional and the strict dialect.

mod numbering;
mod styles;
#[cfg(test)]
mod tests;

use super::fields::Fields;
use super::flow::{Flow, Merge, Place};
use super::look::{Look, Paint};
use super::package::Package;
use super::symbols::Symbols;
use super::xml::{self, Enter, Tag, Visit};
use super::{Read, Trouble};
use crate::document::blocks::MOST_COLUMNS;
use crate::source::Source;
use crate::source::sniff::{self, Format};
use numbering::Numbering;
use rustc_hash::FxHashMap;
use styles::{ListPlace, Styles};

/// Rows that are no higher, in twentieths of a point, show nothing.
const LOWEST: u32 = 30;
/// Documents that are put into another which are read.
const MOST_CHUNKS: usize = 100;

/// Documents by the names of their relations.
type Chunks = FxHashMap<String, Vec<u8>>;

/// Reads a document, with those that are put into it.
pub(super) fn read(bytes: &[u8]) -> Result<Read, Trouble> {
    read_with(bytes, MOST_CHUNKS)
}

fn read_with(bytes: &[u8], most_chunks: usize) -> Result<Read, Trouble> {
    let mut package = Package::open(bytes);
    let main = match package.text("_rels/.rels")? {
        Some(rels) => Relations::read(&rels).of_kind("officeDocument"),
        None => None,
    };
    let main = main.unwrap_or_else(|| "word/document.xml".to_owned());
    let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let file = main.rsplit_once('/').map_or(main.as_str(), |(_, file)| file);
    let Some(text) = package.text(&main)? else {
        return Err(Trouble::damaged(format!("the part {main} is missing")));
    };
    let relations = package.text(&format!("{folder}/_rels/{file}.rels"))?.unwrap_or_default();
    let relations = Relations::read(&relations);
    let mut chunks = Chunks::default();
    for (id, target) in relations.all_of_kind("aFChunk").take(most_chunks) {
        let path = match target.strip_prefix('/') {
            Some(path) => path.to_owned(),
            None => format!("{folder}/{target}"),
        };
        if let Some(bytes) = package.part(&path)? {
            chunks.insert(id.to_owned(), bytes);
        }
    }
    let mut reader = Reader {
        relations,
        chunks,
        numbering: Numbering::read(
            &package.text(&format!("{folder}/numbering.xml"))?.unwrap_or_default(),
        ),
        styles: Styles::read(&package.text(&format!("{folder}/styles.xml"))?.unwrap_or_default()),
        ..Reader::default()
    };
    let mut is_whole = xml::walk(&text, &mut reader);
    if is_whole {
        // notes stand below the text they belong to, outside its cells
        for notes in ["footnotes.xml", "endnotes.xml"] {
            if let Some(text) = package.text(&format!("{folder}/{notes}"))? {
                is_whole &= xml::walk(&text, &mut reader);
            }
        }
    }
    let is_cut = !is_whole || package.is_damaged || reader.is_chunk_cut;
    Ok(Read { blocks: reader.flow.finish(), is_cut, ..Read::default() })
}

/// Reads a document that is one XML file.
pub(super) fn read_xml(bytes: &[u8]) -> Read {
    let text = xml::decode(bytes);
    let (numbering, styles) = (Numbering::read(&text), Styles::read(&text));
    let mut reader = Reader { numbering, styles, ..Reader::default() };
    let is_whole = xml::walk(&text, &mut reader);
    Read { blocks: reader.flow.finish(), is_cut: !is_whole, ..Read::default() }
}

/// What the names in a part stand for.
#[derive(Debug, Default)]
struct Relations(FxHashMap<String, (String, String)>);

impl Relations {
    fn read(text: &str) -> Self {
        let mut relations = Self::default();
        xml::walk(text, &mut relations);
        relations
    }

    fn of_kind(&self, kind: &str) -> Option<String> {
        let is_kind = |(of, _): &&(String, String)| of.rsplit('/').next() == Some(kind);
        self.0.values().find(is_kind).map(|(_, target)| target.trim_start_matches('/').to_owned())
    }

    fn all_of_kind(&self, kind: &str) -> impl Iterator<Item = (&str, &str)> {
        let is_kind = move |of: &str| of.rsplit('/').next() == Some(kind);
        let all = self.0.iter().filter(move |(_, (of, _))| is_kind(of));
        all.map(|(id, (_, target))| (id.as_str(), target.as_str()))
    }

    fn target(&self, id: &str) -> Option<&str> {
        self.0.get(id).map(|(_, target)| target.as_str())
    }
}

impl Visit for Relations {
    fn open(&mut self, name: &str, tag: &Tag<'_>) -> Enter {
        if let ("Relationship", Some(id)) = (name, tag.get("Id")) {
            let kind = tag.get("Type").unwrap_or_default();
            self.0.insert(id, (kind, tag.get("Target").unwrap_or_default()));
        }
        Enter::Children
    }
    fn close(&mut self, _: &str) {}
    fn text(&mut self, _: &str) {}
}

/// The elements whose children mean something else elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Within {
    /// `w:p`
    Paragraph,
    /// `w:pPr`
    ParagraphProperties,
    /// `w:r`
    Run,
    /// `w:rPr` of a run.
    RunProperties,
    /// `w:rPr` of a paragraph mark.
    MarkProperties,
    /// `w:listPr`, in Word 2003.
    ListProperties,
    /// `w:t`
    Text,
    /// `w:instrText`
    Instruction,
    /// `w:trPr`
    RowProperties,
    /// `w:sdtPr`
    ControlProperties,
    /// `w:sdtContent` of a control that asks for input.
    Asking,
    /// `w14:textFill`
    Fill,
    /// `w:ddList`
    Choices,
    /// Any other.
    Other,
}

/// A paragraph whose end has not come yet.
#[derive(Debug, Default)]
struct Paragraph {
    style: Option<String>,
    place: ListPlace,
    /// The label of its list, which Word 2003 writes beside it.
    label: Option<String>,
    /// Its mark was deleted: it goes on in the next one.
    goes_on: bool,
    /// Its mark is not shown.
    is_hidden: bool,
    look: Look,
    /// The look of its style, once that was asked for.
    of_style: Option<Look>,
}

/// A row whose end has not come yet.
#[derive(Debug, Default)]
struct Row {
    places: Vec<Place>,
    /// The next free column.
    col: u32,
    is_deleted: bool,
    span: u32,
    merge: Merge,
    joins_left: bool,
}

#[derive(Default)]
struct Reader {
    flow: Flow,
    relations: Relations,
    numbering: Numbering,
    styles: Styles,
    within: Vec<Within>,
    paragraphs: Vec<Paragraph>,
    rows: Vec<Row>,
    fields: Fields,
    /// For each open `mc:AlternateContent`, whether a choice was taken.
    alternates: Vec<bool>,
    /// For each open `w:sdt`, whether it shows a text that asks for input.
    controls: Vec<bool>,
    /// Targets of open hyperlinks, and where their text begins in the line.
    links: Vec<(Option<String>, usize)>,
    /// The look of the run, and its character style.
    run: Look,
    run_style: Option<String>,
    /// What is behind the text: the paper, and the grounds of open tables and cells on it.
    papers: Vec<Paint>,
    /// How many of the open content controls show nothing but what asks for input.
    asking: usize,
    /// Documents that are put into this one.
    chunks: Chunks,
    /// Whether one of them could not be read.
    is_chunk_cut: bool,
    /// Whether the picture that is described floats.
    floats: bool,
}

impl Reader {
    fn parent(&self) -> Within {
        self.within.last().copied().unwrap_or(Within::Other)
    }

    /// Text of a run, as a reader sees it; none of a field's instruction.
    fn shown(&mut self, text: &str) {
        if !self.fields.is_shown() {
            return;
        }
        if self.asking > 0 {
            // a number all the same
            if text.contains(|c: char| c.is_ascii_digit()) {
                self.flow.push_unknown();
            }
            return;
        }
        let mut own = Paragraph::default();
        let paragraph = self.paragraphs.last_mut().unwrap_or(&mut own);
        let style = paragraph.style.as_deref();
        // most runs have no style of their own
        let of_styles = match (&self.run_style, paragraph.of_style) {
            (None, Some(look)) => look,
            (run_style, _) => self.styles.look(style, run_style.as_deref()),
        };
        if self.run_style.is_none() {
            paragraph.of_style = Some(of_styles);
        }
        let look = self.run.over(of_styles);
        let ground = look.ground.or(paragraph.look.ground);
        let look = Look { ground, ..look };
        let paper = self.papers.last().copied().unwrap_or(Paint::PAPER);
        let text = look.symbols.unwrap_or(Symbols::None).read(text);
        self.flow.push_shown(&text, look.shown(paper));
    }

    fn begin_run(&mut self) {
        (self.run, self.run_style) = (Look::default(), None);
    }

    fn end_paragraph(&mut self) {
        let paragraph = self.paragraphs.pop().unwrap_or_default();
        if paragraph.goes_on {
            return;
        }
        let is_nothing = paragraph.is_hidden && self.flow.line().is_empty();
        let of_style = self.styles.list(paragraph.style.as_deref());
        let list = paragraph.place.list.or(of_style.list).filter(|id| id != "0");
        let level = paragraph.place.level.or(of_style.level).unwrap_or(0);
        if let (Some(list), false) = (list, is_nothing)
            && let Some(label) = self.numbering.label(&list, level, &self.styles)
        {
            self.flow.label(&label);
        }
        if let Some(label) =
            paragraph.label.filter(|label| label.chars().any(char::is_alphanumeric))
        {
            self.flow.label(&label);
        }
        self.flow.end_paragraph();
    }

    /// A ground on the one before.
    fn push_paper(&mut self, ground: Option<Paint>) {
        let below = self.papers.last().copied().unwrap_or(Paint::PAPER);
        self.papers.push(ground.unwrap_or(below));
    }

    fn end_link(&mut self) {
        if let Some((Some(url), begin)) = self.links.pop() {
            self.flow.link(&url, begin);
        }
    }

    /// A document that is put in here: what it is, its bytes say. One in another is not followed.
    fn chunk(&mut self, id: &str) {
        if let Some(bytes) = self.chunks.remove(id)
            && self.flow.depth() == 0
        {
            self.flow.end_paragraph();
            if sniff::format(&bytes) == Format::Docx {
                let read = read_with(&bytes, 0).unwrap_or_default();
                self.is_chunk_cut |= read.is_cut || read.blocks.text.is_empty();
                self.flow.blocks.append(read.blocks, None);
                return;
            }
            let source = Source::new("", bytes);
            let document = crate::document::read(&source);
            self.is_chunk_cut |= document.text.is_empty();
            let mut blocks = document.blocks.unwrap_or_default();
            blocks.text = document.text.into_owned();
            self.flow.blocks.append(blocks, None);
        } else {
            self.is_chunk_cut = true;
        }
    }

    /// Notes a picture by the name of its relation.
    fn note_picture(&mut self, id: Option<String>) {
        if cfg!(feature = "ocr")
            && let Some(part) = id.and_then(|id| self.relations.target(&id).map(str::to_owned))
        {
            self.flow.note_picture(&part);
        }
    }

    /// A property of a paragraph, a run, a row or a cell.
    fn property(&mut self, name: &str, tag: &Tag<'_>) {
        let parent = self.parent();
        if let Some(paragraph) = self.paragraphs.last_mut() {
            match (name, parent) {
                ("pStyle", Within::ParagraphProperties) => paragraph.style = tag.get("val"),
                ("numId", _) => paragraph.place.list = tag.get("val"),
                ("ilvl", _) => {
                    paragraph.place.level = tag.number("val").map(|level| level as usize);
                }
                ("vanish", Within::MarkProperties) => paragraph.is_hidden = tag.is_on(),
                ("rStyle", Within::RunProperties) => self.run_style = tag.get("val"),
                (_, Within::RunProperties) => styles::property(&mut self.run, name, tag),
                ("shd", Within::ParagraphProperties) => {
                    paragraph.look.ground = Some(styles::shading(tag));
                }
                _ => {}
            }
        }
        if let ("shd", Within::Other, Some(paper)) = (name, parent, self.papers.last_mut()) {
            let ground = styles::shading(tag);
            if ground != Paint::Auto {
                *paper = ground;
            }
        }
        if let ("tblStyle", Some(paper)) = (name, self.papers.last_mut())
            && self.styles.has_grounds(&tag.get("val").unwrap_or_default())
        {
            *paper = Paint::Unknown;
        }
        if let Some(row) = self.rows.last_mut() {
            match name {
                "hidden" if parent == Within::RowProperties => row.is_deleted |= tag.is_on(),
                // exactly so high, in twentieths of a point
                "trHeight" if tag.get("hRule").as_deref() == Some("exact") => {
                    row.is_deleted |= tag.number("val").is_some_and(|height| height <= LOWEST);
                }
                "gridBefore" => row.col = tag.number("val").unwrap_or(0).min(MOST_COLUMNS),
                "gridSpan" => row.span = tag.number("val").unwrap_or(1).clamp(1, MOST_COLUMNS),
                "vMerge" if tag.get("val").as_deref() != Some("restart") => {
                    row.merge = Merge::Continue;
                }
                "hMerge" if tag.get("val").as_deref() != Some("restart") => row.joins_left = true,
                _ => {}
            }
        }
    }

    /// What else an element of a run prints.
    fn sign(&mut self, name: &str, tag: &Tag<'_>) {
        match name {
            "tab" | "ptab" => self.shown("\t"),
            "br" | "cr" => self.shown("\n"),
            "noBreakHyphen" => self.shown("-"),
            // the mark of the note follows
            "footnoteReference" | "endnoteReference"
                if tag.get("customMarkFollows").is_some_and(|on| on != "0" && on != "false") =>
            {
                self.run.raised = Some(true);
            }
            "sym" => {
                let code = tag.get("char").and_then(|code| u32::from_str_radix(&code, 16).ok());
                let font = tag.get("font").unwrap_or_default();
                match code.and_then(|code| Symbols::of_font(&font).sign(code)) {
                    Some(c) => self.shown(c.encode_utf8(&mut [0; 4])),
                    None => self.flow.push_unknown(),
                }
            }
            "fldChar" => match tag.get("fldCharType").as_deref() {
                Some("begin") => self.fields.begin(),
                Some("separate") => self.fields.separate(self.flow.line().len()),
                Some("end") => self.fields.end(&mut self.flow),
                _ => {}
            },
            _ => {}
        }
    }
}

/// Whether readers have all of these dialects: those of Word since 2010, and of drawings in them.
fn is_known_dialect(prefixes: &str) -> bool {
    prefixes.split_whitespace().all(|prefix| {
        matches!(prefix, "v" | "o" | "w" | "a14" | "am3d" | "aink" | "p14" | "x14")
            || ["wp", "w14", "w15", "w16", "cx"].iter().any(|known| prefix.starts_with(known))
    })
}

impl Visit for Reader {
    fn open(&mut self, name: &str, tag: &Tag<'_>) -> Enter {
        let parent = self.parent();
        let mut within = Within::Other;
        match name {
            "p" => {
                self.paragraphs.push(Paragraph::default());
                within = Within::Paragraph;
            }
            "pPr" if parent == Within::Paragraph => within = Within::ParagraphProperties,
            "r" => {
                self.begin_run();
                within = Within::Run;
            }
            "rPr" if parent == Within::Run => within = Within::RunProperties,
            "rPr" if parent == Within::ParagraphProperties => within = Within::MarkProperties,
            "listPr" => within = Within::ListProperties,
            "t" if parent == Within::ListProperties => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.label = tag.get("val");
                }
            }
            "t" => within = Within::Text,
            "instrText" => within = Within::Instruction,
            "del" | "moveFrom" => match parent {
                Within::MarkProperties => {
                    if let Some(paragraph) = self.paragraphs.last_mut() {
                        paragraph.goes_on = true;
                    }
                }
                Within::RowProperties => {
                    if let Some(row) = self.rows.last_mut() {
                        row.is_deleted = true;
                    }
                }
                _ => return Enter::Skip,
            },
            "tbl" => {
                self.flow.begin_table();
                self.push_paper(None);
            }
            "tr" => self.rows.push(Row::default()),
            "trPr" => within = Within::RowProperties,
            "tc" => {
                if let Some(row) = self.rows.last_mut() {
                    (row.span, row.merge, row.joins_left) = (1, Merge::None, false);
                }
                self.push_paper(None);
            }
            "AlternateContent" => self.alternates.push(false),
            // what needs a dialect that no reader has
            "Choice" if !tag.get("Requires").is_none_or(|needs| is_known_dialect(&needs)) => {
                return Enter::Skip;
            }
            "Choice" | "Fallback" => {
                // the same content in two versions: the first is read
                if let Some(taken) = self.alternates.last_mut()
                    && std::mem::replace(taken, true)
                {
                    return Enter::Skip;
                }
            }
            "txbxContent" => {
                self.flow.begin_box();
                self.push_paper(Some(Paint::Unknown));
            }
            // with a ground of its own, where that is displayed
            "background" => self.papers = vec![Paint::Unknown],
            "altChunk" => self.chunk(&tag.get("id").unwrap_or_default()),
            "drawing" => self.floats = false,
            "anchor" => self.floats = true,
            "blip" => {
                self.note_picture(tag.get("embed"));
                self.flow.picture(!self.floats);
            }
            "imagedata" => {
                self.note_picture(tag.get("id"));
                self.flow.picture(false);
            }
            // letters that are filled with something else than their colour
            "textFill" if parent == Within::RunProperties => within = Within::Fill,
            "solidFill" if parent == Within::Fill => within = Within::Fill,
            "noFill" | "alpha" | "srgbClr" if parent == Within::Fill => {
                styles::property(&mut self.run, name, tag);
                within = Within::Fill;
            }
            // powers, fractions and roots, whose parts do not stand side by side; digits from right to left
            "sup" | "sub" | "den" | "deg" => self.flow.push_unknown(),
            // struck formulas
            "strikeH" | "strikeV" | "strikeBLTR" | "strikeTLBR" if tag.is_on() => {
                self.flow.push_unknown();
            }
            // letters that are drawn
            "textpath" => self.flow.picture(false),
            "bdo" if tag.get("val").as_deref() == Some("rtl") => self.flow.push_unknown(),
            "ddList" => within = Within::Choices,
            "listEntry" => self.fields.choice(tag.get("val").unwrap_or_default()),
            "result" | "default" if parent == Within::Choices => {
                if let Some(number) = tag.number("val") {
                    self.fields.choose(number as usize, name == "default");
                }
            }
            "sdt" => self.controls.push(false),
            "sdtPr" => within = Within::ControlProperties,
            "showingPlcHdr" if parent == Within::ControlProperties => {
                if let Some(asks) = self.controls.last_mut() {
                    *asks = tag.is_on();
                }
            }
            // its cells are cells all the same
            "sdtContent" if self.controls.last() == Some(&true) => {
                self.asking += 1;
                within = Within::Asking;
            }
            "hyperlink" => {
                let target =
                    tag.get("id").and_then(|id| self.relations.target(&id).map(str::to_owned));
                self.links.push((target, self.flow.line().len()));
            }
            // separators of notes hold no text of the document
            "footnote" | "endnote" if tag.get("type").is_some_and(|kind| kind != "normal") => {
                return Enter::Skip;
            }
            // former states, running heads, settings, the pinyin of rubies, definitions of tab stops
            "pPrChange" | "rPrChange" | "tblPrChange" | "trPrChange" | "tcPrChange" | "hdr"
            | "ftr" | "docPr" | "styles" | "numbering" | "lists" | "comments" | "sectPr"
            | "tblGrid" | "delInstrText" | "rt" | "tabs" | "tblPrEx" => {
                return Enter::Skip;
            }
            _ if parent == Within::Run => self.sign(name, tag),
            _ => self.property(name, tag),
        }
        self.within.push(within);
        Enter::Children
    }

    fn close(&mut self, name: &str) {
        if self.within.pop() == Some(Within::Asking) {
            self.asking -= 1;
        }
        if matches!(name, "tbl" | "tc" | "txbxContent") {
            self.papers.pop();
        }
        match name {
            "p" => self.end_paragraph(),
            "r" => self.begin_run(),
            "tc" => {
                self.flow.end_cell();
                if let Some(row) = self.rows.last_mut() {
                    let place = Place::columns(row.col, row.span);
                    let (merge, joins_left) = (row.merge, row.joins_left);
                    row.col = (row.col + row.span).min(MOST_COLUMNS);
                    row.places.push(Place { merge, joins_left, ..place });
                }
            }
            "tr" => match self.rows.pop() {
                Some(row) if !row.is_deleted => self.flow.end_row(&row.places),
                _ => self.flow.drop_row(),
            },
            "tbl" => self.flow.end_table(),
            "AlternateContent" => {
                self.alternates.pop();
            }
            "txbxContent" => self.flow.end_box(),
            "sdt" => {
                self.controls.pop();
            }
            "hyperlink" => self.end_link(),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        match self.parent() {
            Within::Text => self.shown(text),
            Within::Instruction => self.fields.instruct(text),
            _ => {}
        }
    }
}
