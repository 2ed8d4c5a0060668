//! What the tests that cross crates share.

pub mod binary;
pub mod book;
pub mod cascade;
pub mod fidelity;
pub mod git;
pub mod lsp_client;
pub mod postgres;
pub mod random_input;
pub mod random_workspace;
pub mod released;
pub mod shapes;
