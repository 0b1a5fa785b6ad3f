//! Cases of statements with typed truth, and how an answer is held against it.

use serde::Deserialize;

/// A file of cases.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    /// Its cases.
    pub(crate) case: Vec<Case>,
}

/// A report and what it states.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    /// What is odd in it.
    pub(crate) name: String,
    /// The document.
    pub(crate) text: String,
    /// A line for each statement: measure, value or `?`, unit, and words that must hold.
    pub(crate) truth: Vec<String>,
}

/// A statement of the program, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Said {
    /// Key of the measure.
    pub(crate) measure: String,
    /// The value, or `?`.
    pub(crate) value: String,
    /// What else is so of it: unit, scope, proof, finding.
    pub(crate) is: Vec<String>,
}

/// How answers compare with the truth.
#[derive(Clone, Debug, Default)]
pub(crate) struct Score {
    /// Exact values in the truth, and those that were given.
    pub(crate) values: [usize; 2],
    /// Numbers that the truth refuses, and those that were refused so.
    pub(crate) refusals: [usize; 2],
    /// Exact values that were given, wrongly.
    pub(crate) wrong: usize,
    /// What is wrong, in words.
    pub(crate) problems: Vec<String>,
}

impl Score {
    /// Adds a case.
    pub(crate) fn add(&mut self, case: &Case, said: &[Said]) {
        let mut used = vec![false; said.len()];
        for line in &case.truth {
            let mut words = line.split_whitespace();
            let (measure, value) =
                (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            let rest: Vec<&str> = words.collect();
            let refused = value == "?";
            let place = usize::from(refused);
            let counts = if refused { &mut self.refusals } else { &mut self.values };
            counts[0] += 1;
            let is = |one: &Said| {
                one.measure == measure
                    && one.value == value
                    && rest.iter().all(|word| one.is.iter().any(|is| is == word))
            };
            let all: Vec<usize> = (0..said.len()).filter(|at| is(&said[*at])).collect();
            let fresh = all.iter().find(|at| !used[**at]).or(all.first()).copied();
            match fresh {
                Some(_) => counts[1] += 1,
                None => self.problems.push(format!("{}: not given: {line}", case.name)),
            }
            // the same said twice is one line of truth
            for at in all {
                used[at] = used[at] || Some(at) == fresh || said[at].value != "?" || place == 1;
            }
        }
        for (one, _) in said.iter().zip(used).filter(|(_, used)| !used) {
            let known = case.truth.iter().any(|line| {
                let mut words = line.split_whitespace();
                words.next() == Some(&one.measure) && words.next() == Some(&one.value)
            });
            if !known {
                self.wrong += usize::from(one.value != "?");
                self.problems.push(format!("{}: not in the truth: {one:?}", case.name));
            }
        }
    }

    /// Of a thousand values given, how many are right.
    pub(crate) fn precision(&self) -> usize {
        1000 * self.values[1] / (self.values[1] + self.wrong).max(1)
    }

    /// Of a thousand values in the truth, how many are given.
    pub(crate) fn recall(&self) -> usize {
        1000 * self.values[1] / self.values[0].max(1)
    }
}
