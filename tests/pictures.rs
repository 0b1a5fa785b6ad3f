//! A report that is a picture, as a file and in every kind of document: what is read, and where it is not read.
//!
//! The picture was made for this test, of made-up numbers. What the model says of its lines is in `recorded.tsv`, so that
//! no model is needed; with `NIANBAO_RECORD` set lines that are not there are read by the model of the user and added.

use base64::Engine as _;
use image::{DynamicImage, ImageFormat};
use nianbao::document::scan;
use nianbao::grammar::GrammarSet;
use nianbao::pipeline;
use nianbao::records::forms::forms;
use nianbao::records::json::Writer;
use nianbao::source::{Source, again};
use nianbao::verify::{self, Forms};
use serde_json::Value;
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};

const PNG: &[u8] = include_bytes!("pictures/report.png");
/// The cells of two tables row by row; those of the third were never printed.
const TRUTH: &str = include_str!("pictures/report.tsv");

fn use_recorded() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures/recorded.tsv");
    let notes_more = std::env::var_os("NIANBAO_RECORD").is_some();
    scan::use_recorded(path, notes_more).expect("what was recorded can be read");
}

fn record(source: &Source) -> Value {
    let set = GrammarSet::built_in();
    let mut json = Vec::new();
    Writer::new(&set).write(&pipeline::parse(source, &set), &mut json);
    let record: Value = serde_json::from_slice(&json).expect("a record is JSON");
    let forms = Forms::of(&forms(&set)).expect("these are forms");
    let judged = verify::record(&record, source, &forms);
    assert!(judged.faults.is_empty(), "{}: {:?}", source.name, judged.faults);
    record
}

/// How many cells are given; none may be wrong.
fn given(source: &Source) -> usize {
    let record = record(source);
    let rows = ["applications", "review_litigation"].into_iter().flat_map(|table| {
        let rows = record["tables"][table].as_object().into_iter().flatten();
        rows.map(|(_, row)| row.as_object().expect("a row has cells").values().collect::<Vec<_>>())
    });
    let mut given = 0;
    for (row, truth) in rows.zip(TRUTH.lines()) {
        for (cell, truth) in row.into_iter().zip(truth.split('\t')) {
            match cell["status"].as_str() {
                Some("solved" | "read") => assert_eq!(cell["value"].to_string(), truth, "{cell}"),
                Some("blank") => assert_eq!("", truth, "{cell}"),
                Some("ambiguous" | "unreadable" | "missing") => continue,
                other => panic!("{other:?}: {cell}"),
            }
            given += 1;
        }
    }
    given
}

/// All cells of the two tables.
const ALL: usize = 190;

fn picture() -> DynamicImage {
    image::load_from_memory(PNG).expect("it is a picture")
}

fn written(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("memory can be written");
    bytes.into_inner()
}

#[test]
fn ok_files_of_pictures() {
    use_recorded();
    let grey = DynamicImage::ImageLuma8(picture().into_luma8());
    let colours = DynamicImage::ImageRgb8(grey.to_rgb8());
    let mut pages = Cursor::new(Vec::new());
    let mut tiff = tiff::encoder::TiffEncoder::new(&mut pages).expect("memory can be written");
    let (width, height) = (grey.width(), grey.height());
    let raw = grey.to_luma8().into_raw();
    for page in [raw.clone(), vec![255; raw.len()]] {
        tiff.write_image::<tiff::encoder::colortype::Gray8>(width, height, &page)
            .expect("memory can be written");
    }
    let files = [
        ("a.png", PNG.to_vec()),
        ("a.bmp", written(&colours, ImageFormat::Bmp)),
        ("a.webp", written(&colours, ImageFormat::WebP)),
        ("a.tif", pages.into_inner()),
    ];
    for (name, bytes) in files {
        let source = Source::new(name, bytes);
        assert_eq!(given(&source), ALL, "{name}");
        let record = record(&source);
        assert_eq!(record["title"], "青石县2023年政府信息公开工作年度报告", "{name}");
        let at = &record["tables"]["applications"]["received"]["total"]["at"];
        assert_eq!(at["page"], 1, "{name}");
        assert!(at["box"][0].as_f64() > Some(400.0), "{name}: {at}");
    }
}

#[test]
fn ok_pages_on_their_side_and_on_their_head() {
    use_recorded();
    let upright = picture();
    let turned = [upright.rotate90(), upright.rotate180(), upright.rotate270()];
    for (nth, picture) in turned.iter().enumerate() {
        let source = Source::new("a.png", written(picture, ImageFormat::Png));
        assert_eq!(given(&source), ALL, "{} quarters", nth + 1);
        // where a cell is shown, not where it would stand
        let at = &record(&source)["tables"]["applications"]["received"]["total"]["at"]["box"];
        let [x, y] = [0, 1].map(|nth| at[nth].as_f64().expect("a place"));
        let is_there = match nth {
            0 => y > 400.0,
            1 => x < 200.0 && y > 400.0,
            _ => y < 200.0,
        };
        assert!(is_there, "{} quarters: {at}", nth + 1);
    }
}

fn folder(name: &str) -> PathBuf {
    let folder =
        std::env::temp_dir().join(format!("nianbao-pictures-{}-{name}", std::process::id()));
    std::fs::create_dir_all(folder.join("t")).expect("there is a temporary folder");
    folder
}

fn pack(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(*name, options).expect("memory can be written");
        writer.write_all(bytes).expect("memory can be written");
    }
    writer.finish().expect("memory can be written").into_inner()
}

/// A page that shows a picture.
fn page(address: &str) -> String {
    format!(
        "<html><body><p>政府信息公开年度报告</p><p>共 1 页</p><p><img src=\"{address}\"></p>\
         <p>五、存在的主要问题及改进情况</p><p>2023年还有不足。</p></body></html>"
    )
}

#[test]
fn ok_pictures_in_pages() {
    use_recorded();
    let data = base64::engine::general_purpose::STANDARD.encode(PNG);
    let within = Source::new("a.html", page(&format!("data:image/png;base64,{data}")));
    assert_eq!(given(&within), ALL, "in the page");
    // what stands behind the picture is text of the page again
    let record = record(&within);
    let sections = record["sections"].as_array().expect("it has sections");
    let last = sections.last().expect("it has sections");
    assert_eq!(
        (&last["key"], &last["paragraphs"][0]),
        (&"problems".into(), &"2023年还有不足。".into())
    );

    let beside = folder("beside");
    std::fs::write(beside.join("t/1.png"), PNG).expect("a file can be written");
    std::fs::write(beside.join("a.html"), page("t/1.png")).expect("a file can be written");
    let name = beside.join("a.html").to_string_lossy().into_owned();
    let source = again::open(&name).expect("it was written");
    assert_eq!(given(&source), ALL, "beside the page");
    let away = Source::new(name, page("../t/1.png"));
    assert_eq!(given(&away), 0, "a page leads to nothing outside of its folder");
    let archive = beside.join("a.zip");
    let packed = pack(&[("x/a.html", page("t/1.png").as_bytes()), ("x/t/1.png", PNG)]);
    std::fs::write(&archive, packed).expect("a file can be written");
    let name = format!("{}!/x/a.html", archive.display());
    assert_eq!(given(&again::open(&name).expect("it was written")), ALL, "in the same archive");
    std::fs::remove_dir_all(&beside).expect("what was made can be removed");

    let saved = format!(
        "MIME-Version: 1.0\r\nContent-Type: multipart/related; type=\"text/html\"; boundary=\"b\"\r\n\r\n\
         --b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{}\r\n\
         --b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\
         Content-Location: http://a.cn/t/1.png\r\n\r\n{data}\r\n--b--\r\n",
        page("http://a.cn/t/1.png")
    );
    assert_eq!(given(&Source::new("a.mht", saved)), ALL, "in a saved page");
}

#[test]
fn ok_pictures_in_office_documents() {
    use_recorded();
    let document = "<w:document><w:body><w:p><w:r><w:t>政府信息公开年度报告</w:t></w:r></w:p>\
        <w:p><w:r><w:drawing><a:blip r:embed=\"p\"/></w:drawing></w:r></w:p></w:body></w:document>";
    let relations = "<Relationships><Relationship Id=\"p\" Type=\"image\" Target=\"media/1.png\"/></Relationships>";
    let parts: [(&str, &[u8]); 4] = [
        ("[Content_Types].xml", b"<Types/>"),
        ("word/document.xml", document.as_bytes()),
        ("word/_rels/document.xml.rels", relations.as_bytes()),
        ("word/media/1.png", PNG),
    ];
    assert_eq!(given(&Source::new("a.docx", pack(&parts))), ALL, "DOCX");
    let page = "<Page><Content><Layer><ImageObject ResourceID='9' Boundary='0 0 210 297' CTM='210 0 0 297 0 0'/>\
        </Layer></Content></Page>";
    let document = "<Document><CommonData><PageArea><PhysicalBox>0 0 210 297</PhysicalBox></PageArea>\
        <PublicRes>Res.xml</PublicRes></CommonData><Pages><Page ID='1' BaseLoc='Page.xml'/></Pages></Document>";
    let resources = "<Res BaseLoc='Res'><MultiMedias><MultiMedia ID='9' Type='Image'>\
        <MediaFile>a.png</MediaFile></MultiMedia></MultiMedias></Res>";
    let parts: [(&str, &[u8]); 5] = [
        ("OFD.xml", b"<OFD><DocBody><DocRoot>Doc_0/Document.xml</DocRoot></DocBody></OFD>"),
        ("Doc_0/Document.xml", document.as_bytes()),
        ("Doc_0/Page.xml", page.as_bytes()),
        ("Doc_0/Res.xml", resources.as_bytes()),
        ("Doc_0/Res/a.png", PNG),
    ];
    assert_eq!(given(&Source::new("a.ofd", pack(&parts))), ALL, "OFD");
}

/// A PDF of one page that is the picture, with words under it that nobody sees: each at its place from the upper left.
fn pdf(layer: &[(String, [f64; 4])]) -> Vec<u8> {
    let picture = picture().into_luma8();
    let (width, height) = (f64::from(picture.width()), f64::from(picture.height()));
    // as the file of the picture is laid out: as high as A4
    let scale = width.max(height) / 842.0;
    let (across, down) = (width / scale, height / scale);
    let mut contents = format!("q {across} 0 0 {down} 0 0 cm /P Do Q BT 3 Tr /F 9 Tf\n");
    for (word, [left, _, right, bottom]) in layer {
        let letters = f64::from(u32::try_from(word.len()).expect("a word"));
        let (x, y) = (f64::midpoint(*left, *right) - 2.25 * letters, down - bottom + 4.0);
        writeln!(contents, "1 0 0 1 {x} {y} Tm ({word}) Tj").expect("a string");
    }
    contents += "ET";
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 {across} {down}]/Contents 4 0 R\
             /Resources<</XObject<</P 5 0 R>>/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>"
        ),
        format!("<</Length {}>> stream\n{contents}\nendstream", contents.len()),
    ];
    let mut bytes = b"%PDF-1.7\n".to_vec();
    for (at, object) in objects.iter().enumerate() {
        bytes.extend(format!("{} 0 obj {object} endobj\n", at + 1).bytes());
    }
    let pixels = picture.into_raw();
    let head = format!(
        "5 0 obj <</Type/XObject/Subtype/Image/Width {width}/Height {height}/BitsPerComponent 8\
         /ColorSpace/DeviceGray/Length {}>> stream\n",
        pixels.len()
    );
    bytes.extend(head.bytes());
    bytes.extend(pixels);
    bytes.extend(b"\nendstream endobj\ntrailer <</Root 1 0 R/Size 6>>\nstartxref\n0\n%%EOF\n");
    bytes
}

/// The cells of two tables with their places, as they are read of the picture alone.
fn places() -> Vec<(String, [f64; 4])> {
    let record = record(&Source::new("a.png", PNG.to_vec()));
    let cells = ["applications", "review_litigation"].into_iter().flat_map(|table| {
        let rows = record["tables"][table].as_object().into_iter().flatten();
        rows.flat_map(|(_, row)| {
            row.as_object().into_iter().flatten().map(|(_, cell)| cell.clone())
        })
        .collect::<Vec<_>>()
    });
    let truth = TRUTH.lines().flat_map(|line| line.split('\t'));
    cells
        .zip(truth)
        .map(|(cell, truth)| {
            let side = |nth: usize| cell["at"]["box"][nth].as_f64().expect("a place");
            (truth.to_owned(), [0, 1, 2, 3].map(side))
        })
        .filter(|(truth, _)| !truth.is_empty())
        .collect()
}

#[test]
fn ok_words_under_a_picture_are_one_more_witness() {
    /// Of the first table.
    const ROWS: usize = 25;
    use_recorded();
    let says = places();
    let statuses = |layer: &[(String, [f64; 4])]| -> [usize; 3] {
        let source = Source::new("a.pdf", pdf(layer));
        let record = record(&source);
        let of = |status: &str| {
            let cells = record["tables"]["applications"].as_object().into_iter().flatten();
            let cells = cells.flat_map(|(_, row)| row.as_object().into_iter().flatten());
            cells.filter(|(_, cell)| cell["status"] == status).count()
        };
        assert!(given(&source) <= ALL);
        [of("read"), of("solved"), of("ambiguous")]
    };
    let printed = TRUTH.lines().take(ROWS).flat_map(|line| line.split('\t'));
    let total = printed.filter(|cell| !cell.is_empty()).count();
    // without them all is proven by sums; where they say the same, nothing is a guess
    assert_eq!(statuses(&[])[0], 0);
    let [read, _, open] = statuses(&says);
    assert!(read * 10 >= total * 9 && open == 0, "{read} of {total} are read, {open} open");
    // what says otherwise is believed nowhere: what is given still is what is printed
    // a digit twice at one place is a bold one
    let other = |word: &str| if word.starts_with('9') { '8' } else { '9' };
    let wrong: Vec<(String, [f64; 4])> =
        says.iter().map(|(word, place)| (format!("{}{word}", other(word)), *place)).collect();
    let [read, ..] = statuses(&wrong);
    assert_eq!(read, 0, "nothing of it agrees");
}

#[test]
fn ok_explained_beside_its_picture() {
    use nianbao::cli::page;
    use_recorded();
    scan::keep_pictures();
    let set = GrammarSet::built_in();
    let source = Source::new("a.png", PNG.to_vec());
    let html = page::page(&pipeline::parse(&source, &set), nianbao::lang::Lang::En);
    assert_eq!(html.matches("<image ").count(), 1, "the page is shown once");
    let shown = html.split_once("base64,").expect("the picture is in the page").1;
    let bytes = base64::engine::general_purpose::STANDARD
        .decode(shown.split('"').next().unwrap_or_default())
        .expect("it is base64");
    let shown = image::load_from_memory(&bytes).expect("it is a picture");
    assert_eq!(shown.width() > shown.height(), picture().width() > picture().height());
    // over each cell what was read, and behind all of them the sums that prove it
    assert!(html.matches("class=\"seen\"").count() >= ALL, "numbers stand over the picture");
    assert!(
        html.contains("Sums that prove values") && html.contains("applications.row_total.received")
    );
    assert!(html.contains("img-src data:"), "nothing else may be loaded");
}

#[test]
fn err_a_picture_that_is_no_report_loses_nothing() {
    use_recorded();
    let blank =
        DynamicImage::ImageLuma8(image::GrayImage::from_pixel(900, 1200, image::Luma([255])));
    let small = DynamicImage::ImageLuma8(image::GrayImage::from_pixel(30, 20, image::Luma([9])));
    for picture in [blank, small] {
        let bytes = written(&picture, ImageFormat::Png);
        let alone = record(&Source::new("a.png", bytes.clone()));
        let codes = alone["diagnostics"].as_array().expect("it has findings");
        assert!(codes.iter().any(|own| own["code"] == "no_text_layer"), "{codes:?}");
        let data = base64::engine::general_purpose::STANDARD.encode(&bytes);
        let with = record(&Source::new("a.html", page(&format!("data:image/png;base64,{data}"))));
        let without = record(&Source::new("a.html", page("")));
        assert_eq!(with["sections"], without["sections"]);
    }
}
