//! The scanner emits only what the parser can take: the reason why no text makes an error node.
//!
//! For fresh parses only: while it reuses an old tree, the parser asks in states that a token may
//! well refuse, which is how it breaks up what it had.

use tree_sitter_specql_contract::{LANGUAGE, watch};

use crate::support::{damage, parser, random_text, real_files, rounds};

/// What tree-sitter keeps of a scanner's state; more would be cut off.
const SERIALIZATION_BUFFER: u64 = 1024;

#[test]
fn every_emitted_token_is_valid() {
    let seed = 0xc0de;
    eprintln!("seed {seed}");
    let (files, mut random) = (real_files(), fastrand::Rng::with_seed(seed));
    let mut parser = parser(&LANGUAGE.into());
    for round in 0..rounds(10_000) {
        let mut text = random_text(&files, &mut random);
        for _ in 0..random.usize(0..6) {
            damage(&mut text, &mut random);
        }
        parser.parse(&text, None).unwrap();
        let shown = String::from_utf8_lossy(&text);
        assert_eq!(watch().refused, 0, "{:?} in round {round}: {shown:?}", watch());
    }
    assert!(watch().scans > 100_000, "{:?}", watch());
}

#[test]
fn deepest_state_fits_the_buffer() {
    let stairs: String = (0..200).map(|it| format!("{}k:\n", " ".repeat(it * 300))).collect();
    let text = format!("{stairs}{}a: {}", " ".repeat(60_000), "[{".repeat(100));
    parser(&LANGUAGE.into()).parse(&text, None).unwrap();
    assert!(watch().largest_state < SERIALIZATION_BUFFER, "{:?}", watch());
}
