//! Tests over real files and over random texts.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::{
    FileId, FileKind, SourceFile, keys,
    test_support::{corpus, entity},
};

/// Fields and actions of the corpus's entities, counted by the upstream loader.
const COUNTS: &[(&str, usize, usize)] = &[
    ("upstream/entities/examples/company_lightweight.yaml", 1, 0),
    ("upstream/entities/examples/contact_lightweight.yaml", 6, 2),
    ("upstream/entities/examples/manufacturer.yaml", 4, 0),
    ("upstream/entities/examples/task_lightweight.yaml", 6, 2),
    ("upstream/entities/post.yaml", 2, 0),
    ("upstream/entities/user.yaml", 2, 0),
    ("upstream/examples/crm/entities/contact.yaml", 6, 2),
    ("upstream/examples/crm/entities/opportunity.yaml", 7, 3),
    ("upstream/examples/crm/entities/organization.yaml", 5, 2),
    ("upstream/examples/simple-blog/entities/author.yaml", 8, 3),
    ("upstream/examples/simple-blog/entities/comment.yaml", 5, 3),
    ("upstream/examples/simple-blog/entities/post.yaml", 9, 4),
    ("upstream/examples/simple-blog/entities/tag.yaml", 4, 2),
    ("upstream/stdlib/commerce/contract.yaml", 11, 12),
    ("upstream/stdlib/commerce/order.yaml", 10, 12),
    ("upstream/stdlib/common/genre.yaml", 2, 6),
    ("upstream/stdlib/common/industry.yaml", 3, 7),
    ("upstream/stdlib/crm/contact.yaml", 14, 12),
    ("upstream/stdlib/crm/organization.yaml", 10, 11),
    ("upstream/stdlib/crm/organization_type.yaml", 1, 6),
    ("upstream/stdlib/geo/address_datasource.yaml", 4, 7),
    ("upstream/stdlib/geo/administrative_level.yaml", 3, 7),
    ("upstream/stdlib/geo/administrative_unit.yaml", 4, 7),
    ("upstream/stdlib/geo/location.yaml", 14, 11),
    ("upstream/stdlib/geo/location_level.yaml", 2, 7),
    ("upstream/stdlib/geo/location_type.yaml", 1, 6),
    ("upstream/stdlib/geo/postal_code.yaml", 2, 6),
    ("upstream/stdlib/geo/postal_code_city.yaml", 2, 6),
    ("upstream/stdlib/geo/public_address.yaml", 11, 7),
    ("upstream/stdlib/geo/street_type.yaml", 2, 6),
    ("upstream/stdlib/i18n/continent.yaml", 2, 6),
    ("upstream/stdlib/i18n/country.yaml", 3, 7),
    ("upstream/stdlib/i18n/currency.yaml", 2, 7),
    ("upstream/stdlib/i18n/language.yaml", 2, 6),
    ("upstream/test_order.yaml", 1, 0),
    ("upstream/tests/fixtures/entities/company.yaml", 4, 0),
    ("upstream/tests/fixtures/entities/contact.yaml", 7, 0),
    ("upstream/tests/fixtures/integration/complete/company.yaml", 12, 4),
    ("upstream/tests/fixtures/integration/complete/contact.yaml", 9, 3),
    ("upstream/tests/unit/cli/commands/sample_entity.yaml", 3, 1),
    ("upstream/trading_design_proposal.yaml", 5, 1),
];

#[test]
fn real_files_are_read_without_loss() {
    let files: BTreeMap<String, String> = corpus().into_iter().collect();
    for (path, fields, actions) in COUNTS {
        let text = files.get(*path).unwrap_or_else(|| panic!("{path} is in the corpus"));
        let file = SourceFile::new(FileId(0), *path, text.as_str());
        let entity = file.entity().unwrap_or_else(|| panic!("{path} is an entity file"));
        let counted = (entity.fields.len(), entity.actions.len());
        assert_eq!(counted, (*fields, *actions), "{path}");
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
    for (path, text) in corpus() {
        let listed = COUNTS.iter().any(|it| it.0 == path) || path.starts_with("upstream-0.5-beta");
        assert_eq!(is_entity(&text), listed, "{path}");
    }
    assert!(!is_entity("pattern: crud/create\n"));
    assert!(!is_entity("- entity: Post\n"));
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
    for (path, text) in corpus() {
        let file = SourceFile::new(FileId(0), path.as_str(), text.as_str());
        let Some(root) = keys::root_spec(&file.kind) else { continue };
        keys::walk(root, &file.parse.yaml().root, &mut |it| match it {
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
