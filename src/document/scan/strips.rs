//! Lines of text in a region of a picture.

/// In pixels: left, upper, right and lower end, the last two beyond it.
pub(super) type Area = [usize; 4];

/// Smallest spot that is a part of a character, lowest line, and how near parts of a line stand, in points.
const SPOT: f64 = 2.6;
const LOWEST: f64 = 4.0;
const NEAR: f64 = 0.9;
/// Paper that is kept around a line, in points.
const PADDING: f64 = 2.2;

/// The lines of text in a region; `ink` says which pixels are ink and no ruled line.
pub(super) fn strips(region: Area, scale: f64, ink: impl Fn(usize, usize) -> bool) -> Vec<Area> {
    let [left, top, right, bottom] = region;
    let (width, height) = (right.saturating_sub(left), bottom.saturating_sub(top));
    let mut spots: Vec<Area> = spots(width, height, |x, y| ink(x + left, y + top));
    let least = SPOT * scale;
    spots.retain(|[x0, y0, x1, y1]| ((x1 - x0).max(y1 - y0)) as f64 >= least);
    spots.sort_unstable_by_key(|spot| spot[1]);
    let mut lines: Vec<Area> = Vec::new();
    for spot in spots {
        match lines.last_mut() {
            Some(line)
                if spot[1] as f64 <= line[3] as f64 + NEAR * scale
                    || ((line[3] - line[1]) as f64) < LOWEST * scale
                        && spot[1] as f64 <= line[3] as f64 + LOWEST * scale =>
            {
                *line = [
                    line[0].min(spot[0]),
                    line[1].min(spot[1]),
                    line[2].max(spot[2]),
                    line[3].max(spot[3]),
                ];
            }
            _ => lines.push(spot),
        }
    }
    lines.retain(|line| (line[3] - line[1]) as f64 >= LOWEST * scale / 2.0);
    let padding = (PADDING * scale).ceil() as usize;
    let padded = |[x0, y0, x1, y1]: Area| {
        [
            (x0 + left).saturating_sub(padding).max(left),
            (y0 + top).saturating_sub(padding).max(top),
            (x1 + left + padding).min(right),
            (y1 + top + padding).min(bottom),
        ]
    };
    lines.into_iter().map(padded).collect()
}

/// The connected spots of ink.
pub(super) fn spots(width: usize, height: usize, ink: impl Fn(usize, usize) -> bool) -> Vec<Area> {
    const SMALLEST: usize = 4;
    let mut seen = vec![false; width * height];
    let mut spots = Vec::new();
    let mut open = Vec::new();
    for start in 0..width * height {
        if seen[start] || !ink(start % width, start / width) {
            continue;
        }
        seen[start] = true;
        open.push(start);
        let (mut area, mut count) = ([width, height, 0, 0], 0);
        while let Some(at) = open.pop() {
            let (x, y) = (at % width, at / width);
            area = [area[0].min(x), area[1].min(y), area[2].max(x + 1), area[3].max(y + 1)];
            count += 1;
            for ny in y.saturating_sub(1)..(y + 2).min(height) {
                for nx in x.saturating_sub(1)..(x + 2).min(width) {
                    if !seen[ny * width + nx] && ink(nx, ny) {
                        seen[ny * width + nx] = true;
                        open.push(ny * width + nx);
                    }
                }
            }
        }
        if count >= SMALLEST {
            spots.push(area);
        }
    }
    spots
}
