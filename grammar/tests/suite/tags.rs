//! Definitions and references, by the library behind `tree-sitter tags`.

use tree_sitter_tags::{TagsConfiguration, TagsContext};

use crate::queries::{canonical, language};

/// `kind name: documentation` of every tag; references are marked by an arrow.
fn tags(grammar: &str, text: &str) -> Vec<String> {
    let config =
        TagsConfiguration::new(language(grammar), &canonical(grammar, "tags"), "").unwrap();
    let mut context = TagsContext::new();
    let (tags, _) = context.generate_tags(&config, text.as_bytes(), None).unwrap();
    tags.map(|tag| {
        let tag = tag.unwrap();
        let kind = config.syntax_type_name(tag.syntax_type_id);
        let arrow = if tag.is_definition { "" } else { "→ " };
        let docs = tag.docs.map(|it| format!(": {}", it.replace('\n', " / "))).unwrap_or_default();
        format!("{arrow}{kind} {}{docs}", &text[tag.name_range])
    })
    .collect()
}

#[test]
fn a_file_defines_its_entity_fields_and_actions() {
    let text = "# A post.\n# Of a blog.\nentity: Post\nfields:\n  # What it is called.\n  title: text!\n  \
                # Who wrote it.\n  author:\n    type: ref(User)\n  body: text\nactions:\n  # Makes one.\n  \
                - name: create_post\n    impact:\n      primary:\n        entity: Post\n        fields: [title]\n      \
                side_effects:\n        - entity: User\n          fields:\n            - count\n\n  # Takes it back.\n  \
                - name: delete_post\n  - name: third\n";
    assert_eq!(
        tags("specql", text),
        [
            "class Post: A post. / Of a blog.",
            "field title: What it is called.",
            "field author: Who wrote it.",
            "field body",
            "method create_post: Makes one.",
            "→ class Post",
            "→ field title",
            "→ class User",
            "→ field count",
            "method delete_post: Takes it back.",
            "method third",
        ]
    );
}

#[test]
fn a_comment_further_up_is_no_documentation() {
    let text = "# Of the file.\n\nentity: Post\nfields:\n  a: int\n  # Of a section.\n\n  b: int\n";
    assert_eq!(tags("specql", text), ["class Post", "field a", "field b"]);
}

#[test]
fn half_typed_files_keep_their_other_tags() {
    let text = "entity: Post\nfields:\n  a: [\n  b\n  c: int\nactions:\n  - name:\n  - na\n  - name: d\n    steps\n";
    assert_eq!(tags("specql", text), ["class Post", "field a", "field b", "field c", "method d"]);
}

#[test]
fn types_refer_to_entities() {
    assert_eq!(
        tags("specql_type", "list(ref(crm.Company | User))!"),
        ["→ class Company", "→ class User"]
    );
}

#[test]
fn steps_refer_to_entities_and_functions() {
    let refers = |text| tags("specql_step", text);
    assert_eq!(refers("crm.User SET a = lower(b) WHERE c"), ["→ class User", "→ call lower"]);
    assert_eq!(refers("Post"), ["→ class Post"]);
    assert_eq!(refers("Post(title, body)"), ["→ class Post"]);
    assert_eq!(refers("line in OrderLine WHERE order = input.id"), ["→ class OrderLine"]);
    assert_eq!(refers("NOT EXISTS User WHERE email = input.email"), ["→ class User"]);
    assert_eq!(refers("billing.charge(amount = total)"), ["→ call charge"]);
    assert_eq!(refers("status = 'draft'"), [] as [&str; 0]);
}
