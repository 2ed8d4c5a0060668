//! Indentation: Neovim's copy of the query, counted as nvim-treesitter counts.
//!
//! A line gets one level for each line above it on which a marked node starts that still holds it. In
//! the texts, `>` alone on a line stands where the cursor has to be after Enter on the line above.

use std::collections::{HashMap, HashSet};
use std::fs;

use tree_sitter::{Node, Point, Tree};

use crate::queries::{matches, query};
use crate::support::{files_below, parser, specql};

const LEVEL: usize = 2;

/// Captures of a node, with the settings of their patterns.
type Marks = HashMap<usize, Vec<(String, Vec<String>)>>;

struct Indenter<'a> {
    lines: Vec<&'a str>,
    tree: &'a Tree,
    marks: Marks,
}

impl<'a> Indenter<'a> {
    fn new(text: &'a str, tree: &'a Tree) -> Self {
        let query = query("specql", "editors/neovim/queries/specql/indents.scm");
        let mut marks = Marks::new();
        for found in matches(&query, tree, text) {
            let settings: Vec<String> = found.settings.iter().map(|(key, _)| key.clone()).collect();
            for (name, node) in found.captures {
                marks.entry(node.id()).or_default().push((name, settings.clone()));
            }
        }
        Self { lines: text.split('\n').collect(), tree, marks }
    }

    fn has(&self, node: Node<'_>, capture: &str) -> bool {
        self.settings(node, capture).is_some()
    }

    fn settings(&self, node: Node<'_>, capture: &str) -> Option<&[String]> {
        let marks = self.marks.get(&node.id())?;
        marks.iter().find(|(name, _)| name == capture).map(|(_, it)| it.as_slice())
    }

    /// Columns of the first character of a line; none where the line above decides.
    fn columns(&self, row: usize) -> Option<usize> {
        let (mut node, mut columns) = (Some(self.start(row)), 0_isize);
        let mut counted = HashSet::new();
        while let Some(at) = node {
            let (first, last) = (at.start_position().row, at.end_position().row);
            if self.has(at, "indent.auto") && first < row && row <= last {
                return None;
            }
            if !counted.contains(&first) {
                let dedents = (self.has(at, "indent.branch") && first == row)
                    || (self.has(at, "indent.dedent") && first != row);
                let begins = self.settings(at, "indent.begin").is_some_and(|settings| {
                    let is_set = |name: &str| settings.iter().any(|it| it == name);
                    (first != last || is_set("indent.immediate"))
                        && (first != row || is_set("indent.start_at_same_line"))
                });
                columns += LEVEL as isize * (isize::from(begins) - isize::from(dedents));
                if begins || dedents {
                    counted.insert(first);
                }
            }
            node = at.parent();
        }
        Some(columns.max(0) as usize)
    }

    /// The node from which levels are counted: the first of a line, for a blank line the last one above.
    fn start(&self, row: usize) -> Node<'a> {
        let line = self.lines[row];
        if !line.trim().is_empty() {
            return self.node_at(row, indentation(line));
        }
        let above = (0..row).rfind(|it| !self.lines[*it].trim().is_empty()).unwrap_or(0);
        let end = self.lines[above].trim_end().len().max(1) - 1;
        let node = self.node_at(above, end);
        let start = node.start_position();
        if node.kind() == "comment"
            && start.row == above
            && start.column > indentation(self.lines[above])
        {
            let before = &self.lines[above][..start.column];
            return self.node_at(above, before.trim_end().len() - 1);
        }
        node
    }

    fn node_at(&self, row: usize, column: usize) -> Node<'a> {
        let (from, to) = (Point::new(row, column), Point::new(row, column + 1));
        self.tree.root_node().descendant_for_point_range(from, to).unwrap()
    }
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Checks the column of the `>` lines, each with the others taken out.
fn check(fixture: &str) {
    let cursors: Vec<usize> = (0..)
        .zip(fixture.split('\n'))
        .filter(|(_, it)| it.trim() == ">")
        .map(|(row, _)| row)
        .collect();
    assert!(!cursors.is_empty(), "no cursor in\n{fixture}");
    for cursor in cursors {
        let lines = (0..).zip(fixture.split('\n'));
        let kept = lines.filter(|(row, it)| *row == cursor || it.trim() != ">");
        let text: Vec<&str> = kept.map(|(row, it)| if row == cursor { "" } else { it }).collect();
        let row = cursor - fixture.split('\n').take(cursor).filter(|it| it.trim() == ">").count();
        let text = text.join("\n");
        let tree = parser(&specql()).parse(&text, None).unwrap();
        let columns = Indenter::new(&text, &tree).columns(row);
        let above = text.split('\n').nth(row - 1).map_or(0, indentation);
        let expected = indentation(fixture.split('\n').nth(cursor).unwrap());
        assert_eq!(columns.unwrap_or(above), expected, "line {} of\n{fixture}", cursor + 1);
    }
}

#[test]
fn below_a_key_without_a_value() {
    check("fields:\n  >\n");
    check("entity: Post\nfields:\n  a: text\n  b:\n    >\n");
    check("actions:\n  >\n");
    check("actions:\n  - name: a\n    steps:\n      >\n");
    check("actions:\n  - name: a\n    impact:\n      primary:\n        >\n");
    check("fields: # what there is\n  >\n");
}

#[test]
fn below_an_entry_at_its_own_level() {
    check("entity: Post\n>\nfields:\n  a: text\n  >\n  b: int\n  >\n");
    check("fields:\n  a:\n    type: int\n    >\n  b: int\n");
    check("a: \"text\"\n>\nb: [c, d]\n>\ne: {f: g}\n>\n");
}

#[test]
fn below_the_first_key_of_an_item() {
    check("actions:\n  - name: a\n    >\n");
    check(
        "actions:\n  - name: a\n    steps:\n      - validate: a > 1\n        >\n        error: b\n        >\n",
    );
    check("a:\n  - b\n  >\n  - c: d\n    >\n");
    check("actions:\n  -\n    >\n");
}

#[test]
fn in_nested_steps() {
    check(
        "actions:\n  - name: a\n    steps:\n      - if: b\n        then:\n          >\n          - reject: c\n            \
         >\n      - switch: d\n        cases:\n          - when: e\n            then:\n              - delete: F\n                >\n",
    );
}

#[test]
fn in_a_mapping_below_the_first_key_of_an_item() {
    check(
        "actions:\n  - name: a\n    steps:\n      - insert:\n          entity: X\n          >\n          set:\n            \
         a: b\n            >\n          as: c\n          >\n",
    );
}

#[test]
fn in_impact_and_cdc() {
    check(
        "actions:\n  - name: a\n    impact:\n      primary:\n        entity: X\n        >\n      side_effects:\n        \
         - entity: Y\n          >\n          fields:\n            >\n            - z\n            >\n    cdc:\n      \
         enabled: true\n      >\n",
    );
}

#[test]
fn in_brackets_and_behind_them() {
    check("a: [\n  >\n");
    check("a: [\n  b,\n  >\n  c\n]\n>\n");
    check("fields:\n  a: {\n    type: int,\n    >\n  }\n  >\n");
    check("a: [b, c]\n>\n");
}

#[test]
fn in_text() {
    check("a: |\n  >\n");
    check("a: >\n  b\n  >\n    c\n  >\n");
    check("actions:\n  - name: a\n    description: |\n      >\n      b\n      >\n");
}

#[test]
fn files_keep_their_indentation() {
    let mut paths = Vec::new();
    files_below(concat!(env!("CARGO_MANIFEST_DIR"), "/../examples").as_ref(), &mut paths);
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        let tree = parser(&specql()).parse(&text, None).unwrap();
        let indenter = Indenter::new(&text, &tree);
        for (row, line) in (0..).zip(text.split('\n')) {
            let is_comment = line.trim_start().starts_with('#');
            if let Some(columns) =
                indenter.columns(row).filter(|_| !line.trim().is_empty() && !is_comment)
            {
                assert_eq!(columns, indentation(line), "{}:{}: {line}", path.display(), row + 1);
            }
        }
    }
}
