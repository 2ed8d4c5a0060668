//! Previews: which artifact a place or a name means, and its text.

use specql_codegen::{Artifact, Scope, SourceMap, Target};
use specql_model::{Action, ActionId, Entity, EntityId, SourceFile, Workspace, suggest};

use crate::{Preview, PreviewTarget, describe};

/// What a preview opened at an offset shows. Without `artifact`: the event inside `cdc`, the function
/// inside an action, else the table.
pub(crate) fn target_at(
    file: &SourceFile,
    offset: u32,
    artifact: Option<Artifact>,
) -> Option<PreviewTarget> {
    let scope = artifact.map(Artifact::scope);
    if scope == Some(Scope::Project) {
        return Some(PreviewTarget { file: None, action: None, artifact: artifact? });
    }
    let entity = file.entity().filter(|it| !it.name.text.is_empty())?;
    let action = action_at(entity, offset).filter(|_| scope != Some(Scope::Entity));
    let default = match action {
        Some(it) if it.cdc.as_deref().is_some_and(|it| it.range.touches(offset)) => {
            Artifact::EventSample
        }
        Some(_) => Artifact::Action,
        None => Artifact::Table,
    };
    let artifact = artifact.unwrap_or(default);
    if artifact.scope() == Scope::Action && action.is_none() {
        return None;
    }
    let action = action.map(|it| it.name.text.to_string());
    Some(PreviewTarget { file: Some(file.id), action, artifact })
}

/// All that can be shown at an offset: that of which [`mapped`] gives a text.
pub(crate) fn all_at(workspace: &Workspace, file: &SourceFile, offset: u32) -> Vec<PreviewTarget> {
    let targets = Artifact::ALL.into_iter().filter_map(|it| target_at(file, offset, Some(it)));
    targets.filter(|it| found(workspace, it).is_some()).collect()
}

/// The same thing in an earlier state: its entity by its name, or by the one that it says it had, in whatever
/// file it lay.
pub(crate) fn then(now: &Workspace, before: &Workspace, it: &PreviewTarget) -> PreviewTarget {
    let Some(entity) = it.file.and_then(|it| now.entity(EntityId(it))) else { return it.clone() };
    let named = |name: &str| {
        let mut found = before.entities_named(name).into_iter().filter_map(|it| before.entity(it));
        found.find(|it| it.schema_name() == entity.schema_name()).map(|it| it.id.0)
    };
    let was = || entity.was.as_ref().and_then(|it| named(&it.text));
    let file = named(&entity.name.text).or_else(was);
    PreviewTarget { file: file.or(it.file), ..it.clone() }
}

fn action_at(entity: &Entity, offset: u32) -> Option<&Action> {
    let mut named = entity.actions.iter().filter(|it| !it.name.text.is_empty());
    named.rfind(|it| it.range.touches(offset))
}

/// The text; absent when the entity or the action is gone, or has nothing of the kind.
pub(crate) fn preview(workspace: &Workspace, it: &PreviewTarget) -> Option<Preview> {
    mapped(workspace, it).map(|it| it.0)
}

/// The same, with the places that it comes from.
pub(crate) fn mapped(workspace: &Workspace, it: &PreviewTarget) -> Option<(Preview, SourceMap)> {
    let (target, name) = found(workspace, it)?;
    let rendered = specql_codegen::render(workspace, it.artifact, target);
    let title = format!("{name}{}", it.artifact.name());
    let preview = Preview { title, language: it.artifact.language(), text: rendered.text };
    Some((preview, rendered.source_map))
}

/// What a preview shows and how its title begins; absent when that is gone, or has nothing of the kind.
fn found(workspace: &Workspace, it: &PreviewTarget) -> Option<(Target, String)> {
    let entity = match it.file {
        Some(file) => Some(workspace.entity(EntityId(file))?),
        None => None,
    };
    let (target, name) = match (entity, &it.action, it.artifact.scope()) {
        (_, _, Scope::Project) => (Target::Project, String::new()),
        (Some(entity), _, Scope::Entity) => {
            (Target::Entity(entity.id), format!("{} · ", entity.name.text))
        }
        (Some(entity), Some(action), Scope::Action) => (
            Target::Action(action_named(entity, action)?),
            format!("{}.{action} · ", entity.name.text),
        ),
        (None, _, _) | (_, None, Scope::Action) => return None,
    };
    specql_codegen::is_there(workspace, it.artifact, target).then_some((target, name))
}

fn action_named(entity: &Entity, name: &str) -> Option<ActionId> {
    let index = entity.actions.iter().position(|it| it.name.text == name)?;
    Some(ActionId { entity: entity.id, index: u32::try_from(index).ok()? })
}

/// The text of an artifact by name.
pub(crate) fn preview_by_name(
    workspace: &Workspace,
    name: &str,
    artifact: Option<&str>,
) -> Result<Preview, String> {
    let artifact = artifact.map(self::artifact).transpose()?;
    let target = match artifact.map(Artifact::scope) {
        Some(Scope::Project) => None,
        _ if name.is_empty() => {
            let why = "an entity or an action is missing: `Entity`, `Entity.action`; only what a \
                       project has once needs none (`--artifact foundation`)";
            return Err(why.to_owned());
        }
        _ => Some(named(workspace, name)?),
    };
    let (file, action) = match &target {
        Some(it) => (Some(it.entity.id.0), it.action.map(|it| it.name.text.to_string())),
        None => (None, None),
    };
    let default = if action.is_some() { Artifact::Action } else { Artifact::Table };
    let artifact = artifact.unwrap_or(default);
    if let (Scope::Action, None, Some(it)) = (artifact.scope(), &action, &target) {
        return Err(needs_action(artifact, it.entity));
    }
    preview(workspace, &PreviewTarget { file, action, artifact }).ok_or_else(|| match name {
        "" => format!("the workspace has nothing for `{}`", artifact.name()),
        name => format!("`{name}` has no artifact `{}`", artifact.name()),
    })
}

fn artifact(name: &str) -> Result<Artifact, String> {
    Artifact::from_name(name).ok_or_else(|| {
        let names = || Artifact::ALL.iter().map(|it| it.name());
        match suggest(name, names()) {
            Some(near) => format!("there is no artifact `{name}`; did you mean `{near}`?"),
            None => format!("there is no artifact `{name}`; there are {}", listed(names())),
        }
    })
}

fn needs_action(artifact: Artifact, entity: &Entity) -> String {
    let actions: Vec<String> =
        entity.actions.iter().map(|it| format!("{}.{}", entity.name.text, it.name.text)).collect();
    let name = artifact.name();
    if actions.is_empty() {
        return format!("`{name}` is made for an action, and `{}` has none", entity.name.text);
    }
    format!("`{name}` is made for an action: {}", listed(actions.iter().map(String::as_str)))
}

/// What a name means.
struct Named<'a> {
    entity: &'a Entity,
    action: Option<&'a Action>,
}

impl Named<'_> {
    /// The whole name, which means nothing else.
    fn qualified(&self) -> String {
        let entity = describe::qualified(self.entity);
        match self.action {
            Some(it) => format!("{entity}.{}", it.name.text),
            None => entity,
        }
    }
}

fn named<'a>(workspace: &'a Workspace, name: &str) -> Result<Named<'a>, String> {
    let mut found: Vec<Named<'a>> =
        all(workspace).filter(|it| spellings(it).any(|it| it == name)).collect();
    if found.len() > 1 {
        let names: Vec<String> = found.iter().map(Named::qualified).collect();
        let names = listed(names.iter().map(String::as_str));
        return Err(format!("`{name}` means several things: {names}"));
    }
    found.pop().ok_or_else(|| {
        let names: Vec<String> =
            all(workspace).flat_map(|it| spellings(&it).collect::<Vec<_>>()).collect();
        match suggest(name, names.iter().map(String::as_str)) {
            Some(near) => {
                format!("there is no entity or action `{name}`; did you mean `{near}`?")
            }
            None => format!("there is no entity or action `{name}`"),
        }
    })
}

/// Every entity and action that has a name.
fn all(workspace: &Workspace) -> impl Iterator<Item = Named<'_>> {
    workspace.entities().filter(|it| !it.name.text.is_empty()).flat_map(|entity| {
        let actions = entity.actions.iter().filter(|it| !it.name.text.is_empty());
        let actions = actions.map(move |it| Named { entity, action: Some(it) });
        std::iter::once(Named { entity, action: None }).chain(actions)
    })
}

/// `Post`, `blog.Post`; `create_post`, `Post.create_post`, `blog.Post.create_post`.
fn spellings(it: &Named<'_>) -> impl Iterator<Item = String> + use<> {
    let short = match it.action {
        Some(action) => {
            vec![
                action.name.text.to_string(),
                format!("{}.{}", it.entity.name.text, action.name.text),
            ]
        }
        None => vec![it.entity.name.text.to_string()],
    };
    short.into_iter().chain([it.qualified()])
}

/// `` `a`, `b` and `c` ``.
fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut quoted: Vec<String> = names.map(|it| format!("`{it}`")).collect();
    let last = quoted.pop().unwrap_or_default();
    if quoted.is_empty() { last } else { format!("{} and {last}", quoted.join(", ")) }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use specql_codegen::Artifact;

    use crate::test_support::Fixture;

    const WORKSPACE: &str = "
#- /a/user.yaml
entity: User
schema: a
actions:
  - name: rename_user
    steps:
      - update: User SET identifier = 'x'
  - name: archive
    steps:
      - delete: User
#- /b/user.yaml
entity: User
schema: b
#- /post.yaml
entity: Post
schema: blog
fields:
  title: text
actions:
  - name: create_post
    steps:
      - insert: Post
    impact:
      primary:
        operation: CREATE
    cdc:
      enabled: true
  - name: archive
    steps:
      - delete: Post
";

    /// The title of the preview, else the message.
    fn by_name(name: &str, artifact: Option<&str>) -> String {
        let it = Fixture::new(WORKSPACE);
        match it.analysis.preview_by_name(name, artifact) {
            Ok(it) => format!("{} ({})", it.title, it.language),
            Err(it) => it,
        }
    }

    #[test]
    fn names_of_entities_and_actions() {
        assert_snapshot!(by_name("Post", None), @"Post · table (sql)");
        assert_snapshot!(by_name("blog.Post", Some("audit")), @"Post · audit (sql)");
        assert_snapshot!(by_name("create_post", None), @"Post.create_post · action (sql)");
        assert_snapshot!(by_name("Post.create_post", Some("event-sample")), @"Post.create_post · event-sample (json)");
        assert_snapshot!(by_name("blog.Post.create_post", Some("table")), @"Post · table (sql)");
        assert_snapshot!(by_name("anything", Some("foundation")), @"foundation (sql)");
    }

    #[test]
    fn names_that_mean_nothing_or_too_much() {
        assert_snapshot!(by_name("Pots", None), @"there is no entity or action `Pots`; did you mean `Post`?");
        assert_snapshot!(by_name("Post.creat_post", None), @"there is no entity or action `Post.creat_post`; did you mean `Post.create_post`?");
        assert_snapshot!(by_name("Quux", None), @"there is no entity or action `Quux`");
        assert_snapshot!(by_name("User", None), @"`User` means several things: `a.User` and `b.User`");
        assert_snapshot!(by_name("archive", None), @"`archive` means several things: `a.User.archive` and `blog.Post.archive`");
        assert_snapshot!(by_name("Post", Some("outbx")), @"there is no artifact `outbx`; did you mean `outbox`?");
        assert_snapshot!(by_name("Post", Some("zzz")), @"there is no artifact `zzz`; there are `foundation`, `table`, `action`, `audit`, `outbox`, `roles`, `cascade-sample`, `event-sample`, `audit-sample`, `event-schema`, `debezium`, `debezium-properties`, `debezium-state`, `kafka-topics`, `kafka-topics-script`, `schema-registry`, `schema-registry-script`, `asyncapi`, `event-flow`, `event-flow-dot`, `consumer`, `consumer-python`, `upcast`, `upcast-sql`, `fraiseql-adapter`, `effects`, `contract`, `client`, `client-apollo`, `client-urql`, `client-relay` and `client-tanstack`");
        assert_snapshot!(by_name("Post", Some("action")), @"`action` is made for an action: `Post.create_post` and `Post.archive`");
        assert_snapshot!(by_name("b.User", Some("action")), @"`action` is made for an action, and `User` has none");
        assert_snapshot!(by_name("Post.archive", Some("event-sample")), @"`Post.archive` has no artifact `event-sample`");
    }

    fn at(marked: &str, artifact: Option<Artifact>) -> String {
        let text = WORKSPACE.replacen(&marked.replace("$0", ""), marked, 1);
        let it = Fixture::new(&text);
        match it.analysis.preview_target(it.file, it.offset(), artifact) {
            Some(it) => format!("{:?} {:?}", it.action, it.artifact),
            None => "nothing".to_owned(),
        }
    }

    #[test]
    fn the_artifact_at_a_place() {
        assert_snapshot!(at("entity: Po$0st", None), @"None Table");
        assert_snapshot!(at("- insert: Po$0st", None), @r#"Some("create_post") Action"#);
        assert_snapshot!(at("ena$0bled: true", None), @r#"Some("create_post") EventSample"#);
        assert_snapshot!(at("- insert: Po$0st", Some(Artifact::Audit)), @"None Audit");
        assert_snapshot!(at("- insert: Po$0st", Some(Artifact::Outbox)), @"None Outbox");
        assert_snapshot!(at("entity: Po$0st", Some(Artifact::CascadeSample)), @"nothing");
    }

    /// Whatever is offered for a place is shown there.
    #[test]
    fn what_is_listed_has_a_preview() {
        for (text, missing) in [
            (WORKSPACE, &["debezium-state", "upcast", "upcast-sql"][..]),
            (
                "entity: Post\nschema: blog\nfields:\n  title: text\n",
                &["debezium", "client", "event-flow", "asyncapi"],
            ),
        ] {
            let it = Fixture::new(text);
            for file in it.analysis.files() {
                for (line, _) in it.analysis.text(file).unwrap().match_indices('\n') {
                    let offset = u32::try_from(line).unwrap();
                    let targets = it.analysis.artifacts_at(file, offset);
                    for target in &targets {
                        assert!(
                            it.analysis.preview(target).is_some_and(|it| !it.text.is_empty()),
                            "{target:?}"
                        );
                    }
                    let names: Vec<&str> = targets.iter().map(|it| it.artifact.name()).collect();
                    assert!(missing.iter().all(|it| !names.contains(it)), "{names:?}");
                    assert!(names.contains(&"table") && names.contains(&"foundation"), "{names:?}");
                }
            }
        }
    }

    /// The folders of the emitted files.
    fn folders(skip: &[Artifact]) -> String {
        let files = Fixture::new(WORKSPACE).analysis.emit(skip);
        let mut folders: Vec<String> =
            files.iter().map(|it| it.path.split('/').next().unwrap().to_owned()).collect();
        folders.dedup();
        folders.join(" ")
    }

    #[test]
    fn artifacts_that_are_left_out() {
        assert_snapshot!(folders(&[]), @"00_foundation.sql 10_audit.sql 11_outbox.sql 20_table 30_read_model 40_audit 41_audit_maintenance.sql 42_cascade_storage.sql 45_image 50_action 55_read_models.sql 60_overloads.sql 90_roles.sql asyncapi.json audit-sample cascade-sample client-apollo.ts client-relay.ts client-tanstack.ts client-urql.ts client.ts consumer.py consumer.ts debezium.json debezium.properties event-flow.dot event-flow.md event-sample event-schema kafka-topics.json kafka-topics.sh schema-registry.json schema-registry.sh");
        assert_snapshot!(folders(&[Artifact::Table, Artifact::EventSample]), @"00_foundation.sql 10_audit.sql 11_outbox.sql 30_read_model 40_audit 41_audit_maintenance.sql 42_cascade_storage.sql 45_image 50_action 55_read_models.sql 60_overloads.sql 90_roles.sql asyncapi.json audit-sample cascade-sample client-apollo.ts client-relay.ts client-tanstack.ts client-urql.ts client.ts consumer.py consumer.ts debezium.json debezium.properties event-flow.dot event-flow.md event-schema kafka-topics.json kafka-topics.sh schema-registry.json schema-registry.sh");
        assert_snapshot!(folders(&[Artifact::CascadeSample, Artifact::EventSample]), @"00_foundation.sql 10_audit.sql 11_outbox.sql 20_table 30_read_model 40_audit 41_audit_maintenance.sql 42_cascade_storage.sql 45_image 50_action 55_read_models.sql 60_overloads.sql 90_roles.sql asyncapi.json audit-sample client-apollo.ts client-relay.ts client-tanstack.ts client-urql.ts client.ts consumer.py consumer.ts debezium.json debezium.properties event-flow.dot event-flow.md event-schema kafka-topics.json kafka-topics.sh schema-registry.json schema-registry.sh");
    }
}
