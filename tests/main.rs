//! Tests of whole documents, files and the command: one program, because each is linked on its own. What `cases/` and
//! `corpus/` hold are tests that no code names, and have programs of their own.

// what several of them use
#[path = "../benches/generator/mod.rs"]
#[expect(dead_code, reason = "the command that writes corpora uses the rest")]
mod generator;
mod growth;
mod invariants;
mod rendered;

// forms and prose
mod forms;
mod generated;
mod grammars;
mod issuers;
mod pairs;
mod real;
mod sections;
mod statements;

// formats of documents
mod archives;
mod encodings;
mod formats;
mod ofd;
mod pdf;
#[cfg(feature = "ocr")]
mod pictures;
#[cfg(feature = "ocr")]
mod scans;

// what must not stop it
mod hostile;
mod hostile_pages;
mod limits;
mod resume;

// what people meet
mod cli;
mod face;
mod panel;
mod verify;

// the house itself
mod layers;
