//! The file grammar with a scanner that counts its emissions: for the tests of `tree-sitter-specql`.
//!
//! One thread at a time: the counters are plain C globals.

use tree_sitter_language::LanguageFn;

#[allow(unsafe_code, reason = "the parser and the counters are C")]
unsafe extern "C" {
    fn watched_tree_sitter_specql() -> *const ();
    static specql_scans: u64;
    static specql_refused: u64;
    static specql_last_refused: u64;
    static specql_largest_state: u64;
}

/// The grammar of a SpecQL file over the watched scanner.
#[allow(unsafe_code, reason = "the function returns the language that tree-sitter generated")]
pub const LANGUAGE: LanguageFn = unsafe { LanguageFn::from_raw(watched_tree_sitter_specql) };

/// What the scanner did since the process began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watch {
    /// Calls of the scanner.
    pub scans: u64,
    /// Tokens that the parser could not take in its state.
    pub refused: u64,
    /// Index of the last such token among the `externals` of the grammar.
    pub last_refused: u64,
    /// Bytes of the largest serialized state.
    pub largest_state: u64,
}

/// Reads the counters.
#[allow(unsafe_code, reason = "the counters are written by the scanner on this thread only")]
pub fn watch() -> Watch {
    unsafe {
        Watch {
            scans: specql_scans,
            refused: specql_refused,
            last_refused: specql_last_refused,
            largest_state: specql_largest_state,
        }
    }
}
