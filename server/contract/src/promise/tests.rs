//! The table of breakages, and the laws of comparison and of the lock file.

use std::sync::Arc;

use insta::assert_snapshot;
use specql_model::{FileId, SourceFile, Workspace};

use super::*;

const POST: &str = "entity: Post
schema: blog
fields:
  title: text!
  subtitle: text
  status: enum(draft, published) = draft
  tags: list(text)
  words: integer
actions:
  - name: publish_post
    steps:
      - update: Post SET status = 'published'
    impact:
      primary: {entity: Post, operation: UPDATE, fields: [status]}
      cache_invalidations:
        - {query: posts, filter: {status: published}, strategy: REFETCH}
    cdc: {enabled: true, event_type: PostPublished, payload: [title, subtitle, status, tags, words]}
";

fn promises(text: &str) -> Promises {
    let file = SourceFile::new(FileId(0), "/post.yaml", text);
    Promises::of(&Workspace::new([Arc::new(file)]))
}

/// The differences after a replacement in the file, with what they hold.
fn after(from: &str, to: &str) -> String {
    assert!(POST.contains(from), "{from}");
    shown(&compare(&promises(POST), &promises(&POST.replace(from, to))))
}

fn shown(all: &[Difference]) -> String {
    let lines = all.iter().map(|it| {
        let subject = match &it.subject {
            Subject::Cascade(name) => name.clone(),
            Subject::Event(name, version) => format!("{name} v{version}"),
        };
        let value = |it: &Option<String>| it.clone().unwrap_or_else(|| "-".into());
        format!(
            "{} {subject} {}: {} -> {}",
            it.kind.code,
            it.member,
            value(&it.old),
            value(&it.new)
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_line_a_member() {
    assert_snapshot!(write(&promises(POST)));
}

#[test]
fn what_was_written_is_read() {
    let odd = POST.replace("publish_post", "\"a: b%\"").replace("PostPublished", "\"x v1: %3a\"");
    for text in [POST, &odd] {
        let all = promises(text);
        assert!(!all.0.is_empty());
        assert_eq!(read(&write(&all)), Ok(all));
    }
    let message = |text: &str| read(text).expect_err("it is no lock file").line;
    assert_eq!(message("# x\nversion 2\n"), 2);
    assert_eq!(message("version 1\n<<<<<<< HEAD\n"), 2);
    assert_eq!(message("version 1\nevent A v1: topic\n"), 2);
}

#[test]
fn changes_of_a_file() {
    let changes = [
        ("title: text!", "title: text"),
        ("enum(draft, published)", "enum(draft, published, archived)"),
        ("title, subtitle, ", "title, "),
        ("words: integer", "words: bigint"),
        ("{enabled: true", "{enabled: true, topic: other, partition_key: title"),
        ("{enabled: true", "{enabled: true, version: 2"),
        ("strategy: REFETCH", "strategy: REMOVE"),
        ("{enabled: true", "{enabled: false"),
    ];
    let all = changes.map(|(from, to)| format!("# {from} => {to}\n{}\n", after(from, to)));
    assert_snapshot!(all.join("\n"));
}

#[test]
fn a_difference_has_a_mirror_or_a_reason() {
    let mut codes: Vec<&str> = BREAKAGES.iter().map(|it| it.code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), BREAKAGES.len());
    for it in BREAKAGES {
        match it.mirror {
            Mirror::Itself => assert_eq!(it.backward, it.forward, "{}", it.code),
            Mirror::Of(other) => {
                let other = Breakage::named(other);
                assert_eq!(
                    (other.backward, other.forward),
                    (it.forward, it.backward),
                    "{}",
                    it.code
                );
                assert_eq!(other.mirror, Mirror::Of(it.code));
            }
            Mirror::Unlike(other, reason) => {
                let other = Breakage::named(other);
                assert!(!reason.is_empty(), "{}", it.code);
                assert!(matches!(other.mirror, Mirror::Unlike(back, _) if back == it.code));
            }
        }
    }
}

/// Every pair of two revisions of a member, and of two that lack something.
#[test]
fn the_other_way_round_gives_the_mirrors() {
    let values = [
        "text",
        "text?",
        "optional text",
        "optional text?",
        "uuid",
        "enum(a, b)",
        "enum(b, c)",
        "constant(a)",
        "integer",
        "float",
        "decimal",
        "number(1)",
        "any?",
        "list",
        "object",
        "reference(A)",
        "reference(A, B)",
    ];
    let all = |member: &str, values: &[&str], subject: &Subject| -> Vec<Promises> {
        let mut res = vec![Promises::default(), Promises::default()];
        res[1].0.entry(subject.clone()).or_default();
        res.extend(values.iter().map(|it| {
            let mut one = Promises::default();
            one.add(subject, member.into(), (*it).into());
            one
        }));
        res
    };
    let event = Subject::Event("A".into(), 1);
    let cascade = Subject::Cascade("a.B.c".into());
    let mut seen = std::collections::BTreeSet::new();
    for sample in [
        all("payload.a", &values, &event),
        all("topic", &["a", "b"], &event),
        all("key", &["a", "b"], &event),
        all("aggregate", &["a", "b"], &event),
        all("cascade", &["nothing", "references", "entities"], &event),
        all("A CREATED", &["one row, always", "one row, sometimes"], &cascade),
        all("A CREATED.entity.b", &values, &cascade),
        all("invalidates a", &["REFETCH ALL()", "REMOVE ALL()"], &cascade),
    ] {
        for (old, new) in sample.iter().flat_map(|old| sample.iter().map(move |new| (old, new))) {
            let codes =
                |all: Vec<Difference>| -> Vec<&str> { all.iter().map(|it| it.kind.code).collect() };
            let there = codes(compare(old, new));
            let mut mirrored: Vec<&str> = there
                .iter()
                .map(|it| match Breakage::named(it).mirror {
                    Mirror::Itself => *it,
                    Mirror::Of(other) | Mirror::Unlike(other, _) => other,
                })
                .collect();
            let mut back = codes(compare(new, old));
            mirrored.sort_unstable();
            back.sort_unstable();
            assert_eq!(back, mirrored, "{old:?} and {new:?}");
            assert_eq!(old == new, there.is_empty(), "{old:?} and {new:?}");
            seen.extend(there);
        }
    }
    let never: Vec<&str> =
        BREAKAGES.iter().map(|it| it.code).filter(|it| !seen.contains(it)).collect();
    assert!(never.is_empty(), "{never:?}");
}

#[test]
fn modes_decide_what_needs_a_version() {
    let old = promises(POST);
    let lost = POST.replace("title, subtitle, ", "title, ");
    let codes = |text: &str, backward, forward, transitive| -> Vec<(u32, &'static str)> {
        let mode = Compatibility { backward, forward, transitive };
        let all = changed(&old, &promises(text), mode);
        all.iter().map(|it| (it.with, it.difference.kind.code)).collect()
    };
    assert_eq!(codes(&lost, true, false, false), []);
    assert_eq!(codes(&lost, false, true, false), [(1, "member-removed")]);
    assert_eq!(codes(&lost, false, false, false), []);
    let raised = lost.replace("{enabled: true", "{enabled: true, version: 2, topic: other");
    assert_eq!(codes(&raised, false, true, false), []);
    assert_eq!(codes(&raised, false, true, true), [(1, "member-removed")]);
}

#[test]
fn what_was_published_stays_recorded() {
    let raised = promises(&POST.replace("{enabled: true", "{enabled: true, version: 2"));
    let all = raised.with_events_of(&promises(POST));
    assert_eq!(all.versions("PostPublished").collect::<Vec<_>>(), [1, 2]);
    assert_eq!(all.subjects().count(), 3);
}
