//! Characters that YAML does not allow where they stand: tabs outside quotes, and control characters.

use super::{
    super::{Problem, ProblemKind},
    Lowering, TextRange,
};

impl Lowering<'_> {
    /// Reports tabs and control characters of the first `end` bytes, but for those inside scalars,
    /// comments and junk.
    pub(super) fn check_characters(&mut self, end: usize) {
        self.opaque.sort_unstable();
        let bytes = self.text.as_bytes();
        let suspects =
            bytes.iter().take(end).enumerate().filter(|(at, it)| is_suspect(bytes, *at, **it));
        let mut found: Vec<Problem> = Vec::new();
        for (at, byte) in suspects {
            let kind = if *byte == b'\t' { ProblemKind::Tab } else { ProblemKind::Invalid };
            if kind == ProblemKind::Tab && self.is_opaque(at) {
                continue;
            }
            let width = self.text.get(at..).and_then(|it| it.chars().next());
            let range = TextRange::from(at..at + width.map_or(1, char::len_utf8));
            match found.last_mut() {
                Some(last) if last.kind == kind && last.range.end() == range.start() => {
                    last.range = last.range.cover(range);
                }
                _ => found.push(Problem { range, kind }),
            }
        }
        self.problems.append(&mut found);
    }

    fn is_opaque(&self, at: usize) -> bool {
        let at = TextRange::from(at..at).start();
        let after = self.opaque.partition_point(|it| it.start() <= at);
        self.opaque.get(..after).and_then(<[_]>::last).is_some_and(|it| it.contains(at))
    }
}

/// Whether the character that begins at a byte is a tab, or one that a YAML stream must not hold.
fn is_suspect(bytes: &[u8], at: usize, byte: u8) -> bool {
    let next = |n: usize| bytes.get(at + n).copied().unwrap_or_default();
    match byte {
        b'\n' | b'\r' => false,
        0..0x20 | 0x7f => true,
        0xc2 => next(1) < 0xa0 && next(1) != 0x85,
        0xef => next(1) == 0xbf && next(2) >= 0xbe,
        _ => false,
    }
}
