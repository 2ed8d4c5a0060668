//! Tests over real files and over random texts.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::{
    FileId, FileKind, SourceFile, keys,
    test_support::{corpus, entity},
};

#[test]
fn real_files_are_read_without_loss() {
    let files: BTreeMap<String, String> = corpus().into_iter().collect();
    for known in specql_corpus::known().into_iter().filter(|it| it.is_entity) {
        let path = known.name;
        let text = files.get(path).unwrap_or_else(|| panic!("{path} is in the corpus"));
        let file = SourceFile::new(FileId(0), path, text.as_str());
        let entity = file.entity().unwrap_or_else(|| panic!("{path} is an entity file"));
        let counted = (entity.fields.len(), entity.actions.len());
        assert_eq!(counted, (known.fields, known.actions), "{path}");
        let named = entity.actions.iter().all(|it| !it.name.text.is_empty());
        assert!(named, "{path}: an action without a name");
    }
}

#[test]
fn other_files_are_passed_over() {
    let is_entity = |text: &str| {
        let file = SourceFile::new(FileId(0), "/a.yaml", text);
        matches!(file.kind, FileKind::Entity(_))
    };
    for known in specql_corpus::known() {
        let text = corpus().into_iter().find(|it| it.0 == known.name).expect("it is there").1;
        assert_eq!(is_entity(&text), known.is_entity, "{}", known.name);
    }
    assert!(!is_entity("pattern: crud/create\n"));
    assert!(!is_entity("- entity: light.kitchen\n"));
    assert!(!is_entity("entity of a post\n"));
    assert!(is_entity("- entity: Post\n"));
    assert!(is_entity("entity:Post\n"));
    assert!(is_entity("entity:\n"));
}

#[test]
fn names_of_files_say_what_they_are() {
    let kind = |path: &str| SourceFile::new(FileId(0), path, "x: 1").kind;
    assert!(matches!(kind("/a/specql.config.yaml"), FileKind::Config(_)));
    assert!(matches!(kind("file:///a/post.specql.yaml"), FileKind::Entity(_)));
    assert!(matches!(kind(r"C:\a\post.specql"), FileKind::Entity(_)));
    assert!(matches!(kind("/a/post.yaml"), FileKind::Other));
}

/// Every key in files of upstream is known, so that none of them is reported as a mistake.
#[test]
fn the_vocabulary_covers_real_files() {
    let mut unknown = Vec::new();
    // What is unfinished has mistakes, so that rules have something to find.
    let finished = corpus().into_iter().filter(|it| !it.0.starts_with("unfinished/"));
    for (path, text) in finished {
        let file = SourceFile::new(FileId(0), path.as_str(), text.as_str());
        let Some(root) = keys::root_spec(&file.kind) else { continue };
        keys::walk(root, &file.parse().yaml().root, &mut |it| match it {
            keys::Visit::Entry { spec, entry, key: None } if spec.open.is_none() => {
                unknown.push(format!("{path}: `{}` in {}", entry.key.text, spec.name));
            }
            keys::Visit::Value { node, fits: false, .. } => {
                unknown.push(format!("{path}: shape of `{}`", node.range.slice(&text)));
            }
            _ => {}
        });
    }
    assert!(unknown.is_empty(), "{unknown:#?}");
}

proptest! {
    #[test]
    fn any_text_is_read(text in "\\PC{0,200}") {
        entity(&text);
    }

    /// Lines of real files in any order and with any indentation.
    #[test]
    fn shuffled_files_are_read(
        lines in prop::collection::vec((0_usize..8, any::<prop::sample::Index>()), 0..40)
    ) {
        let all = corpus();
        let pool: Vec<&str> = all.iter().flat_map(|it| it.1.lines()).collect();
        let text: String = lines
            .iter()
            .map(|(indent, line)| format!("{}{}\n", " ".repeat(*indent), line.get(&pool).trim()))
            .collect();
        let entity = entity(&format!("entity: A\n{text}"));
        let length = u32::try_from(text.len() + 10).expect("short");
        for action in &entity.actions {
            prop_assert!(action.range.end() <= length);
            for step in &action.steps {
                step.walk(&mut |it| assert!(it.range.end() <= length));
            }
        }
    }
}

/// A workspace of ten thousand files is held in memory, and these are most of it.
#[test]
fn what_every_file_has_many_of_is_small() {
    let sizes = [
        ("Name", size_of::<crate::Name>(), 24),
        ("Option<Name>", size_of::<Option<crate::Name>>(), 24),
        ("Expression", size_of::<crate::expression::Expression>(), 56),
        ("Field", size_of::<crate::Field>(), 152),
        ("Action", size_of::<crate::Action>(), 176),
        ("Step", size_of::<crate::Step>(), 224),
        ("Impact", size_of::<crate::Impact>(), 216),
        ("ImpactEntry", size_of::<crate::ImpactEntry>(), 120),
        ("Cdc", size_of::<crate::Cdc>(), 136),
        ("Effect", size_of::<crate::Effect>(), 128),
        ("Read", size_of::<crate::Read>(), 24),
    ];
    for (name, bytes, limit) in sizes {
        assert!(bytes <= limit, "{name} takes {bytes} bytes, {limit} are what it may");
    }
}
