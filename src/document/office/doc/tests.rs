use super::*;

#[test]
fn err_what_is_no_document() {
    assert_eq!(read(b"").map(|_| ()), Err(Trouble::damaged("its directory is lost")));
}
