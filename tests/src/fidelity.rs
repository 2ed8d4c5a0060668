//! What the tests of fidelity share: the reader of this project measured by `PyYAML`, which loads entity
//! files for SpecQL's users.
//!
//! Invariant: a text has the value that `safe_load` gives it, or a problem that says why not.

pub mod damage;
pub mod documents;
pub mod generate;
pub mod oracle;
pub mod saphyr;
pub mod value;
pub mod verdict;
