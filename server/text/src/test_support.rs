//! What the property tests of this crate draw from: texts in which every kind of width and line end
//! is frequent.

use crate::PositionEncoding;
use proptest::prelude::*;

/// Every encoding.
pub(crate) fn encodings() -> [PositionEncoding; 3] {
    [PositionEncoding::Utf8, PositionEncoding::Utf16, PositionEncoding::Utf32]
}

/// Short texts of pieces that break naive implementations.
pub(crate) fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => Just("\n"),
        3 => Just("\r\n"),
        3 => Just("\r"),
        4 => Just("a"),
        2 => Just("name: x"),
        2 => Just("é"),
        2 => Just("字"),
        3 => Just("😀"),
        2 => Just("e\u{301}"),
        1 => Just("👩\u{200d}💻"),
        1 => Just("\u{2028}"),
        1 => Just("\u{85}"),
        1 => Just("\u{feff}"),
        1 => Just("\0"),
    ];
    let pieces = prop::collection::vec(piece, 0..24).prop_map(|it| it.concat());
    prop_oneof![4 => pieces, 1 => any::<String>()]
}
