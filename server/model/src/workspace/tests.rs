//! Tests of names across files, and of changes.

use std::{collections::BTreeMap, sync::Arc};

use proptest::prelude::*;

use super::*;
use crate::test_support::{corpus, files, named, shown_effects, workspace};

fn resolved(workspace: &Workspace, from: &str, name: &str) -> String {
    let from = workspace
        .files()
        .find(|it| it.path.as_ref() == from)
        .map(|it| EntityId(it.id))
        .expect("the file is there");
    let path = |it: EntityId| workspace.file(it.0).map_or("?", |it| it.path.as_ref()).to_owned();
    match workspace.resolve_name(from, name) {
        Resolution::Found(it) => path(it),
        Resolution::Ambiguous(all) => all.into_iter().map(path).collect::<Vec<_>>().join(" | "),
        Resolution::Unknown => "unknown".to_owned(),
    }
}

#[test]
fn names_of_entities() {
    let workspace = workspace(
        "\
#- /blog/post.yaml
entity: BlogPost
schema: blog
#- /blog/user.yaml
entity: User
schema: blog
#- /crm/user.yaml
entity: User
schema: crm
#- /crm/deal.yaml
entity: Deal
schema: crm
#- /other.yaml
entity: Other
",
    );
    let from = |file: &str, name: &str| resolved(&workspace, file, name);
    assert_eq!(from("/blog/post.yaml", "User"), "/blog/user.yaml");
    assert_eq!(from("/crm/deal.yaml", "User"), "/crm/user.yaml");
    assert_eq!(from("/other.yaml", "User"), "/blog/user.yaml | /crm/user.yaml");
    assert_eq!(from("/other.yaml", "crm.User"), "/crm/user.yaml");
    assert_eq!(from("/other.yaml", "sales.User"), "unknown");
    assert_eq!(from("/other.yaml", "Deal"), "/crm/deal.yaml");
    assert_eq!(from("/other.yaml", "tb_blog_post"), "/blog/post.yaml");
    assert_eq!(from("/other.yaml", "blog.tb_blogpost"), "/blog/post.yaml");
    assert_eq!(from("/other.yaml", "crm.tb_blog_post"), "unknown");
    assert_eq!(from("/other.yaml", "blogpost"), "unknown");
    assert_eq!(from("/other.yaml", ""), "unknown");
    assert_eq!(workspace.suggest_entity("BlgoPost"), Some("BlogPost"));
    assert_eq!(workspace.suggest_entity("blog_post"), Some("BlogPost"));
}

#[test]
fn two_entities_of_one_name_are_both_there() {
    let workspace =
        workspace("#- /b.yaml\nentity: A\n#- /a.yaml\nentity: A\n#- /c.yaml\nentity: C\n");
    assert_eq!(workspace.entity_count(), 3);
    let all = workspace.entities_named("A");
    let paths: Vec<&str> = all.iter().filter_map(|it| workspace.path(it.0)).collect();
    assert_eq!(paths, ["/a.yaml", "/b.yaml"]);
    assert_eq!(resolved(&workspace, "/b.yaml", "A"), "/b.yaml");
    assert_eq!(resolved(&workspace, "/c.yaml", "A"), "/a.yaml | /b.yaml");
}

#[test]
fn the_first_configuration_holds() {
    let first = "#- /specql.config.yaml\ntenancy: required\ncompat: off\n";
    let second = "#- /sub/specql.config.yaml\ntenancy: single\n";
    let both = workspace(&format!("{second}{first}"));
    assert_eq!(both.config().tenancy, crate::config::Tenancy::Required);
    assert_eq!(both.config().compat, crate::config::Compat::Off);
    let config = both.config_file().map(|it| it.id).expect("there is one");
    let without = both.without_file(config);
    assert_eq!(without.config().tenancy, crate::config::Tenancy::Single);
    assert_eq!(without.config().compat, crate::config::Compat::V08);
}

#[test]
fn every_mention_of_an_entity() {
    let fixture = "\
#- /user.yaml
entity: User
#- /post.yaml
entity: Post
fields:
  author: ref(User)
  readers: list(ref(User))
actions:
  - name: act
    steps:
      - validate: EXISTS User WHERE id = input.author
      - foreach: one in User
        do:
          - update: public.tb_user SET x = 1 WHERE id = one.id
    impact:
      side_effects:
        - entity: User
    cascade:
      include_entities: [User]
    cdc:
      side_effect_events:
        User: UserSeen
";
    let workspace = workspace(fixture);
    let mentions = workspace.referrers(named(&workspace, "User"));
    let shown: Vec<String> = mentions
        .iter()
        .map(|it| {
            let file = workspace.file(it.file).expect("it is there");
            format!("{} {:?} {}", file.path, it.kind, it.range.slice(file.text()))
        })
        .collect();
    insta::assert_snapshot!(shown.join("\n"), @r"
    /post.yaml Field User
    /post.yaml Field User
    /post.yaml Expression User
    /post.yaml Step User
    /post.yaml Step tb_user
    /post.yaml Impact User
    /post.yaml Cascade User
    /post.yaml Event User
    /user.yaml Declaration User
    ");
}

#[test]
fn calls_lead_to_actions() {
    let workspace = workspace(
        "\
#- /a.yaml
entity: A
schema: one
actions:
  - name: same
    steps:
      - call: same()
      - call: only()
#- /b.yaml
entity: B
schema: two
actions:
  - name: same
  - name: only
#- /c.yaml
entity: C
schema: three
",
    );
    let called = |from: &str, schema: Option<&str>, name: &str| {
        let action = workspace.called(named(&workspace, from), schema, name)?;
        Some(workspace.entity(action.entity)?.name.text.to_string())
    };
    assert_eq!(called("A", None, "same").as_deref(), Some("A"));
    assert_eq!(called("A", Some("two"), "same").as_deref(), Some("B"));
    assert_eq!(called("A", Some("three"), "same"), None);
    assert_eq!(called("A", Some("app"), "only").as_deref(), Some("B"));
    assert_eq!(called("C", None, "same"), None);
    assert_eq!(called("C", None, "fn_only").as_deref(), Some("B"));
    assert_eq!(workspace.actions_named("same").len(), 2);
    let only = workspace.actions_named("only").first().copied().expect("it is there");
    assert_eq!(workspace.callers(only).len(), 2);
}

/// Everything that a workspace answers about its files, as text.
fn answers(workspace: &Workspace) -> Vec<String> {
    let mut shown = vec![format!("{:?}", workspace.config())];
    for file in workspace.files() {
        let Some(entity) = file.entity() else { continue };
        shown.push(format!("{} {}", file.path, entity.name.text));
        for (id, action) in entity.action_ids() {
            let effects = workspace.effects(id);
            shown.push(format!("{} {effects:?}", action.name.text));
            shown.push(shown_effects(workspace, effects));
            shown.push(format!("{:?}", workspace.effective_primary(id)));
            shown.push(format!("{:?}", workspace.callers(id)));
            shown.push(format!("{:?}", workspace.actions_named(&action.name.text)));
        }
        shown.push(format!("{:?}", workspace.referrers(entity.id)));
        shown.push(format!("{:?}", workspace.entities_named(&entity.name.text)));
    }
    shown
}

/// Small files that depend on each other in many ways.
fn small_file() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec!["A", "B", "C", "BlogPost"]);
    let other = prop::sample::select(vec!["A", "B", "C", "BlogPost", "tb_blog_post", "s.A"]);
    let schema = prop::sample::select(vec!["", "schema: s\n", "schema: t\n"]);
    let action = prop::sample::select(vec!["one", "two", "three"]);
    let field = prop::sample::select(vec!["ref(A)", "ref(B)", "ref(s.A)", "text", "list(ref(C))"]);
    let fields = prop::collection::vec((prop::sample::select(vec!["x", "y", "z"]), field), 0..3);
    let step = prop_oneof![
        other.clone().prop_map(|it| format!("      - update: {it}\n")),
        other.prop_map(|it| format!("      - delete:\n          entity: {it}\n")),
        action.clone().prop_map(|it| format!("      - call:\n          action: {it}\n")),
    ];
    let steps = prop::collection::vec(step, 0..3);
    let actions = prop::collection::vec((action, steps), 0..3);
    (name, schema, fields, actions).prop_map(|(name, schema, fields, actions)| {
        let fields: String = fields.iter().map(|it| format!("  {}: {}\n", it.0, it.1)).collect();
        let actions: String = actions
            .iter()
            .map(|it| format!("  - name: {}\n    steps:\n{}", it.0, it.1.concat()))
            .collect();
        format!("entity: {name}\n{schema}fields:\n{fields}actions:\n{actions}")
    })
}

/// A change: a number, and the file's new text or nothing for its removal.
fn change() -> impl Strategy<Value = (u32, Option<String>)> {
    let config = "tenancy: required\n".to_owned();
    (
        0_u32..6,
        prop_oneof![8 => small_file().prop_map(Some), 2 => Just(None), 1 => Just(Some(config))],
    )
}

fn source(id: u32, text: &str) -> Arc<SourceFile> {
    // The order of paths is not the order of numbers.
    let path = if text.starts_with("tenancy") {
        format!("/{}/specql.config.yaml", 9 - id)
    } else {
        format!("/{}.yaml", 9 - id)
    };
    Arc::new(SourceFile::new(FileId(id), path, text))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_changed_workspace_equals_a_new_one(
        changes in prop::collection::vec((change(), any::<bool>()), 1..12)
    ) {
        let mut texts: BTreeMap<u32, String> = BTreeMap::new();
        let mut changed = Workspace::default();
        for ((id, text), ask) in changes {
            let before = changed.clone();
            let touched = match &text {
                Some(text) => changed.set(source(id, text)),
                None => changed.remove(FileId(id)),
            };
            match text {
                Some(text) => drop(texts.insert(id, text)),
                None => drop(texts.remove(&id)),
            }
            if ask {
                // What was answered once may be remembered, and has to be forgotten in time.
                let new = Workspace::new(texts.iter().map(|(id, text)| source(*id, text)));
                prop_assert_eq!(answers(&changed), answers(&new));
                for entity in changed.entities() {
                    let unaffected = !touched.files.contains(&entity.id.0);
                    for (action, _) in entity.action_ids().filter(|_| unaffected) {
                        prop_assert_eq!(before.effects(action), changed.effects(action));
                    }
                }
            }
        }
        let new = Workspace::new(texts.iter().map(|(id, text)| source(*id, text)));
        prop_assert_eq!(answers(&changed), answers(&new));
    }
}

#[test]
fn real_files_one_by_one_or_all_at_once() {
    let all: Vec<Arc<SourceFile>> = (0..)
        .zip(corpus())
        .map(|(id, (path, text))| Arc::new(SourceFile::new(FileId(id), path, text)))
        .collect();
    let new = Workspace::new(all.clone());
    let changed =
        all.iter().rev().fold(Workspace::default(), |it, file| it.with_file(file.clone()));
    assert_eq!(answers(&changed), answers(&new));
    let emptied = all.iter().fold(changed, |it, file| it.without_file(file.id));
    assert_eq!(answers(&emptied), answers(&Workspace::default()));
    assert_eq!(emptied.file_count(), 0);
}

#[test]
fn a_copy_does_not_see_later_changes() {
    let files = files("#- /a.yaml\nentity: A\n#- /b.yaml\nentity: B\n");
    let before = Workspace::new(files);
    let after = before.without_file(FileId(0));
    assert_eq!(before.entity_count(), 2);
    assert_eq!(after.entity_count(), 1);
}

/// Lists of names are kept over changes: they equal those of a workspace made anew.
#[test]
fn lists_of_names_are_kept() {
    let text = |name: &str, action: &str| {
        format!(
            "entity: {name}\nschema: s\nactions:\n  - name: {action}\n    steps: []\n    impact:\n      primary:\n        entity: {name}\n      cache_invalidations:\n        - query: {action}s\n"
        )
    };
    let file =
        |id: u32, text: String| Arc::new(SourceFile::new(FileId(id), format!("{id}.yaml"), text));
    let kinds = [NameKind::Entity, NameKind::Action, NameKind::Query];
    let mut kept = Workspace::new([file(1, text("Post", "post")), file(2, text("User", "user"))]);
    let before = kept.clone();
    let steps = [
        Some(file(1, text("Post", "publish"))),
        Some(file(2, text("Author", "user"))),
        None,
        Some(file(3, text("author", "user"))),
        Some(file(2, "other: 1\n".to_owned())),
        Some(file(2, text("", "b"))),
    ];
    for step in steps {
        match step {
            // Asked for in another state, a list says nothing of this one.
            None => drop(kinds.map(|it| kept.name_list(it).all().len())),
            Some(file) => drop(kept.set(file)),
        }
        let anew = Workspace::new(kept.files().cloned());
        for kind in kinds {
            if before.name_list(kind).all().is_empty() {
                continue;
            }
            assert_eq!(kept.clone().name_list(kind), anew.name_list(kind), "{kind:?}");
        }
    }
    assert_eq!(before.name_list(NameKind::Entity).beginning_with("po").len(), 1);
    assert_eq!(kept.name_list(NameKind::Action).beginning_with("u").len(), 1);

    // Typed in while nobody has a list yet, a file gets none of its own: one is made for all states.
    let typed = format!("{}    description: typed\n", text("Post", "post"));
    let mut after = Workspace::new([file(1, text("Post", "post"))]);
    let before = after.clone();
    drop(after.set(file(1, typed)));
    for kind in kinds {
        assert!(std::ptr::eq(before.name_list(kind), after.name_list(kind)), "{kind:?}");
    }
}
