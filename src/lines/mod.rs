//! Stage 3: text → skeleton. The letters and digits of a document in one string, everything else a break.
//!
//! Real reports break a label wherever a page, a cell or a scraper likes: `商业⏎企业`, `（三）不予 公开`,
//! `第二十条  第(一)项`. In the skeleton all of these are `商业企业`, `三不予公开`, `第二十条第一项`, so that one
//! multi-pattern pass finds every label, and each place in it still leads back to the bytes.

pub mod furniture;
pub mod skeleton;

pub use skeleton::{Break, Skeleton};
