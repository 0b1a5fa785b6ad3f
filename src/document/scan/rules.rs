//! Ruled lines of a picture: long thin runs of ink.

/// Runs are no shorter, gaps in them no longer, and lines no thicker, in points.
const SHORTEST: f64 = 14.0;
const LONGEST_GAP: f64 = 2.0;
const THICKEST: f64 = 4.0;
/// Shares of a run that are ink within a pixel of its middle, and on it.
const NEAR: f64 = 0.85;
const ON_IT: f64 = 0.35;

/// Shorter lines are strokes of characters, unless both their ends meet other lines, in points.
const LONG: f64 = 40.0;
/// A line goes on where another is no farther aside and along, in points.
const ASIDE: f64 = 3.0;
const GOES_ON: f64 = 60.0;
/// Higher rows are higher than characters, in points.
const HIGH: f64 = 22.0;
/// Share of a short line that is ink.
const WHOLE: f64 = 0.9;
/// How far a line may end before or behind the one it meets, in points.
const MEETS: f64 = 4.0;
/// How near the edge of the picture a fold ends, and the border of a table that fills the picture stands, in points.
const EDGE: f64 = 4.0;
const CORNER: f64 = 16.0;
/// Beside a line there is paper: so far from its edges that is looked at, in points.
const BESIDE: [f64; 2] = [1.3, 2.2];
/// Shares of it that are ink where strokes of characters stand side by side; where more is, there is another line.
const STROKES: std::ops::Range<f64> = 0.2..0.7;

/// A line in pixels.
#[derive(Debug)]
pub(super) struct Rule {
    /// Its place across its direction.
    pub(super) at: f64,
    /// From where to where it goes.
    pub(super) from: f64,
    pub(super) to: f64,
    /// Whether there is ink nearly all along.
    is_whole: bool,
    /// The pixels of it.
    pixels: Vec<usize>,
}

/// The ruled lines of a picture, those across and those down, and which pixels are theirs.
pub(super) fn rules(ink: &[bool], width: usize, scale: f64) -> ([Vec<Rule>; 2], Vec<bool>) {
    let height = ink.len() / width.max(1);
    let mut across = runs(ink, width, scale);
    let mut down = runs(&transposed(ink, width), height, scale);
    for rule in &mut down {
        for at in &mut rule.pixels {
            *at = *at % height * width + *at / height;
        }
    }
    let is_long = |rule: &Rule| rule.to - rule.from >= LONG * scale;
    // no character is as high as this row
    let is_high = |rule: &Rule| rule.to - rule.from >= HIGH * scale;
    let reach = MEETS * scale;
    let meets = |rule: &Rule, others: &[Rule]| {
        let met = |end: f64| {
            others.iter().any(|other| {
                is_long(other)
                    && (other.at - end).abs() <= reach
                    && other.from - reach <= rule.at
                    && rule.at <= other.to + reach
            })
        };
        is_long(rule) || met(rule.from) && met(rule.to)
    };
    // a short one between two lines may be the stroke of a character in a low row: a border crosses a line, or goes on
    let keeps = |rules: &[Rule], others: &[Rule]| -> Vec<bool> {
        let crosses = |rule: &Rule| {
            let is_within = |at: f64| rule.from + reach < at && at < rule.to - reach;
            others.iter().any(|other| {
                is_long(other)
                    && is_within(other.at)
                    && other.from - reach <= rule.at
                    && rule.at <= other.to + reach
            })
        };
        let meets: Vec<bool> = rules.iter().map(|rule| meets(rule, others)).collect();
        let is_sure: Vec<bool> = rules
            .iter()
            .zip(&meets)
            .map(|(rule, meets)| {
                is_long(rule) || *meets && rule.is_whole && (is_high(rule) || crosses(rule))
            })
            .collect();
        let goes_on = |rule: &Rule| {
            let (aside, along) = (ASIDE * scale, GOES_ON * scale);
            rules.iter().zip(&is_sure).any(|(other, is_sure)| {
                *is_sure
                    && (other.at - rule.at).abs() <= aside
                    && other.from <= rule.to + along
                    && rule.from <= other.to + along
            })
        };
        let all = rules.iter().zip(meets.iter().zip(&is_sure));
        all.map(|(rule, (meets, is_sure))| *is_sure || *meets && goes_on(rule)).collect()
    };
    // what runs from edge to edge, and ends at no line there, is a fold of the paper
    let is_fold = |rule: &Rule, others: &[Rule], length: usize| {
        let (edge, corner) = (EDGE * scale, CORNER * scale);
        let ends = [0.0, length as f64];
        rule.from <= edge
            && rule.to >= ends[1] - edge
            && ends.iter().any(|end| !others.iter().any(|own| (own.at - end).abs() <= corner))
    };
    let (mut keep_across, mut keep_down) = (keeps(&across, &down), keeps(&down, &across));
    let mut marked = vec![false; ink.len()];
    let mut take_folds = |rules: &[Rule], keep: &mut [bool], others: &[Rule], length: usize| {
        for (rule, keep) in rules.iter().zip(keep) {
            if is_fold(rule, others, length) {
                *keep = false;
                rule.pixels.iter().for_each(|at| marked[*at] = true);
            }
        }
    };
    take_folds(&across, &mut keep_across, &down, width);
    take_folds(&down, &mut keep_down, &across, height);
    for (rules, keep) in [(&mut across, keep_across), (&mut down, keep_down)] {
        let mut keep = keep.into_iter();
        rules.retain(|_| keep.next().unwrap_or(false));
    }
    for at in across.iter().chain(&down).flat_map(|rule| &rule.pixels) {
        marked[*at] = true;
    }
    ([across, down], marked)
}

/// Long thin runs of ink across a picture.
fn runs(ink: &[bool], width: usize, scale: f64) -> Vec<Rule> {
    let height = ink.len() / width.max(1);
    let pixels = |points: f64| (points * scale).max(1.0) as usize;
    let (shortest, gap) = (pixels(SHORTEST), pixels(LONGEST_GAP));
    let mut marked = vec![false; ink.len()];
    for y in 0..height {
        let near = |x: usize| {
            let at = y * width + x;
            ink[at] || (y > 0 && ink[at - width]) || (y + 1 < height && ink[at + width])
        };
        let mut x = 0;
        while x < width {
            if !near(x) {
                x += 1;
                continue;
            }
            let (from, mut to, mut hits, mut own) = (x, x, 0usize, 0usize);
            while x < width && x - to <= gap {
                if near(x) {
                    to = x;
                    hits += 1;
                    own += usize::from(ink[y * width + x]);
                }
                x += 1;
            }
            let length = to + 1 - from;
            let share = |count: usize| count as f64 / length as f64;
            if length >= shortest && share(hits) >= NEAR && share(own) >= ON_IT {
                for at in from..=to {
                    marked[y * width + at] = true;
                }
            }
        }
    }
    let mut rules = Vec::new();
    let mut seen = vec![false; ink.len()];
    let mut open = Vec::new();
    for start in 0..marked.len() {
        if !marked[start] || seen[start] {
            continue;
        }
        seen[start] = true;
        open.push(start);
        let (mut from, mut to, mut sum, mut pixels) = (width, 0, 0usize, Vec::new());
        while let Some(at) = open.pop() {
            let (x, y) = (at % width, at / width);
            (from, to) = (from.min(x), to.max(x));
            sum += y;
            pixels.push(at);
            for dy in [-1isize, 0, 1] {
                for dx in [-1isize, 0, 1] {
                    let (Some(nx), Some(ny)) = (x.checked_add_signed(dx), y.checked_add_signed(dy))
                    else {
                        continue;
                    };
                    if nx < width
                        && ny < height
                        && marked[ny * width + nx]
                        && !seen[ny * width + nx]
                    {
                        seen[ny * width + nx] = true;
                        open.push(ny * width + nx);
                    }
                }
            }
        }
        let length = (to + 1 - from) as f64;
        let count = pixels.len() as f64;
        if count / length <= THICKEST * scale {
            let mut inked = vec![false; to + 1 - from];
            for at in &pixels {
                inked[at % width - from] |= ink[*at];
            }
            let is_whole = inked.iter().filter(|ink| **ink).count() as f64 >= WHOLE * length;
            if is_text(ink, width, scale, (from, to), &pixels) {
                continue;
            }
            let at = sum as f64 / count;
            rules.push(Rule { at, from: from as f64, to: to as f64, is_whole, pixels });
        }
    }
    rules
}

/// Whether a run of ink is strokes of characters that stand in a row: the rest of them is above or below.
fn is_text(
    ink: &[bool],
    width: usize,
    scale: f64,
    (from, to): (usize, usize),
    own: &[usize],
) -> bool {
    let mut edges = vec![(usize::MAX, 0); to + 1 - from];
    for at in own {
        let (top, bottom) = &mut edges[at % width - from];
        (*top, *bottom) = ((*top).min(at / width), (*bottom).max(at / width));
    }
    let is_ink = |x: usize, y: Option<usize>| {
        y.is_some_and(|y| ink.get(y * width + x).copied().unwrap_or(false))
    };
    let (mut above, mut below, mut count) = (0usize, 0usize, 0usize);
    for (x, (top, bottom)) in (from..).zip(edges) {
        if top == usize::MAX {
            continue;
        }
        for beside in BESIDE {
            let by = (beside * scale).round().max(1.0) as usize;
            above += usize::from(is_ink(x, top.checked_sub(by)));
            below += usize::from(is_ink(x, bottom.checked_add(by)));
            count += 1;
        }
    }
    let share = above.max(below) as f64 / count.max(1) as f64;
    STROKES.contains(&share)
}

/// The picture with its columns as rows.
fn transposed(ink: &[bool], width: usize) -> Vec<bool> {
    let height = ink.len() / width.max(1);
    let mut out = vec![false; ink.len()];
    for y in 0..height {
        for x in 0..width {
            out[x * height + y] = ink[y * width + x];
        }
    }
    out
}
