//! DOC and XLS, container and all.

#![no_main]

mod office;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| office::read(bytes, None));
