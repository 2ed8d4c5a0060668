//! Zed: the captures of its themes, its text objects, outline, brackets and indentation.

use super::dialect::Destination::{File, Unread};
use super::dialect::To::{Excludes, Names, Same, Without};
use super::dialect::{Dialect, Predicate, To};

pub(super) const ZED: Dialect = Dialect {
    name: "Zed",
    folder: "editors/zed/languages",
    kinds: &[
        ("highlights", File("highlights", HIGHLIGHTS)),
        ("injections", File("injections", &[("injection.content", Same)])),
        ("folds", Unread("it folds by indentation")),
        ("indents", File("indents", INDENTS)),
        ("locals", Unread("it has no locals")),
        ("textobjects", File("textobjects", TEXTOBJECTS)),
        ("tags", File("outline", OUTLINE)),
        ("brackets", File("brackets", BRACKETS)),
    ],
    predicates: &[
        ("#eq?", Predicate::Same),
        ("#not-eq?", Predicate::Same),
        ("#any-of?", Predicate::Same),
        ("#not-any-of?", Predicate::Same),
        ("#match?", Predicate::Same),
        ("#not-match?", Predicate::Same),
        ("#offset!", Predicate::Missing("Zed cannot cut off the quotes")),
        ("#strip!", Predicate::Needless("comments are shown as they are")),
        ("#select-adjacent!", Predicate::Needless("comments are shown as they are")),
    ],
    properties: &[
        (
            "tags.above-block",
            Predicate::Missing("Zed would list the entry twice, with its comment and without"),
        ),
        ("injection.language", Predicate::Same),
        ("injection.include-children", Predicate::Needless("children are never cut out")),
        (
            "indent.immediate",
            Predicate::Needless("indentation of what is still to come is no query"),
        ),
        ("indent.start_at_same_line", Predicate::Needless("only blocks have it")),
    ],
};

const HIGHLIGHTS: &[(&str, To)] = &[
    ("attribute", Same),
    ("boolean", Same),
    ("comment", Same),
    ("constant", Same),
    ("constant.builtin", Names(&["constant"])),
    ("error", Without("themes have no colour for it")),
    ("function", Same),
    ("function.call", Names(&["function"])),
    ("keyword", Same),
    ("keyword.conditional", Names(&["keyword"])),
    ("keyword.directive", Names(&["preproc"])),
    ("keyword.exception", Names(&["keyword"])),
    ("keyword.operator", Names(&["keyword"])),
    ("keyword.repeat", Names(&["keyword"])),
    ("keyword.return", Names(&["keyword"])),
    ("label", Same),
    ("module", Names(&["type"])),
    ("number", Same),
    ("number.float", Names(&["number"])),
    ("operator", Same),
    ("property", Same),
    ("punctuation.bracket", Same),
    ("punctuation.delimiter", Same),
    ("punctuation.special", Same),
    ("string", Same),
    ("string.regexp", Names(&["string.regex"])),
    ("string.special", Same),
    ("string.special.symbol", Same),
    ("type", Same),
    ("type.builtin", Names(&["type"])),
    ("type.definition", Names(&["type"])),
    ("variable", Same),
    ("variable.builtin", Names(&["variable.special"])),
    ("variable.member", Names(&["property"])),
    ("variable.parameter", Names(&["variable"])),
];

const INDENTS: &[(&str, To)] = &[
    ("indent.auto", Without("the line above decides where no node begins")),
    ("indent.begin", Names(&["indent"])),
    ("indent.begin.below", Without("the level of a node begins below its first line")),
    ("indent.bracket", Names(&["indent"])),
    ("indent.branch", Names(&["end"])),
    ("indent.dedent", Without("the level of a bracket ends with it")),
];

const TEXTOBJECTS: &[(&str, To)] = &[
    ("assignment.inner", Without("there is no such text object")),
    ("assignment.lhs", Without("there is no such text object")),
    ("assignment.outer", Without("there is no such text object")),
    ("assignment.rhs", Without("there is no such text object")),
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
    ("parameter.inner", Without("there is no such text object")),
    ("parameter.outer", Without("there is no such text object")),
    ("statement.outer", Without("there is no such text object")),
];

const OUTLINE: &[(&str, To)] = &[
    ("definition.class", Names(&["item"])),
    ("definition.field", Names(&["item"])),
    ("definition.method", Names(&["item"])),
    ("doc", Names(&["annotation"])),
    ("name", Same),
    ("reference.call", Excludes("an outline lists definitions")),
    ("reference.class", Excludes("an outline lists definitions")),
    ("reference.field", Excludes("an outline lists definitions")),
];

const BRACKETS: &[(&str, To)] =
    &[("close", Same), ("open", Same), ("scope", Without("a pair of brackets needs no scope"))];
