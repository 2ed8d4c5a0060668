//! Previews are made of files that are being typed: whatever stands there, there is text.

use super::workspace;
use crate::{Artifact, EmitOptions, Target, emit, render};

const POST: &str = include_str!("../../../../examples/blog/entities/post.yaml");
const USER: &str = include_str!("../../../../examples/blog/entities/user.yaml");
const ORDER: &str = include_str!("../../../../examples/shop/entities/order.yaml");

fn generate(texts: &[&str]) {
    let workspace = workspace(texts);
    assert!(!emit(&workspace, EmitOptions { tables: true, samples: false }).is_empty());
    for artifact in Artifact::ALL {
        let rendered = render(&workspace, artifact, Target::Project);
        for it in rendered.source_map.mappings() {
            assert!(!it.sql.slice(&rendered.text).is_empty(), "{artifact:?}: {it:?}");
        }
    }
}

/// Some of the beginnings: enough to stop inside every kind of word, few enough to be quick.
fn beginnings(text: &str) -> impl Iterator<Item = &str> {
    text.char_indices().step_by(37).filter_map(|(at, _)| text.get(..at))
}

#[test]
fn every_beginning_of_a_file_gives_something() {
    for text in beginnings(POST) {
        generate(&[text, USER]);
    }
    for text in beginnings(ORDER) {
        generate(&[text]);
    }
}

#[test]
fn a_file_without_a_line_gives_something() {
    let lines: Vec<&str> = POST.lines().collect();
    for left_out in (0..lines.len()).step_by(3) {
        let kept = lines.iter().enumerate().filter(|it| it.0 != left_out).map(|it| *it.1);
        generate(&[&kept.collect::<Vec<_>>().join("\n"), USER]);
    }
}
