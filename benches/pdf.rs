//! How much reading a PDF costs on top of drawing it: `cargo bench --bench pdf`, the PDFs of the corpus unless
//! NIANBAO_PDF names another folder.
//!
//! The floor is what the PDF library takes to draw all pages for somebody who only collects the characters.

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use hayro_interpret::font::{Glyph, GlyphRun};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::kurbo::{BezPath, Rect};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps,
    InterpreterCache, InterpreterSettings, SoftMask, TransformExt, interpret_page,
};
use nianbao::document;
use nianbao::grammar::GrammarSet;
use nianbao::pipeline;
use nianbao::records::json::Writer;
use nianbao::source::Source;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

static SOURCES: LazyLock<Vec<Source>> = LazyLock::new(|| {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut folders = vec![std::env::var_os("NIANBAO_PDF").map_or(corpus, PathBuf::from)];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the folder is there") {
            let path = entry.expect("it can be listed").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "pdf") {
                let bytes = std::fs::read(&path).expect("it can be read");
                sources.push(Source::new(path.to_string_lossy(), bytes));
            }
        }
    }
    sources
});
static GRAMMARS: LazyLock<GrammarSet> = LazyLock::new(GrammarSet::built_in);

fn main() {
    LazyLock::force(&SOURCES);
    LazyLock::force(&GRAMMARS);
    divan::main();
}

fn bytes() -> BytesCount {
    BytesCount::new(SOURCES.iter().map(|source| source.bytes.len()).sum::<usize>())
}

/// Collects the characters and nothing else.
struct Characters(String);

impl<'a> Device<'a> for Characters {
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn draw_rect(&mut self, _: &Rect, _: DrawProps<'a>, _: &DrawMode) {}
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, _: DrawProps<'a>, _: &DrawMode) {
        for glyph in run.glyphs() {
            let text = match &**glyph {
                Glyph::Outline(outline) => outline.as_unicode(),
                Glyph::Type3(drawn) => drawn.as_unicode(),
            };
            match text {
                Some(BfString::Char(c)) => self.0.push(c),
                Some(BfString::String(text)) => self.0.push_str(&text),
                None => {}
            }
        }
    }
    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_clip_rect(&mut self, _: &Rect) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

fn characters(bytes: &[u8]) -> String {
    let mut found = Characters(String::new());
    let Ok(pdf) = Pdf::new(bytes.to_vec()) else { return found.0 };
    let cache = InterpreterCache::new();
    for page in pdf.pages().iter() {
        let (width, height) = page.render_dimensions();
        let bounds = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        let transform = page.initial_transform(true).to_kurbo();
        let settings = InterpreterSettings::default();
        let mut context = Context::new(transform, bounds, &cache, page.xref(), settings);
        interpret_page(page, &mut context, &mut found);
    }
    found.0
}

#[divan::bench]
fn characters_alone(bencher: Bencher<'_, '_>) {
    bencher.counter(bytes()).bench_local(|| {
        for source in SOURCES.iter() {
            black_box(characters(&source.bytes));
        }
    });
}

#[divan::bench]
fn document(bencher: Bencher<'_, '_>) {
    bencher.counter(bytes()).bench_local(|| {
        for source in SOURCES.iter() {
            black_box(document::read(source));
        }
    });
}

#[divan::bench]
fn whole(bencher: Bencher<'_, '_>) {
    let writer = Writer::new(&GRAMMARS);
    let mut out = Vec::new();
    bencher.counter(bytes()).bench_local(|| {
        for source in SOURCES.iter() {
            out.clear();
            writer.write(&pipeline::parse(source, &GRAMMARS), &mut out);
            black_box(&out);
        }
    });
}
