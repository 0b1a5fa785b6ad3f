//! The forms beside the two of 2019 and 2021: tables of 2008–2018 and the yearly statistics of enforcement.
//!
//! [`filled`] are copies as published, typed by hand; [`made`] are filled at random and printed in many layouts.

mod filled;
mod made;
mod near;
mod print;
mod sheet;
