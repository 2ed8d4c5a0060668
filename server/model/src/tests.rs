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

#[test]
fn the_way_in_which_a_file_declares_its_entity() {
    use crate::Declared::{
        ByBlocks, ByFileName, ByKey, ByLine, ByListItem, BySlip, InLaterDocument, InOtherEncoding,
    };
    let blocks = "schema: blog\nfields: {title: text}\n";
    let with_blocks = |first: &str| format!("{first}\n{blocks}");
    let wide = with_blocks("entity: Post").replace("", "\0").replacen('\0', "", 1);
    let listed = "- entity: Post\n  fields: {title: text}\n".to_owned();
    let ways = [
        ("/a.yaml", with_blocks("entity: Post"), Some((ByKey, "Post"))),
        ("/a.yaml", with_blocks("entity:"), Some((ByKey, ""))),
        ("/a.yaml", with_blocks("entiy: Post"), Some((BySlip, "Post"))),
        ("/a.specql", with_blocks("entiy: Post"), Some((BySlip, "Post"))),
        ("/a.yaml", with_blocks("entity Post"), Some((ByLine, "Post"))),
        ("/a.specql.yml", with_blocks("entity Post"), Some((ByLine, "Post"))),
        ("/a.yaml", listed, Some((ByListItem, "Post"))),
        ("/a.yaml", wide, Some((InOtherEncoding, "Post"))),
        ("/a.yaml", format!("{blocks}---\nentity: Post\n"), Some((InLaterDocument, ""))),
        ("/blog_post.yaml", blocks.to_owned(), Some((ByBlocks, "BlogPost"))),
        ("/blog_post.yaml", with_blocks("nmae: Post"), Some((ByBlocks, "Post"))),
        ("/blog_post.specql.yaml", blocks.to_owned(), Some((ByFileName, "BlogPost"))),
        ("/blog_post.specql.yaml", with_blocks("nmae: Post"), Some((ByFileName, "Post"))),
        ("/post.specql.yaml", "schema: blog\n".to_owned(), Some((ByFileName, "Post"))),
        ("/post.specql.yaml", "pattern: x\nfields: {a: text}\n".to_owned(), Some((ByFileName, ""))),
        ("/post.specql.yaml", String::new(), Some((ByFileName, ""))),
        ("/a.yaml", "pattern: x\nfields: {a: text}\n".to_owned(), None),
        ("/a.yaml", "x: 1\n".to_owned(), None),
    ];
    for (path, text, way) in ways {
        let file = SourceFile::new(FileId(0), path, text.as_str());
        let entity = file.entity().map(|it| (it.declared, it.name.as_str()));
        assert_eq!(entity, way, "{path}: {text:?}");
        let unjudged = [ByLine, ByListItem, InOtherEncoding, ByBlocks];
        assert_eq!(file.is_judged(), way.is_some_and(|it| !unjudged.contains(&it.0)), "{text:?}");
        // It is data, so it is the same without tree and values, and there is no reading for it.
        let folded = file.folded();
        assert_eq!(folded.entity().map(|it| it.declared), way.map(|it| it.0));
        assert!(folded.is_judged() == file.is_judged() && !folded.is_unfolded());
    }
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
