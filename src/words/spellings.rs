//! A spelling with parts that may be missing or others: `[政府|政务]信息公开[工作](年报|总结)` is six spellings or more.

/// All spellings that a pattern stands for: one of `(a|b)` must stand, `[a|b]` may be missing. Parts do not nest.
///
/// ```
/// use nianbao::words::spellings;
/// assert_eq!(spellings("公开[工作](年报|总结)"), ["公开年报", "公开总结", "公开工作年报", "公开工作总结"]);
/// assert_eq!(spellings("总体情况"), ["总体情况"]);
/// ```
pub fn spellings(pattern: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut rest = pattern;
    while let Some(open) = rest.find(['[', '(']) {
        for text in &mut all {
            text.push_str(&rest[..open]);
        }
        let is_optional = rest[open..].starts_with('[');
        let close = rest[open..].find(if is_optional { ']' } else { ')' });
        let close = close.map_or(rest.len(), |at| open + at);
        let choices = rest[open + 1..close].split('|');
        let choices: Vec<&str> = is_optional.then_some("").into_iter().chain(choices).collect();
        let longer =
            |text: &String| choices.iter().map(|c| format!("{text}{c}")).collect::<Vec<_>>();
        all = all.iter().flat_map(longer).collect();
        rest = rest.get(close + 1..).unwrap_or_default();
    }
    for text in &mut all {
        text.push_str(rest);
    }
    all
}
