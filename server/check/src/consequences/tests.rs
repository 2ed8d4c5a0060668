//! Tests of what it costs to leave out what follows from others.

use std::fmt::Write as _;

use super::work;
use crate::{check_workspace, test_support::Fixture};

/// Steps that write the wrong entity, each in an action of its own that declares the right one.
fn wrong_entities(count: usize) -> String {
    let mut text = "#- /tag.yaml\nentity: Tag\nfields:\n  title: text\n#- /job.yaml\nentity: Job\nfields:\n  \
                    hours: integer\n  tag: ref(Tag)\n  post: ref(Post)\n#- /post.yaml\nentity: Post\nfields:\n  \
                    title: text\n  job: ref(Job)\n  tag: ref(Tag)\nactions:\n"
        .to_owned();
    for at in 0..count {
        write!(
            text,
            "  - name: act_{at}\n    steps:\n      - update: Tag SET hours = {at}\n    impact:\n      primary: \
             {{entity: Post, operation: UPDATE}}\n      side_effects:\n        - {{entity: Job, operation: \
             UPDATE, fields: [hours]}}\n"
        )
        .unwrap();
    }
    text
}

/// The looks for a file, and the findings that are left.
fn looks(fixture: &str) -> (usize, usize) {
    let workspace = Fixture::parse(fixture).workspace();
    let mut left = 0;
    let looks = work::of(|| left = check_workspace(&workspace).len());
    (looks, left)
}

#[test]
fn many_causes_cost_no_more_each_than_one() {
    let (few, some) = looks(&wrong_entities(50));
    let (many, all) = looks(&wrong_entities(500));
    assert!(some >= 50 && all >= 500, "{some} and {all} findings");
    assert!(few > 50 && many < few * 12, "{few} looks for 50 steps, {many} for 500");
}
