//! How fast each stage is, in bytes of document a second: `cargo bench --bench stages`.
//!
//! All stages get the same documents, and each what the stages before it made of them, so the times add up to about
//! that of `whole`; `json` comes on top. MB/s are of document bytes everywhere, so stages can be compared.

#[expect(dead_code, reason = "the command that writes corpora uses the rest")]
mod generator;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use generator::{Options, Shape, report};
use nianbao::document::{self, Document, html};
use nianbao::grammar::{Grammar, GrammarSet, Hit};
use nianbao::lines::Skeleton;
use nianbao::reading::{self, Hints};
use nianbao::records::json::Writer;
use nianbao::records::{issuer, paragraphs};
use nianbao::source::Source;
use nianbao::span::Span;
use nianbao::tables::{self, Evidence};
use nianbao::{checks, pipeline, sections};
use std::sync::LazyLock;

/// Documents in the slice: every layout many times, and small enough for the cache of a laptop.
const DOCUMENTS: u64 = 200;

static SOURCES: LazyLock<Vec<Source>> = LazyLock::new(|| {
    let source = |seed| {
        Source::new(format!("{seed}.txt"), report(seed, &Options::mixed(seed)).text.into_bytes())
    };
    (0..DOCUMENTS).map(source).collect()
});
static GRAMMARS: LazyLock<GrammarSet> = LazyLock::new(GrammarSet::built_in);
static STAGED: LazyLock<Vec<Staged>> = LazyLock::new(|| SOURCES.iter().map(Staged::new).collect());

/// A document at every stage.
struct Staged {
    document: Document<'static>,
    skeleton: Skeleton,
    grammar: &'static Grammar,
    hits: Vec<Hit>,
    tables: Vec<(usize, Option<Evidence>)>,
}

impl Staged {
    fn new(source: &'static Source) -> Self {
        let document = document::read(source);
        let skeleton = Skeleton::new(&document.text);
        let claims = GRAMMARS.claims(&skeleton);
        let grammar = claims.first().copied().unwrap_or(&GRAMMARS.all()[0]);
        let mut hits = Vec::new();
        grammar.matcher.find(&skeleton, &mut hits);
        let tables = evidence(grammar, &document, &skeleton, &hits);
        Self { document, skeleton, grammar, hits, tables }
    }
}

fn evidence(
    grammar: &Grammar,
    document: &Document<'_>,
    skeleton: &Skeleton,
    hits: &[Hit],
) -> Vec<(usize, Option<Evidence>)> {
    let collect = |region| tables::collect(grammar, document, skeleton, hits, region);
    let regions = tables::regions(grammar, skeleton, hits);
    regions.into_iter().map(|(table, region)| (table, region.map(collect))).collect()
}

fn main() {
    LazyLock::force(&STAGED);
    divan::main();
}

/// Pages in the markup that Word leaves, most of it attributes.
static PAGES: LazyLock<Vec<Source>> = LazyLock::new(|| {
    let options = Options { shape: Some(Shape::PageWord), ..Options::default() };
    (0..DOCUMENTS)
        .map(|seed| Source::new(format!("{seed}.html"), report(seed, &options).text.into_bytes()))
        .collect()
});

fn page_bytes() -> BytesCount {
    BytesCount::new(PAGES.iter().map(|source| source.bytes.len()).sum::<usize>())
}

fn page(source: &Source) -> &str {
    std::str::from_utf8(&source.bytes).unwrap_or_default()
}

/// A library's tokeniser alone, to compare with.
#[divan::bench]
fn page_by_library(bencher: Bencher<'_, '_>) {
    bencher.counter(page_bytes()).bench(|| {
        for source in PAGES.iter() {
            html5gum::Tokenizer::new(page(source))
                .flatten()
                .for_each(|token| drop(black_box(token)));
        }
    });
}

#[divan::bench]
fn page_tokens(bencher: Bencher<'_, '_>) {
    bencher.counter(page_bytes()).bench(|| {
        for source in PAGES.iter() {
            html::tokens::Tokens::new(page(source)).for_each(|token| drop(black_box(token)));
        }
    });
}

#[divan::bench]
fn page_blocks(bencher: Bencher<'_, '_>) {
    bencher.counter(page_bytes()).bench(|| {
        for source in PAGES.iter() {
            black_box(html::read(page(source)));
        }
    });
}

#[divan::bench]
fn page_whole(bencher: Bencher<'_, '_>) {
    bencher.counter(page_bytes()).bench(|| {
        for source in PAGES.iter() {
            black_box(pipeline::parse(source, &GRAMMARS));
        }
    });
}

fn bytes() -> BytesCount {
    BytesCount::new(SOURCES.iter().map(|source| source.bytes.len()).sum::<usize>())
}

#[divan::bench]
fn decode(bencher: Bencher<'_, '_>) {
    bencher.counter(bytes()).bench(|| {
        for source in SOURCES.iter() {
            black_box(document::read(source));
        }
    });
}

#[divan::bench]
fn skeleton(bencher: Bencher<'_, '_>) {
    bencher.counter(bytes()).bench(|| {
        for staged in STAGED.iter() {
            black_box(Skeleton::new(&staged.document.text));
        }
    });
}

#[divan::bench]
fn claims(bencher: Bencher<'_, '_>) {
    bencher.counter(bytes()).bench(|| {
        for staged in STAGED.iter() {
            black_box(GRAMMARS.claims(&staged.skeleton));
        }
    });
}

#[divan::bench]
fn labels(bencher: Bencher<'_, '_>) {
    let mut hits = Vec::new();
    bencher.counter(bytes()).bench_local(|| {
        for staged in STAGED.iter() {
            staged.grammar.matcher.find(&staged.skeleton, &mut hits);
            black_box(&hits);
        }
    });
}

#[divan::bench]
fn outline(bencher: Bencher<'_, '_>) {
    bencher.counter(bytes()).bench(|| {
        for Staged { document, skeleton, grammar, hits, .. } in STAGED.iter() {
            let lines = sections::lines::find(grammar, &document.text, skeleton, hits);
            black_box(sections::outline(grammar, &document.text, skeleton, hits, &lines));
        }
    });
}

#[divan::bench]
fn tables(bencher: Bencher<'_, '_>) {
    bencher.counter(bytes()).bench(|| {
        for Staged { document, skeleton, grammar, hits, .. } in STAGED.iter() {
            black_box(evidence(grammar, document, skeleton, hits));
        }
    });
}

#[divan::bench]
fn reading(bencher: Bencher<'_, '_>) {
    bencher.counter(bytes()).bench(|| {
        for Staged { document, skeleton, grammar, tables, .. } in STAGED.iter() {
            let text: &str = &document.text;
            let found =
                || tables.iter().filter_map(|(table, evidence)| Some((*table, evidence.as_ref()?)));
            let squeezed =
                found().any(|(table, evidence)| reading::squeezed(grammar, table, evidence));
            let glued = found().any(|(_, evidence)| reading::glued(evidence, text));
            let ideograph = || {
                tables.iter().find_map(|(table, evidence)| {
                    reading::ideograph(grammar, text, skeleton, *table, evidence.as_ref()?)
                })
            };
            let separated = !glued
                && tables.iter().any(|(table, evidence)| {
                    evidence.as_ref().is_some_and(|own| reading::separated(grammar, *table, own))
                });
            let hints =
                Hints { squeezed, glued, separated, lines_dropped: false, ideograph: &ideograph };
            for (table, evidence) in tables {
                black_box(reading::read(grammar, *table, text, skeleton, evidence.as_ref(), hints));
            }
        }
    });
}

#[divan::bench]
fn head(bencher: Bencher<'_, '_>) {
    bencher.counter(bytes()).bench(|| {
        for Staged { document, skeleton, grammar, hits, .. } in STAGED.iter() {
            black_box(issuer::head(grammar, &document.text, skeleton, hits, ""));
        }
    });
}

/// All text outside tables as one section.
#[divan::bench]
fn prose(bencher: Bencher<'_, '_>) {
    bencher.counter(bytes()).bench(|| {
        for Staged { document, skeleton, tables, .. } in STAGED.iter() {
            let text: &str = &document.text;
            let found = tables.iter().filter_map(|(_, evidence)| evidence.as_ref());
            let mut holes: Vec<Span> = found.map(|evidence| evidence.span).collect();
            holes.sort_unstable();
            let all = Span::new(0, text.len() as u32);
            let layout = paragraphs::Layout::of(text, skeleton, all, &holes, false);
            black_box(paragraphs::paragraphs(text, skeleton, layout, all, &holes));
        }
    });
}

#[divan::bench]
fn judge(bencher: Bencher<'_, '_>) {
    let reports: Vec<_> = SOURCES.iter().map(|s| pipeline::parse(s, &GRAMMARS)).collect();
    bencher.counter(bytes()).bench_local(|| {
        for report in &reports {
            if let Some(grammar) = report.form.as_deref() {
                black_box(checks::judge(grammar, &report.tables));
            }
        }
    });
}

#[divan::bench]
fn sha256(bencher: Bencher<'_, '_>) {
    bencher.counter(bytes()).bench(|| {
        for source in SOURCES.iter() {
            black_box(source.sha256());
        }
    });
}

#[divan::bench]
fn whole(bencher: Bencher<'_, '_>) {
    bencher.counter(bytes()).bench(|| {
        for source in SOURCES.iter() {
            black_box(pipeline::parse(source, &GRAMMARS));
        }
    });
}

#[divan::bench]
fn json(bencher: Bencher<'_, '_>) {
    let reports: Vec<_> = SOURCES.iter().map(|s| pipeline::parse(s, &GRAMMARS)).collect();
    let writer = Writer::new(&GRAMMARS);
    let mut out = Vec::new();
    bencher.counter(bytes()).bench_local(|| {
        out.clear();
        for report in &reports {
            writer.write(report, &mut out);
        }
        black_box(&out);
    });
}
