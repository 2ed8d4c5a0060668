//! One file's text, tree and values, memoised by whoever holds it.

use std::{cell::RefCell, sync::Arc};

use crate::yaml::{self, Yaml};

/// A parsed file. Cheap to clone parts of; never changes.
#[derive(Debug)]
pub struct Parse {
    text: Arc<str>,
    tree: tree_sitter::Tree,
    yaml: Yaml,
}

impl Parse {
    /// The text that was parsed.
    #[must_use]
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// The concrete tree: total, so it has neither `ERROR` nor `MISSING` nodes.
    #[must_use]
    pub fn tree(&self) -> &tree_sitter::Tree {
        &self.tree
    }

    /// The values.
    #[must_use]
    pub fn yaml(&self) -> &Yaml {
        &self.yaml
    }
}

thread_local! {
    static PARSER: RefCell<tree_sitter::Parser> = RefCell::new(parser());
}

fn parser() -> tree_sitter::Parser {
    let mut parser = tree_sitter::Parser::new();
    parser
        .set_language(&tree_sitter_specql::LANGUAGE.into())
        .expect("the grammar is generated for the ABI of the library it is built with");
    parser
}

/// Parses a text from scratch.
#[must_use]
pub fn parse(text: Arc<str>) -> Parse {
    let tree = PARSER.with_borrow_mut(|it| it.parse(text.as_bytes(), None));
    let tree = tree.expect("no time limit and no cancellation is set");
    let yaml = yaml::lower(&text, &tree);
    Parse { text, tree, yaml }
}
