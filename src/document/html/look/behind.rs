//! What stands behind an element in its parent, for selectors that count from the last one.

use super::super::names::{Name, short};
use super::super::style::Tag;
use super::super::tokens::{Token, Tokens};

/// How far behind an element is looked, in tags.
const MOST_TAGS: usize = 2000;
/// Elements in elements that are followed.
const DEEPEST: usize = 100;

/// How many elements follow one in its parent, by the page behind its start tag; only those of its name count where it
/// is `of_type`.
pub(super) fn count(name: Name, rest: &str, of_type: bool) -> u32 {
    let own = Tag::of(&name);
    let mut open = if has_end(own, name) { vec![(name, own)] } else { Vec::new() };
    let mut behind = 0;
    for (token, _) in Tokens::new(rest).take(MOST_TAGS) {
        match token {
            Token::Start { name: next, .. } => {
                let next = short(next);
                let tag = Tag::of(&next);
                close_for(&mut open, tag, next);
                if open.is_empty() {
                    let ends_parent = match own {
                        Tag::Cell => matches!(tag, Tag::Row | Tag::RowGroup),
                        Tag::Row => tag == Tag::RowGroup,
                        _ => false,
                    };
                    if ends_parent {
                        break;
                    }
                    behind += u32::from(!of_type || next == name);
                }
                if has_end(tag, next) && open.len() < DEEPEST {
                    open.push((next, tag));
                }
            }
            Token::End { name } => {
                let name = short(name);
                match open.iter().rposition(|(open, _)| *open == name) {
                    Some(at) => open.truncate(at),
                    // the end of something around it
                    None if open.is_empty() || Tag::of(&name) != Tag::Inline => break,
                    None => {}
                }
            }
            Token::Text(_) => {}
        }
    }
    behind
}

fn has_end(tag: Tag, name: Name) -> bool {
    !matches!(tag, Tag::Void | Tag::Input | Tag::Br | Tag::Picture | Tag::Meta)
        && name != short("hr")
}

/// Closes what the beginning of an element closes.
fn close_for(open: &mut Vec<(Name, Tag)>, tag: Tag, name: Name) {
    let inner = open.iter().rposition(|(_, tag)| *tag == Tag::Table).map_or(0, |at| at + 1);
    let closed = open[inner..].iter().position(|(other, open)| match tag {
        Tag::Cell => *open == Tag::Cell,
        Tag::Row => matches!(open, Tag::Cell | Tag::Row),
        Tag::RowGroup => matches!(open, Tag::Cell | Tag::Row | Tag::RowGroup),
        Tag::Block | Tag::Division | Tag::Table => other[..2] == *b"p\0",
        _ => false,
    });
    // an item closes the one before it in the same list
    let item = (name[..3] == *b"li\0")
        .then(|| open.iter().rposition(|(other, _)| other[..2] != *b"p\0"))
        .flatten()
        .filter(|at| open[*at].0 == name);
    if let Some(at) = closed.map(|at| inner + at).or(item) {
        open.truncate(at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_what_follows() {
        for (name, rest, all, of_type) in [
            ("td", "1<td>2<td>3<tr><td>4", 2, 2),
            ("td", "1</td><td><table><tr><td>x<td>y</table></td></tr><tr><td>4", 1, 1),
            ("span", "1<b>2</b></span><i>3</i><br><span>4</span></td><span>", 3, 1),
            ("tr", "<td>1<tr><td>2</table><tr>", 1, 1),
            ("li", "1<li>2<li>3</ul><li>4", 2, 2),
            ("img", "<p>1</div>", 1, 0),
            ("b", "1</b></td>", 0, 0),
        ] {
            let name = short(name);
            assert_eq!(
                (count(name, rest, false), count(name, rest, true)),
                (all, of_type),
                "{rest}"
            );
        }
    }
}
