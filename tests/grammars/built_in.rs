//! What must hold of every grammar in `grammars/`, without any document.

use nianbao::grammar::matcher::letters;
use nianbao::grammar::{Each, Grammar, GrammarSet, Table};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The keys of RECORDS.md; `fees` and `consultations` are sections of reports before the forms.
const SECTIONS: &str =
    "overview proactive applications fees consultations review_litigation problems other";
const TABLES: &str = "proactive applications review_litigation processing_fees indicators penalties licences coercion other_acts";
const ROWS: &str = "received carried_in granted partly_granted refused.state_secret refused.prohibited_by_law \
    refused.safety_stability refused.third_party_rights refused.internal_affairs refused.process_information \
    refused.enforcement_file refused.administrative_query unavailable.not_held unavailable.needs_creation \
    unavailable.unclear_after_correction not_processed.petition not_processed.repeat not_processed.publication \
    not_processed.excessive not_processed.confirmation other other.not_corrected other.fee_unpaid other.rest \
    outcome_total carried_out reconsideration litigation_direct litigation_after_reconsideration regulations \
    normative_documents licences other_services penalties coercive_measures fees procurement charged all * total";
const COLUMNS: &str = "natural_person business research public_interest legal_service other_org total upheld corrected \
    other pending produced published public_total items_last_year change decisions items amount issued repealed in_force \
    notices amount_noticed amount_received year cumulative value period warning criticism warning_criticism fine confiscated_income \
    confiscated_goods confiscated licence_suspended licence_downgraded licence_suspended_downgraded licence_revoked \
    activities_restricted production_stopped closed employment_restricted detention applied accepted licensed refused revoked";
/// Those of RECORDS.md are the least; tables of indicators, coercion and other acts have the rows and columns that are printed.
const OPEN: &str = "indicators coercion other_acts penalties";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn tables(set: &GrammarSet) -> impl Iterator<Item = (&Grammar, &Table)> {
    set.all().iter().flat_map(|grammar| grammar.tables.iter().map(move |table| (grammar, table)))
}

fn known(list: &str, key: &str) -> bool {
    list.split_whitespace().any(|word| word == key)
}

#[test]
fn every_file_is_built_in() {
    let mut ids = Vec::new();
    for folder in fs::read_dir(root().join("grammars")).expect("grammars/ is there") {
        let folder = folder.expect("grammars/ can be listed").path();
        let Some(form) = folder.file_name().filter(|_| folder.is_dir()) else { continue };
        // lists of words, no form
        if form == "words" {
            continue;
        }
        for file in fs::read_dir(&folder).expect("the folder can be listed") {
            let path = file.expect("the folder can be listed").path();
            if path.extension().is_some_and(|e| e == "toml") {
                let edition = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                ids.push(format!("{}-{edition}", form.to_string_lossy()));
            }
        }
    }
    ids.sort();
    let set = GrammarSet::built_in();
    let mut built_in: Vec<&str> = set.all().iter().map(|g| g.id.as_str()).collect();
    built_in.sort_unstable();
    assert_eq!(ids, built_in, "files of grammars/ against the built-in forms");
}

#[test]
fn every_form_has_a_gold_case() {
    for grammar in GrammarSet::built_in().all() {
        let folder = root().join("corpus").join(&grammar.id);
        let gold = fs::read_dir(&folder)
            .unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
            .filter_map(Result::ok)
            .filter_map(|case| fs::read_to_string(case.path().join("case.toml")).ok())
            .filter(|about| about.contains("truth = \"gold\""))
            .count();
        assert!(gold > 0, "{} has no gold case", grammar.id);
    }
}

#[test]
fn every_key_is_one_of_the_record_contract() {
    let set = GrammarSet::built_in();
    let mut unknown = Vec::new();
    let mut look = |list: &str, kind: &str, key: &str| {
        if !known(list, key) {
            unknown.push(format!("{kind} {key}"));
        }
    };
    for grammar in set.all() {
        grammar.sections.iter().for_each(|section| look(SECTIONS, "section", &section.key));
    }
    for (_, table) in tables(&set) {
        look(TABLES, "table", &table.key);
        if known(OPEN, &table.key) {
            continue;
        }
        table.rows.iter().for_each(|row| look(ROWS, "row", &row.key));
        table.columns.iter().for_each(|column| look(COLUMNS, "column", &column.key));
    }
    assert!(unknown.is_empty(), "not in RECORDS.md: {unknown:?}");
}

#[test]
fn every_key_of_the_record_contract_is_used() {
    let set = GrammarSet::built_in();
    for key in ROWS.split_whitespace() {
        assert!(tables(&set).any(|(_, t)| t.rows.iter().any(|row| row.key == key)), "row {key}");
    }
    for key in COLUMNS.split_whitespace() {
        assert!(tables(&set).any(|(_, t)| t.columns.iter().any(|c| c.key == key)), "column {key}");
    }
}

/// Labels of different rows, or of different columns, of one table differ by letters and not by layout alone.
#[test]
fn labels_are_unique_within_a_table() {
    let set = GrammarSet::built_in();
    let mut twice = Vec::new();
    // in a printed table the group over a column tells it from others, or the order
    for (grammar, table) in tables(&set).filter(|(_, table)| !table.printed) {
        let rows = table.rows.iter().map(|row| (&row.key, &row.labels));
        // the columns of a version stand instead of others
        let columns = table.columns.iter().enumerate();
        let columns = columns.filter(|(c, _)| table.rows.iter().any(|row| row.columns.contains(c)));
        let columns = columns.map(|(_, column)| (&column.key, &column.labels));
        for labels in [rows.collect::<Vec<_>>(), columns.collect()] {
            let mut seen: BTreeMap<String, &str> = BTreeMap::new();
            for (key, label) in labels.iter().flat_map(|(k, ls)| ls.iter().map(move |l| (*k, l))) {
                if let Some(other) = seen.insert(letters(label), key) {
                    twice.push(format!("{} {}: {label} ({other}, {key})", grammar.id, table.key));
                }
            }
        }
    }
    assert!(twice.is_empty(), "{}", twice.join("\n"));
}

#[test]
fn titles_of_sections_are_unique() {
    let mut twice = Vec::new();
    for grammar in GrammarSet::built_in().all() {
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        for section in &grammar.sections {
            for title in &section.titles {
                if let Some(other) = seen.insert(letters(title), &section.key) {
                    twice.push(format!("{}: {title} ({other}, {})", grammar.id, section.key));
                }
            }
        }
    }
    assert!(twice.is_empty(), "{}", twice.join("\n"));
}

#[test]
fn every_equation_applies_and_every_total_is_bound() {
    let set = GrammarSet::built_in();
    for (grammar, table) in tables(&set) {
        for equation in &table.equations {
            let count = match equation.each {
                Each::Row => table.rows.len(),
                Each::Column => table.columns.len(),
            };
            let applies = |at: usize| {
                equation.terms.iter().all(|&(_, name)| match equation.each {
                    Each::Row => table.rows[at].columns.contains(&name),
                    Each::Column => table.rows[name].columns.contains(&at),
                })
            };
            assert!((0..count).any(applies), "{} {}.{}", grammar.id, table.key, equation.id);
            assert!(equation.left > 0 && equation.left < equation.terms.len(), "{}", equation.id);
        }
        if let Some(total) = table.columns.iter().position(|c| c.key == "total") {
            let bound = table
                .equations
                .iter()
                .any(|e| e.each == Each::Row && e.terms.iter().any(|&(_, column)| column == total));
            assert!(bound, "{} {}: nothing says what the total is", grammar.id, table.key);
        }
    }
}

#[test]
fn every_variant_of_a_table_has_its_key_and_columns() {
    let set = GrammarSet::built_in();
    for grammar in set.all() {
        for table in &grammar.tables {
            let Some(of) = table.variant_of else { continue };
            let base = &grammar.tables[of];
            assert_eq!((base.variant_of, &base.key), (None, &table.key));
            let keys = |t: &Table| t.columns.iter().map(|c| c.key.clone()).collect::<Vec<_>>();
            assert_eq!(keys(base), keys(table));
        }
    }
}

#[test]
fn words_that_claim_a_document_speak_for_one_form() {
    let set = GrammarSet::built_in();
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for grammar in set.all() {
        for word in &grammar.words {
            let other = seen.insert(letters(word), &grammar.id);
            assert_eq!(other, None, "{word} speaks for {}, too", grammar.id);
        }
    }
    assert!(Path::new(&root()).join("grammars").is_dir());
}
