//! Helix: the scopes of its themes, its text objects, its indentation, symbol pickers and rainbow
//! brackets. It refuses a query with a predicate that it does not know.

use super::dialect::Destination::{File, Unread};
use super::dialect::To::{Names, Same, Without};
use super::dialect::{Dialect, Predicate, To};

pub(super) const HELIX: Dialect = Dialect {
    name: "Helix",
    folder: "editors/helix/queries",
    kinds: &[
        ("highlights", File("highlights", HIGHLIGHTS)),
        ("injections", File("injections", &[("injection.content", Same)])),
        ("folds", Unread("it does not fold")),
        ("indents", File("indents", INDENTS)),
        ("locals", File("locals", LOCALS)),
        ("textobjects", File("textobjects", TEXTOBJECTS)),
        ("tags", File("tags", TAGS)),
        ("brackets", File("rainbows", RAINBOWS)),
    ],
    predicates: &[
        ("#eq?", Predicate::Same),
        ("#not-eq?", Predicate::Same),
        ("#any-of?", Predicate::Same),
        ("#not-any-of?", Predicate::Same),
        ("#match?", Predicate::Same),
        ("#not-match?", Predicate::Same),
        ("#offset!", Predicate::Missing("Helix cannot cut off the quotes")),
        ("#strip!", Predicate::Same),
        ("#select-adjacent!", Predicate::Same),
    ],
    properties: &[
        (
            "tags.above-block",
            Predicate::Missing("Helix would list the entry twice, with its comment and without"),
        ),
        ("injection.language", Predicate::Same),
        ("injection.include-children", Predicate::Same),
        ("indent.immediate", Predicate::Needless("`@extend` makes room for what is still to come")),
        ("indent.start_at_same_line", Predicate::Needless("only blocks have it")),
    ],
};

const HIGHLIGHTS: &[(&str, To)] = &[
    ("attribute", Same),
    ("boolean", Names(&["constant.builtin.boolean"])),
    ("comment", Names(&["comment.line"])),
    ("constant", Same),
    ("constant.builtin", Same),
    ("error", Same),
    ("function", Same),
    ("function.call", Names(&["function"])),
    ("keyword", Same),
    ("keyword.conditional", Names(&["keyword.control.conditional"])),
    ("keyword.directive", Same),
    ("keyword.exception", Names(&["keyword.control.exception"])),
    ("keyword.operator", Same),
    ("keyword.repeat", Names(&["keyword.control.repeat"])),
    ("keyword.return", Names(&["keyword.control.return"])),
    ("label", Same),
    ("module", Names(&["namespace"])),
    ("number", Names(&["constant.numeric.integer"])),
    ("number.float", Names(&["constant.numeric.float"])),
    ("operator", Same),
    ("property", Names(&["variable.other.member"])),
    ("punctuation.bracket", Same),
    ("punctuation.delimiter", Same),
    ("punctuation.special", Same),
    ("string", Same),
    ("string.regexp", Same),
    ("string.special", Same),
    ("string.special.symbol", Same),
    ("type", Same),
    ("type.builtin", Same),
    ("type.definition", Names(&["type"])),
    ("variable", Same),
    ("variable.builtin", Same),
    ("variable.member", Names(&["variable.other.member"])),
    ("variable.parameter", Same),
];

const INDENTS: &[(&str, To)] = &[
    ("indent.auto", Without("the level of the line above is taken")),
    // Keys and dashes that start on one line each give a level; `extend` reaches to the cursor below.
    ("indent.begin", Names(&["indent.always", "extend"])),
    ("indent.begin.below", Without("a level is counted for each node")),
    ("indent.bracket", Names(&["indent"])),
    ("indent.branch", Names(&["outdent"])),
    ("indent.dedent", Without("the level of a bracket ends with it")),
];

const LOCALS: &[(&str, To)] = &[
    // What stands behind `local.definition` is the colour of the references.
    ("local.definition.field", Names(&["local.definition.variable.other.member"])),
    ("local.definition.function", Same),
    ("local.definition.parameter", Names(&["local.definition.variable.parameter"])),
    ("local.definition.type", Same),
    ("local.definition.var", Names(&["local.definition.variable"])),
    ("local.reference", Same),
    ("local.scope", Same),
];

const TEXTOBJECTS: &[(&str, To)] = &[
    ("assignment.inner", Names(&["entry.inside"])),
    ("assignment.lhs", Without("an entry has an inside alone")),
    ("assignment.outer", Names(&["entry.around"])),
    ("assignment.rhs", Without("an entry has an inside alone")),
    ("block.inner", Without("there is no such text object")),
    ("block.outer", Without("there is no such text object")),
    ("call.outer", Without("there is no such text object")),
    ("class.inner", Names(&["class.inside"])),
    ("class.outer", Names(&["class.around"])),
    ("comment.inner", Names(&["comment.inside"])),
    ("comment.outer", Names(&["comment.around"])),
    ("conditional.inner", Without("there is no such text object")),
    ("conditional.outer", Without("there is no such text object")),
    ("function.inner", Names(&["function.inside"])),
    ("function.outer", Names(&["function.around"])),
    ("loop.inner", Without("there is no such text object")),
    ("loop.outer", Without("there is no such text object")),
    ("parameter.inner", Names(&["parameter.inside"])),
    ("parameter.outer", Names(&["parameter.around"])),
    ("statement.outer", Without("there is no such text object")),
];

const TAGS: &[(&str, To)] = &[
    ("definition.class", Same),
    ("definition.field", Same),
    ("definition.method", Names(&["definition.function"])),
    ("doc", Same),
    ("name", Same),
    ("reference.call", Same),
    ("reference.class", Same),
    ("reference.field", Same),
];

const RAINBOWS: &[(&str, To)] = &[
    ("close", Names(&["rainbow.bracket"])),
    ("open", Names(&["rainbow.bracket"])),
    ("scope", Names(&["rainbow.scope"])),
];
