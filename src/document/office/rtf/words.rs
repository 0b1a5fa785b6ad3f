//! What control words do: where text goes, how it looks, which characters they stand for, how tables are made.

use super::super::flow::{Merge, Place};
use super::super::look::{Look, Paint};
use super::{End, Reader, Row, Style, Target, of_page};

/// Cells of a row that are followed; Word allows 63.
const MOST_CELLS: usize = 1024;

impl Reader {
    pub(super) fn word(&mut self, word: &str, number: Option<i32>, is_optional: bool) {
        let is_on = number != Some(0);
        match word {
            "fonttbl" => self.go(Target::Fonts),
            "colortbl" => self.go(Target::Colours),
            "stylesheet" => self.go(Target::Styles),
            "pict" => {
                if self.state.target == Target::Text && self.fields.is_shown() {
                    self.follow(self.level());
                    self.flow.picture(true);
                }
                self.go(Target::Nothing);
            }
            "info" | "header" | "headerl" | "headerr" | "headerf" | "footer" | "footerl"
            | "footerr" | "footerf" | "nonesttables" | "nonshppict" | "shprslt" | "sp"
            | "objdata" | "xe" | "tc" | "rxe" | "do" | "bkmkstart" | "bkmkend" | "filetbl"
                if !(word == "do" && is_optional) =>
            {
                self.go(Target::Nothing);
            }
            "field" => {
                self.fields.begin();
                self.end = End::Field;
            }
            "fldinst" => self.go(Target::Instruction),
            "fldrslt" => self.fields.separate(self.flow.line().len()),
            "listtext" | "pntext" => {
                self.go(Target::Label);
                self.end = End::Label;
            }
            "footnote" => {
                self.go(Target::Note);
                self.end = End::Note;
            }
            "shptxt" | "dptxbxtext" => {
                self.boxes.push(self.flow.depth());
                self.flow.begin_box();
                self.state.in_table = false;
                self.state.table_level = 0;
                self.end = End::Box;
            }
            // known, and what they hold is read as it stands
            "nesttableprops" | "shppict" | "shpinst" | "shpgrp" | "shp" | "do" | "upr" => {}
            "s" | "cs" | "ds" | "ts" if self.state.target == Target::Styles => {
                self.style = (number, Style::default());
                self.end = End::Style;
            }
            "formfield" if self.state.target == Target::Instruction => self.go(Target::Form),
            "ffl" if self.state.target == Target::Form => {
                self.go(Target::Choice);
                self.end = End::Choice;
            }
            _ if is_optional => self.go(Target::Nothing),
            _ if self.state.target == Target::Colours => self.colour_word(word, number),
            _ if self.state.target == Target::Styles => {
                if word == "sbasedon" {
                    self.style.1.base = number.filter(|base| Some(*base) != self.style.0);
                } else {
                    look_word(&mut self.style.1.look, word, number, &self.colours);
                }
            }
            // 25 is none of the list
            "ffres" | "ffdefres" if self.state.target == Target::Form => {
                let chosen = number.and_then(|n| usize::try_from(n).ok()).filter(|n| *n != 25);
                if let Some(chosen) = chosen {
                    self.fields.choose(chosen, word == "ffdefres");
                }
            }
            _ if self.state.target == Target::Fonts => self.font_word(word, number),
            _ if self.state.target == Target::Nothing => {}
            "ansicpg" => self.page = number.and_then(of_page),
            "deff" => self.default_font = number.unwrap_or(0),
            "f" => self.state.font = number.unwrap_or(0),
            "uc" => {
                let count = number.and_then(|n| u32::try_from(n).ok());
                self.state.fallback = count.unwrap_or(1).min(16);
            }
            "deleted" => self.state.is_deleted = is_on,
            "cs" => self.state.character_style = number,
            "s" => self.state.paragraph_style = number,
            "cbpat" => {
                self.state.ground =
                    Some(colour(&self.colours, number)).filter(|c| *c != Paint::Auto);
            }
            "plain" => {
                (self.state.is_deleted, self.state.font) = (false, -1);
                (self.state.look, self.state.character_style) = (Look::default(), None);
            }
            _ if look_word(&mut self.state.look, word, number, &self.colours) => {}
            _ if self.sign(word) => {}
            _ => self.table_word(word, number),
        }
    }

    fn colour_word(&mut self, word: &str, number: Option<i32>) {
        let part = ["red", "green", "blue"].iter().position(|part| *part == word);
        let value = number.and_then(|n| u8::try_from(n).ok()).unwrap_or(0);
        if let Some(part) = part {
            self.colour.get_or_insert([0; 3])[part] = value;
        }
    }

    fn font_word(&mut self, word: &str, number: Option<i32>) {
        match word {
            "f" => {
                self.font = number.unwrap_or(0);
                self.fonts.entry(self.font).or_default();
            }
            "fcharset" => self.fonts.entry(self.font).or_default().charset = number,
            _ => {}
        }
    }

    /// Words that stand for a character.
    fn sign(&mut self, word: &str) -> bool {
        let text = match word {
            "tab" if self.state.target == Target::Label => "",
            "tab" => "\t",
            "line" | "lbr" => "\n",
            "emdash" => "—",
            "endash" => "–",
            "lquote" => "‘",
            "rquote" => "’",
            "ldblquote" => "“",
            "rdblquote" => "”",
            "bullet" => "•",
            "emspace" | "enspace" | "qmspace" => " ",
            _ => return false,
        };
        self.text(text);
        true
    }

    /// Words of paragraphs and tables.
    fn table_word(&mut self, word: &str, number: Option<i32>) {
        let value = number.unwrap_or(0);
        match word {
            "par" | "sect" | "page" | "column" if self.state.target == Target::Note => {
                self.note.push('\n');
            }
            // a deleted mark joins the paragraph with the next one
            "par" | "sect" | "page" | "column"
                if self.state.target == Target::Text && !self.state.is_deleted =>
            {
                self.follow(self.level());
                self.flow.end_paragraph();
            }
            "pard" => {
                (self.state.in_table, self.state.table_level) = (false, 0);
                (self.state.paragraph_style, self.state.ground) = (None, None);
            }
            "intbl" => self.state.in_table = true,
            "itap" => self.state.table_level = u32::try_from(value).unwrap_or(0),
            // a row may be described once more at its end
            "trowd" => self.row = Row { cell: self.row.cell, ..Row::default() },
            "trleft" => self.row.left = value,
            "clcbpat" => {
                let colour = colour(&self.colours, number);
                self.row.ground.get_or_insert(colour);
            }
            // a pattern, of which only the colours are known
            "clcfpat" | "clshdng" if value > 0 => self.row.ground = Some(Paint::Unknown),
            "clvmrg" => self.row.merge = Merge::Continue,
            "clmrg" => self.row.joins_left = true,
            "cellx" if self.row.places.len() < MOST_CELLS => {
                let left = self.row.places.last().map_or(self.row.left, |place| place.right);
                let (merge, joins_left) = (self.row.merge, self.row.joins_left);
                let right = value.max(left);
                self.row.places.push(Place { left, right, rows: 0, merge, joins_left });
                (self.row.merge, self.row.joins_left) = (Merge::None, false);
                let ground = self.row.ground.take().filter(|ground| *ground != Paint::Auto);
                self.row.grounds.push(ground.unwrap_or(Paint::PAPER));
            }
            "cell" if self.state.target == Target::Text => {
                self.follow(1);
                self.flow.end_cell();
                self.row.cell += 1;
            }
            "nestcell" if self.state.target == Target::Text => {
                self.follow(self.level().max(2));
                self.flow.end_cell();
            }
            "row" if self.state.target == Target::Text => {
                self.follow(1);
                self.flow.end_row(&self.row.places);
                self.row.cell = 0;
            }
            "nestrow" => {
                self.follow(self.level().max(2));
                self.flow.end_row(&self.row.places);
            }
            _ => {}
        }
    }
}

/// A colour of the table.
fn colour(colours: &[Paint], number: Option<i32>) -> Paint {
    let at = number.and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
    colours.get(at).copied().unwrap_or(Paint::Auto)
}

/// Words that say how text looks; whether this is one.
fn look_word(look: &mut Look, word: &str, number: Option<i32>, colours: &[Paint]) -> bool {
    let is_on = number != Some(0);
    match word {
        "v" => look.hidden = Some(is_on),
        // what is struck out does not count
        "strike" | "striked" => look.struck = Some(is_on),
        "super" | "sub" => look.raised = Some(is_on),
        "nosupersub" => look.raised = Some(false),
        "up" | "dn" => look.shift(number.unwrap_or(6)),
        "fs" => look.size(number.and_then(|n| u32::try_from(n).ok()).unwrap_or(24)),
        "cf" => look.ink = Some(colour(colours, number)),
        "cb" | "chcbpat" | "highlight" => look.ground = Some(colour(colours, number)),
        _ => return false,
    }
    true
}
