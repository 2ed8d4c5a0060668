//! Writes the sources of the documentation's site into the folder that is named.

use std::{env, path::Path};

use specql_tests::book::{book, broken_links, write};

fn main() {
    let folder = env::args_os().nth(1).expect("a folder");
    assert_eq!(broken_links(&book()), []);
    write(Path::new(&folder));
}
