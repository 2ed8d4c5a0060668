//! Neovim: the names of its own highlighter, of nvim-treesitter's indentation and of
//! nvim-treesitter-textobjects, which are those of the canonical queries.

use super::dialect::Destination::{File, Unread};
use super::dialect::To::{Names, Same};
use super::dialect::{Dialect, Predicate, To};

pub(super) const NEOVIM: Dialect = Dialect {
    name: "Neovim",
    folder: "editors/neovim/queries",
    kinds: &[
        ("highlights", File("highlights", HIGHLIGHTS)),
        ("injections", File("injections", &[("injection.content", Same)])),
        ("folds", File("folds", &[("fold", Same)])),
        ("indents", File("indents", INDENTS)),
        ("locals", File("locals", LOCALS)),
        ("textobjects", File("textobjects", TEXTOBJECTS)),
        ("tags", Unread("the language server lists the symbols")),
        ("brackets", Unread("Vim matches brackets itself")),
    ],
    predicates: &[
        ("#eq?", Predicate::Same),
        ("#not-eq?", Predicate::Same),
        ("#any-of?", Predicate::Same),
        ("#not-any-of?", Predicate::Same),
        ("#match?", Predicate::VimRegex),
        ("#not-match?", Predicate::VimRegex),
        ("#offset!", Predicate::Same),
    ],
    properties: &[
        ("injection.language", Predicate::Same),
        ("injection.include-children", Predicate::Same),
        ("indent.immediate", Predicate::Same),
        ("indent.start_at_same_line", Predicate::Same),
    ],
};

const HIGHLIGHTS: &[(&str, To)] = &[
    ("attribute", Same),
    ("boolean", Same),
    ("comment", Same),
    ("constant", Same),
    ("constant.builtin", Same),
    ("error", Same),
    ("function", Same),
    ("function.call", Same),
    ("keyword", Same),
    ("keyword.conditional", Same),
    ("keyword.directive", Same),
    ("keyword.exception", Same),
    ("keyword.operator", Same),
    ("keyword.repeat", Same),
    ("keyword.return", Same),
    ("label", Same),
    ("module", Same),
    ("number", Same),
    ("number.float", Same),
    ("operator", Same),
    ("property", Same),
    ("punctuation.bracket", Same),
    ("punctuation.delimiter", Same),
    ("punctuation.special", Same),
    ("string", Same),
    ("string.regexp", Same),
    ("string.special", Same),
    ("string.special.symbol", Same),
    ("type", Same),
    ("type.builtin", Same),
    ("type.definition", Same),
    ("variable", Same),
    ("variable.builtin", Same),
    ("variable.member", Same),
    ("variable.parameter", Same),
];

const INDENTS: &[(&str, To)] = &[
    ("indent.auto", Same),
    ("indent.begin", Same),
    ("indent.begin.below", Names(&["indent.begin"])),
    ("indent.bracket", Names(&["indent.begin"])),
    ("indent.branch", Same),
    ("indent.dedent", Same),
];

const LOCALS: &[(&str, To)] = &[
    ("local.definition.field", Same),
    ("local.definition.function", Same),
    ("local.definition.parameter", Same),
    ("local.definition.type", Same),
    ("local.definition.var", Same),
    ("local.reference", Same),
    ("local.scope", Same),
];

const TEXTOBJECTS: &[(&str, To)] = &[
    ("assignment.inner", Same),
    ("assignment.lhs", Same),
    ("assignment.outer", Same),
    ("assignment.rhs", Same),
    ("block.inner", Same),
    ("block.outer", Same),
    ("call.outer", Same),
    ("class.inner", Same),
    ("class.outer", Same),
    ("comment.inner", Same),
    ("comment.outer", Same),
    ("conditional.inner", Same),
    ("conditional.outer", Same),
    ("function.inner", Same),
    ("function.outer", Same),
    ("loop.inner", Same),
    ("loop.outer", Same),
    ("parameter.inner", Same),
    ("parameter.outer", Same),
    ("statement.outer", Same),
];
