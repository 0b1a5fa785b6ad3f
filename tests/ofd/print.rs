//! Pages as OFD, in the manners of several programs.

use super::layout::{SIZE, Sheet, WIDTH, ems, width};
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// How a program writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// A text object a line with the distances in groups, a path a line of the table.
    Lines,
    /// A text object a character at a size of its own, a closed path a cell.
    Characters,
    /// A text object a cell; rules are filled bars, and they and the labels stand in the template of the page.
    Template,
    /// A text object a cell with distances both ways, all in units that are drawn, in blocks of blocks.
    Units,
}

pub(crate) const MANNERS: [Manner; 4] =
    [Manner::Lines, Manner::Characters, Manner::Template, Manner::Units];

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Packs parts.
pub(crate) fn container(parts: &[(String, String)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, text) in parts {
        zip.start_file(name.as_str(), options).expect("a part can be begun");
        zip.write_all(text.as_bytes()).expect("memory takes a part");
    }
    zip.finish().expect("a container can be closed").into_inner()
}

/// Distances, equal ones in groups.
fn grouped(distances: &[f64]) -> String {
    let words = distances.chunk_by(|a, b| (a - b).abs() < 1e-9).map(|same| match same.len() {
        1 | 2 => vec![format!("{:.4}", same[0]); same.len()].join(" "),
        count => format!("g {count} {:.4}", same[0]),
    });
    words.collect::<Vec<_>>().join(" ")
}

fn advances(text: &str) -> Vec<f64> {
    let mut advances: Vec<f64> = text.chars().map(|c| ems(c) * SIZE).collect();
    advances.pop();
    advances
}

/// The objects of a page: first those that are the same on any page, then the others.
fn objects(sheet: &Sheet, manner: Manner) -> [String; 2] {
    let mut out = [String::new(), String::new()];
    let top = |y: f64| y - SIZE;
    match manner {
        Manner::Lines => {
            for cell in &sheet.cells {
                let [left, upper, right, lower] = cell.area;
                let (w, h) = (right - left, lower - upper);
                for (x, y, to_x, to_y) in [
                    (left, upper, w, 0.0),
                    (left, lower, w, 0.0),
                    (left, upper, 0.0, h),
                    (right, upper, 0.0, h),
                ] {
                    let _ = write!(
                        out[1],
                        "<ofd:PathObject Boundary=\"{x:.3} {y:.3} {:.3} {:.3}\" LineWidth=\"0.18\">\
                         <ofd:AbbreviatedData>M 0 0 L {to_x:.3} {to_y:.3}</ofd:AbbreviatedData></ofd:PathObject>",
                        to_x.max(0.18),
                        to_y.max(0.18)
                    );
                }
            }
            for piece in &sheet.pieces {
                let deltas = grouped(&advances(&piece.text));
                let deltas =
                    if deltas.is_empty() { deltas } else { format!(" DeltaX=\"{deltas}\"") };
                let _ = write!(
                    out[1],
                    "<ofd:TextObject Boundary=\"{:.3} {:.3} {:.3} {:.3}\" Font=\"3\" Size=\"{SIZE}\">\
                     <ofd:FillColor Value=\"0 0 0\"/>\
                     <ofd:TextCode X=\"0\" Y=\"{SIZE}\"{deltas}>{}</ofd:TextCode></ofd:TextObject>",
                    piece.x,
                    top(piece.y),
                    width(&piece.text),
                    1.3 * SIZE,
                    escaped(&piece.text)
                );
            }
        }
        Manner::Characters => {
            for cell in &sheet.cells {
                let [left, upper, right, lower] = cell.area;
                let (w, h) = (right - left, lower - upper);
                let _ = write!(
                    out[1],
                    "<PathObject Boundary=\"{left} {upper} {w} {h}\" CTM=\"0.1 0 0 0.1 0 0\" LineWidth=\"2\">\
                     <StrokeColor Value=\"0\"/><AbbreviatedData>M 0 0 L {0} 0 L {0} {1} L 0 {1} C</AbbreviatedData></PathObject>",
                    w * 10.0,
                    h * 10.0
                );
            }
            for piece in &sheet.pieces {
                let mut x = piece.x;
                for c in piece.text.chars() {
                    let _ = write!(
                        out[1],
                        "<TextObject Boundary=\"{x} {} {} {}\" CTM=\"{SIZE} 0 0 {SIZE} 0 0\" Size=\"1\">\
                         <TextCode X=\"0\" Y=\"1\">{}</TextCode></TextObject>",
                        top(piece.y),
                        ems(c) * SIZE,
                        1.3 * SIZE,
                        escaped(&c.to_string())
                    );
                    x += ems(c) * SIZE;
                }
            }
        }
        Manner::Template | Manner::Units => {
            for cell in &sheet.cells {
                let [left, upper, right, lower] = cell.area;
                let (w, h) = (right - left + 0.2, lower - upper + 0.2);
                for (x, y, w, h) in [
                    (left, upper, w, 0.2),
                    (left, lower, w, 0.2),
                    (left, upper, 0.2, h),
                    (right, upper, 0.2, h),
                ] {
                    let _ = write!(
                        out[0],
                        "<x:PathObject Stroke=\"false\" Fill=\"true\" Boundary=\"{x} {y} {w} {h}\">\
                         <x:FillColor Value=\"0 0 0 255\"/>\
                         <x:AbbreviatedData>M 0 0 L {w} 0 L {w} {h} L 0 {h} C</x:AbbreviatedData></x:PathObject>"
                    );
                }
            }
            let pieces: Vec<_> = sheet.pieces.iter().collect();
            let whole = |a: &&_, b: &&_| of_one(a, b);
            for cell in pieces.chunk_by(whole) {
                let is_number = cell.iter().all(|piece| {
                    piece.cell.is_some() && piece.text.chars().all(|c| !('一'..='龥').contains(&c))
                });
                let (x, y) =
                    (cell.iter().map(|p| p.x).fold(f64::INFINITY, f64::min), top(cell[0].y));
                let right = cell.iter().map(|p| p.x + width(&p.text)).fold(0.0, f64::max);
                let mut codes = String::new();
                if manner == Manner::Template {
                    for piece in cell {
                        let _ = write!(
                            codes,
                            "<x:TextCode X=\"{:.4}\" Y=\"{:.4}\" DeltaX=\"{}\">{}</x:TextCode>",
                            piece.x - x,
                            piece.y - y,
                            grouped(&advances(&piece.text)),
                            escaped(&piece.text)
                        );
                    }
                } else {
                    // one run that goes back at the end of each line
                    let places = cell.iter().flat_map(|piece| {
                        piece.text.chars().scan(piece.x, |x, c| {
                            let at = *x;
                            *x += ems(c) * SIZE;
                            Some((at, piece.y))
                        })
                    });
                    let places: Vec<(f64, f64)> = places.collect();
                    let of = |of: fn(&[(f64, f64)]) -> f64| {
                        grouped(&places.windows(2).map(of).collect::<Vec<_>>())
                    };
                    let text: String = cell.iter().map(|piece| piece.text.as_str()).collect();
                    let _ = write!(
                        codes,
                        "<x:TextCode X=\"{:.4}\" Y=\"{:.4}\" DeltaX=\"{}\" DeltaY=\"{}\">{}</x:TextCode>",
                        places[0].0 - x,
                        places[0].1 - y,
                        of(|p| p[1].0 - p[0].0),
                        of(|p| p[1].1 - p[0].1),
                        escaped(&text)
                    );
                }
                let height = cell[cell.len() - 1].y - y + 0.3 * SIZE;
                let _ = write!(
                    out[usize::from(is_number)],
                    "<x:TextObject Boundary=\"{x} {y} {} {height}\" DrawParam=\"7\" Size=\"{SIZE}\">{codes}</x:TextObject>",
                    right - x
                );
            }
        }
    }
    out
}

/// Whether two pieces are lines of one cell.
fn of_one(a: &super::layout::Piece, b: &super::layout::Piece) -> bool {
    a.cell.is_some() && a.cell == b.cell
}

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const SPACE: &str = "http://www.ofdspec.org/2016";

/// A file of these pages.
pub(crate) fn print(sheets: &[Sheet], height: f64, manner: Manner) -> Vec<u8> {
    // prefix, and how a place in the folder of the document is written
    let (p, place): (&str, fn(&str) -> String) = match manner {
        Manner::Lines => ("ofd:", |name| name.to_owned()),
        Manner::Characters => ("", |name| format!("/Doc_0/{name}")),
        Manner::Template => ("x:", |name| name.replace('/', "\\").to_uppercase()),
        Manner::Units => ("x:", |name| format!("./../Doc_0/{name}")),
    };
    let stored = |name: &str| match manner {
        Manner::Template => format!("Doc_0\\{}", name.replace('/', "\\").to_lowercase()),
        _ => format!("Doc_0/{name}"),
    };
    let space = if p.is_empty() {
        format!("xmlns=\"{SPACE}\"")
    } else {
        format!("xmlns:{}=\"{SPACE}\"", &p[..p.len() - 1])
    };
    let part = |name: &str, inside: &str| format!("{HEAD}<{p}{name} {space}>{inside}</{p}{name}>");
    let mut parts = Vec::new();
    let root =
        if manner == Manner::Characters { "/Doc_0/Document.xml" } else { "Doc_0/Document.xml" };
    let info = format!("<{p}DocInfo><{p}DocID>0</{p}DocID></{p}DocInfo>");
    let body = format!("<{p}DocBody>{info}<{p}DocRoot>{root}</{p}DocRoot></{p}DocBody>");
    parts.push(("OFD.xml".to_owned(), part("OFD", &body)));
    let area =
        format!("<{p}PageArea><{p}PhysicalBox>0 0 {WIDTH} {height}</{p}PhysicalBox></{p}PageArea>");
    let (mut pages, mut templates, mut units) = (String::new(), String::new(), String::new());
    for (at, sheet) in sheets.iter().enumerate() {
        let [shared, own] = objects(sheet, manner);
        let name = format!("Pages/Page_{at}/Content.xml");
        let _ = write!(pages, "<{p}Page ID=\"{}\" BaseLoc=\"{}\"/>", 100 + at, place(&name));
        let mut inside = String::new();
        match manner {
            Manner::Template => {
                let name = format!("Tpls/Tpl_{at}/Content.xml");
                let _ = write!(
                    templates,
                    "<{p}TemplatePage ID=\"{}\" BaseLoc=\"{}\"/>",
                    500 + at,
                    place(&name)
                );
                let content = format!("<{p}Content><{p}Layer>{shared}</{p}Layer></{p}Content>");
                parts.push((stored(&name), part("Page", &content)));
                let _ = write!(
                    inside,
                    "<{p}Template TemplateID=\"{}\" ZOrder=\"Background\"/>",
                    500 + at
                );
                let _ = write!(inside, "<{p}Content><{p}Layer>{own}</{p}Layer></{p}Content>");
            }
            Manner::Units => {
                for (nth, objects) in [shared, own].iter().enumerate() {
                    let id = 1000 + 2 * at + nth;
                    let _ = write!(
                        units,
                        "<{p}CompositeGraphicUnit ID=\"{id}\" Width=\"{}\" Height=\"{}\"><{p}Content>{objects}</{p}Content></{p}CompositeGraphicUnit>",
                        2.0 * WIDTH,
                        2.0 * height
                    );
                    let object = format!(
                        "<{p}CompositeObject ResourceID=\"{id}\" Boundary=\"0 0 {WIDTH} {height}\" CTM=\"1 0 0 1 0 0\"/>"
                    );
                    // what is in front is said first
                    let kind = ["Background", "Foreground"][nth];
                    let layer = format!(
                        "<{p}Layer Type=\"{kind}\"><{p}PageBlock><{p}PageBlock>{object}</{p}PageBlock></{p}PageBlock></{p}Layer>"
                    );
                    inside.insert_str(0, &layer);
                }
                inside = format!("<{p}Content>{inside}</{p}Content>");
            }
            _ => {
                let _ = write!(
                    inside,
                    "<{p}Area><{p}PhysicalBox>0 0 {WIDTH} {height}</{p}PhysicalBox></{p}Area><{p}Content><{p}Layer>{shared}{own}</{p}Layer></{p}Content>"
                );
            }
        }
        parts.push((stored(&name), part("Page", &inside)));
    }
    let parameter = format!(
        "<{p}DrawParams><{p}DrawParam ID=\"6\"><{p}FillColor Value=\"10 10 10\"/></{p}DrawParam><{p}DrawParam ID=\"7\" Relative=\"6\"/></{p}DrawParams>"
    );
    let resources =
        format!("{parameter}<{p}CompositeGraphicUnits>{units}</{p}CompositeGraphicUnits>");
    parts.push((stored("PublicRes.xml"), part("Res", &resources)));
    let common = format!(
        "<{p}CommonData>{area}<{p}PublicRes>{}</{p}PublicRes>{templates}</{p}CommonData>",
        place("PublicRes.xml")
    );
    parts.push((
        stored("Document.xml"),
        part("Document", &format!("{common}<{p}Pages>{pages}</{p}Pages>")),
    ));
    container(&parts)
}
