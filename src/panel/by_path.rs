//! Place and year of a document that does not say them, from the names of its folders and its file:
//! `湖南省/怀化市/通道侗族自治县/2022年政府信息公开工作年度报告.ofd`. They are enough to say that there is a document, and are never
//! asked for one that has cells.

use crate::places::{Division, LATEST, places, related};

/// Years that reports can be on.
const YEARS: std::ops::RangeInclusive<i32> = 2007..=LATEST;

/// Letters of a file name beside places and years that name no body: those of `人民政府信息公开工作年度报告（正文）.pdf`.
const OF_NO_BODY: &str =
    "人民政府信息公开工作情况年度报告总结统计表正文全扫描件文档附原版盖章号第页份本级的";

/// The names in a path, the innermost first, without the ending of the file's.
fn names(source: &str) -> impl DoubleEndedIterator<Item = &str> {
    let stem = source.rsplit_once('.').map_or(source, |(stem, end)| {
        // 湖南省.2022/… is no ending
        if end.len() <= 5 && end.is_ascii() && !end.contains(['/', '\\']) { stem } else { source }
    });
    stem.split(['/', '\\']).map(|name| name.trim_end_matches('!')).rev()
}

/// The year that the innermost name with a year has, where that is one year.
pub(super) fn year(source: &str) -> Option<i32> {
    let found = names(source).map(years).find(|years| !years.is_empty())?;
    found.iter().all(|year| *year == found[0]).then_some(found[0])
}

/// Numbers of four digits that are years, and no part of a date.
fn years(name: &str) -> Vec<i32> {
    let mut found = Vec::new();
    let bytes = name.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let length = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        if length == 4
            && let Ok(year) = name[at..at + 4].parse()
            && YEARS.contains(&year)
            && !is_date(&name[at + 4..])
        {
            found.push(year);
        }
        at += length.max(1);
    }
    found
}

/// Whether what follows a year makes it a date: `-01-12`, `年1月`, `.1.12`.
fn is_date(rest: &str) -> bool {
    let Some(rest) = rest.strip_prefix(['-', '.', '_', '年']) else { return false };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    (1..=2).contains(&digits) && rest[digits..].starts_with(['-', '.', '_', '月'])
}

/// The place that a path names, from the outside in, where every name lies in the one before it and none from the first
/// on says something of another body.
pub(super) fn place(source: &str, year: i32) -> Option<&'static Division> {
    let table = places();
    let when = year.clamp(1980, LATEST);
    let mut found: Option<&'static Division> = None;
    for name in names(source).rev() {
        let mut rest = name.trim_start_matches(|c: char| !is_letter(c));
        while let Some((bytes, rows)) = table.at_start(rest) {
            let is_there = |row: &&'static Division| row.first <= when && when <= row.last;
            let is_inside = |row: &&'static Division| {
                found.is_none_or(|outer| related(outer.code, row.code) && row.code != outer.code)
            };
            let mut within = rows.iter().map(|at| table.row(*at)).filter(is_there);
            let again = within.clone().any(|row| found.is_some_and(|f| f.code == row.code));
            if !again {
                let first = within.find(is_inside)?;
                if within.any(|row| is_inside(&row)) {
                    return None;
                }
                found = Some(first);
            }
            rest = rest[bytes..].trim_start_matches(|c: char| !is_letter(c));
        }
        let is_of_a_body = |c: char| is_letter(c) && !OF_NO_BODY.contains(c);
        if found.is_some() && rest.contains(is_of_a_body) {
            return None;
        }
    }
    found
}

/// What browsers let the folder end with that has the pictures of a saved page.
const OF_A_PAGE: [&str; 2] = ["_files", ".files"];

/// Endings of pictures that pages of a report may be.
const PICTURES: [&str; 5] = ["png", "jpg", "jpeg", "tif", "tiff"];

/// Whether a file is a picture by its name.
pub(super) fn is_picture(source: &str) -> bool {
    let ending = source.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| PICTURES.contains(&&*ending))
}

/// Whether a file is a picture of a report, as far as names say it: its folders and its name have one place and one year, and
/// it is no picture of a saved page (`2022_files/logo.png`, `images/top.jpg`). Nobody reads it, but that it is there counts.
pub fn is_picture_of_a_report(source: &str) -> bool {
    let is_of_a_page = |folder: &str| {
        OF_A_PAGE.iter().any(|end| folder.ends_with(end))
            || folder.chars().all(|c| c.is_ascii_alphabetic())
    };
    let is_of_a_place = |name: &str| name.chars().any(is_letter);
    let is_told = |name: &&str| is_of_a_place(name) || !years(name).is_empty();
    // its own name says something, or the innermost folder that does is not of a page
    let mut inner = names(source);
    is_picture(source)
        && (inner.next().is_some_and(is_of_a_place)
            || inner
                .find(|name| is_of_a_page(name) || is_told(name))
                .is_some_and(|n| !is_of_a_page(n)))
        && year(source).is_some_and(|year| place(source, year).is_some())
}

/// Province, prefecture and name of a place.
pub(super) fn full_name(row: &Division, year: i32) -> String {
    let table = places();
    let when = year.clamp(1980, LATEST);
    let outer = [table.province(row.code, when), table.prefecture(row.code, when)];
    let mut text: String =
        outer.into_iter().flatten().filter(|o| o.code != row.code).map(|o| o.name).collect();
    text.push_str(row.name);
    text
}

/// Whether a letter is of a word: no digit, no sign, no Latin letter.
fn is_letter(c: char) -> bool {
    c.is_alphabetic() && !c.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(source: &str) -> (Option<u32>, Option<i32>) {
        let year = year(source);
        (place(source, year.unwrap_or(LATEST)).map(|row| row.code), year)
    }

    #[test]
    fn ok_places_and_years() {
        let tongdao = Some(431_230);
        assert_eq!(
            of("湖南省/怀化市/通道侗族自治县/2022年政府信息公开工作年度报告.ofd"),
            (tongdao, Some(2022))
        );
        assert_eq!(of("湖南省.zip!/2021/湖南省怀化市通道侗族自治县.pdf"), (tongdao, Some(2021)));
        assert_eq!(
            of("2019/湖南省/怀化市/怀化市通道侗族自治县人民政府年报.pdf"),
            (tongdao, Some(2019))
        );
        assert_eq!(of("out/河南省2020/鲁山县.png").0, Some(410_423));
    }

    #[test]
    fn err_no_body_or_another() {
        // a department of the county, a district of many names, a place outside of the one before
        assert_eq!(of("湖南省/怀化市/通道侗族自治县/教育局2021.pdf").0, None);
        assert_eq!(of("湖南省/怀化市/通道侗族自治县/教育局/2021年.pdf").0, None);
        assert_eq!(of("2021/鼓楼区.pdf").0, None);
        assert_eq!(of("湖南省/鲁山县2021.pdf").0, None);
        assert_eq!(of("scan.pdf"), (None, None));
    }

    #[test]
    fn ok_pictures_of_reports() {
        let folder = "湖南省/怀化市/通道侗族自治县";
        for name in ["2022/1.jpg", "2022年报.PNG", "2022年扫描件/第3页.tif"] {
            assert!(is_picture_of_a_report(&format!("{folder}/{name}")), "{name}");
        }
        assert!(is_picture_of_a_report("湖南省.zip!/通道侗族自治县/2021.jpeg"));
        assert!(is_picture_of_a_report("scans/湖南省怀化市通道侗族自治县2021.png"));
        // of a page, of no year, of a department, no picture
        for name in [
            "2022年报_files/logo.png",
            "2022/images/top.jpg",
            "1.jpg",
            "2022/教育局.jpg",
            "2022/1.gif",
        ] {
            assert!(!is_picture_of_a_report(&format!("{folder}/{name}")), "{name}");
        }
        assert!(!is_picture_of_a_report("2022/1.jpg"));
    }

    #[test]
    fn err_dates_and_several_years() {
        assert_eq!(year("a/20230112.pdf"), None);
        assert_eq!(year("2022/发布于2023-01-12.pdf"), Some(2022));
        assert_eq!(year("2022/2023年1月.pdf"), Some(2022));
        assert_eq!(year("2020-2022.pdf"), None);
        assert_eq!(year("报告1999.pdf"), None);
    }
}
