//! Implementation: the place in generated SQL that a name became, and the steps that do it for editors
//! which cannot show that.

use specql_codegen::{Artifact, SourceMap};
use specql_model::{ActionId, Entity, EntityId, FileId, SourceFile, Step, Workspace};
use specql_text::TextRange;

use crate::{
    Analysis, PreviewTarget, Target, lineage,
    mention::{self, Subject},
    preview,
};

/// A place in a preview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Implementation {
    /// The preview.
    pub target: PreviewTarget,
    /// Its title, as [`crate::Preview`] has it.
    pub title: String,
    /// Its language.
    pub language: &'static str,
    /// Its text.
    pub text: String,
    /// The places in it; its beginning when none is narrower.
    pub ranges: Vec<TextRange>,
}

impl Analysis {
    /// What the name or the step under the cursor became: an entity its table, a field its column, an
    /// action or a step its statements.
    #[must_use]
    pub fn implementation(&self, file: FileId, offset: u32) -> Option<Implementation> {
        let workspace = self.workspace();
        let place = place(workspace, workspace.file(file)?, offset)?;
        let target = PreviewTarget {
            file: Some(place.entity().0),
            action: match place {
                Place::Action(id, _) => Some(workspace.action(id)?.name.text.to_string()),
                Place::Entity(..) => None,
            },
            artifact: place.artifact(),
        };
        let (preview, map) = preview::mapped(workspace, &target)?;
        let ranges = place.ranges(&map, &preview.text);
        let (title, language, text) = (preview.title, preview.language, preview.text);
        Some(Implementation { target, title, language, text, ranges })
    }

    /// The same in the files themselves: the steps of an action, of an entity or a field the steps
    /// that write it.
    #[must_use]
    pub fn implementing_steps(&self, file: FileId, offset: u32) -> Vec<Target> {
        let workspace = self.workspace();
        let Some(file) = workspace.file(file) else { return Vec::new() };
        match mention::at(workspace, file, offset).map(|it| it.subject) {
            Some(Subject::Entity(id)) => writing_steps(workspace, id, None),
            Some(Subject::Field(owner, field)) => {
                writing_steps(workspace, owner, Some(&field.name.text))
            }
            Some(Subject::Action(id)) => own_steps(workspace, id),
            _ => Vec::new(),
        }
    }
}

/// What a preview is asked for.
#[derive(Debug, Clone, Copy)]
enum Place {
    Entity(EntityId, TextRange),
    /// A part of an action, the whole without a range.
    Action(ActionId, Option<TextRange>),
}

impl Place {
    const fn entity(self) -> EntityId {
        match self {
            Self::Entity(id, _) => id,
            Self::Action(id, _) => id.entity,
        }
    }

    const fn artifact(self) -> Artifact {
        match self {
            Self::Entity(..) => Artifact::Table,
            Self::Action(..) => Artifact::Action,
        }
    }

    fn ranges(self, map: &SourceMap, text: &str) -> Vec<TextRange> {
        let range = match self {
            Self::Entity(_, range) => Some(range),
            Self::Action(_, range) => range,
        };
        let found = range.map(|it| map.from_range(self.entity().0, it)).unwrap_or_default();
        if !found.is_empty() {
            return found;
        }
        let heads = ["CREATE OR REPLACE FUNCTION", "CREATE TABLE"];
        let head = heads.iter().filter_map(|it| text.find(it)).min().unwrap_or_default();
        let end = text.get(head..).and_then(|it| it.find('\n')).unwrap_or_default();
        vec![(head..head + end).into()]
    }
}

fn place(workspace: &Workspace, file: &SourceFile, offset: u32) -> Option<Place> {
    let entity = |id: EntityId| Some(Place::Entity(id, workspace.entity(id)?.name.range));
    match mention::at(workspace, file, offset).map(|it| it.subject) {
        Some(Subject::Entity(id) | Subject::BuiltIn(id, _)) => entity(id),
        Some(Subject::Field(owner, field)) => Some(Place::Entity(owner, field.range)),
        Some(Subject::EnumValue { owner, field, .. }) => Some(Place::Entity(owner, field.range)),
        Some(Subject::Action(id)) => Some(Place::Action(id, None)),
        Some(Subject::Impact(id)) => {
            Some(Place::Action(id, Some(workspace.action(id)?.impact.as_deref()?.range)))
        }
        Some(Subject::Event(id) | Subject::Cdc(id)) => {
            Some(Place::Action(id, Some(workspace.action(id)?.cdc.as_deref()?.range)))
        }
        _ => around(file.entity()?, offset),
    }
}

/// The innermost step around a cursor, else the action.
fn around(entity: &Entity, offset: u32) -> Option<Place> {
    let (id, action) = entity.action_ids().filter(|(_, it)| it.range.touches(offset)).last()?;
    let mut found = None;
    for step in &action.steps {
        step.walk(&mut |it: &Step| {
            if it.range.touches(offset) {
                found = Some(it.range);
            }
        });
    }
    Some(Place::Action(id, found))
}

fn own_steps(workspace: &Workspace, id: ActionId) -> Vec<Target> {
    let Some(action) = workspace.action(id) else { return Vec::new() };
    let of_step =
        |it: &Step| Target { file: id.entity.0, range: it.range, name_range: it.keyword.range };
    action.steps.iter().map(of_step).collect()
}

fn writing_steps(workspace: &Workspace, id: EntityId, field: Option<&str>) -> Vec<Target> {
    let writes = lineage::own_writes(workspace, id);
    let writes =
        writes.filter(|(_, it)| field.is_none_or(|field| lineage::writes_field(it, field)));
    let target = |(action, effect): (ActionId, &specql_model::Effect)| Target {
        file: action.entity.0,
        range: effect.step,
        name_range: effect.target.range,
    };
    let mut res: Vec<Target> = writes.map(target).collect();
    res.dedup();
    res
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::test_support::Fixture;

    const WORKSPACE: &str = "
#- /user.yaml
entity: User
schema: crm
fields:
  name: text
  role: enum(author, editor)
#- /post.yaml
entity: Post
schema: blog
fields:
  title: text
  author: ref(User)
actions:
  - name: publish_post
    steps:
      - validate: title IS NOT NULL
      - update: Post SET title = 'x'
      - if: author.name IS NULL
        then:
          - update: User SET name = 'x' WHERE id = author.id
    impact:
      primary:
        entity: Post
        operation: UPDATE
    cdc:
      enabled: true
      event_type: PostPublished
  - name: create_post
    steps:
      - insert: Post
";

    fn at(cursor: &str) -> Fixture {
        let text = WORKSPACE.replacen(&cursor.replace("$0", ""), cursor, 1);
        assert_ne!(text, WORKSPACE, "no such place");
        Fixture::new(&text)
    }

    /// The preview, and the first line of each place in it.
    fn sql(cursor: &str) -> String {
        let it = at(cursor);
        let Some(found) = it.analysis.implementation(it.file, it.offset()) else {
            return "nothing".to_owned();
        };
        let first = |range: &specql_text::TextRange| {
            range.slice(&found.text).trim().lines().next().unwrap_or_default().to_owned()
        };
        let lines: Vec<String> = found.ranges.iter().map(first).collect();
        format!("{}: {}", found.title, lines.join(" … "))
    }

    fn steps(cursor: &str) -> String {
        let it = at(cursor);
        let found = it.analysis.implementing_steps(it.file, it.offset());
        let line = |target: &crate::Target| {
            let text = it.analysis.text(target.file).unwrap();
            target.range.slice(text).lines().next().unwrap_or_default().to_owned()
        };
        found.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn names_lead_to_their_sql() {
        assert_snapshot!(sql("entity: Po$0st\nschema"), @"Post · table: CREATE TABLE IF NOT EXISTS blog.tb_post (");
        assert_snapshot!(sql("ref(Us$0er)"), @"User · table: CREATE TABLE IF NOT EXISTS crm.tb_user (");
        assert_snapshot!(sql("na$0me: text"), @"User · table: name text,");
        assert_snapshot!(sql("name: publish_$0post"), @"Post.publish_post · action: CREATE OR REPLACE FUNCTION blog.spec_publish_post() RETURNS jsonb");
        assert_snapshot!(sql("event_type: Post$0Published"), @r#"Post.publish_post · action: "events": {"Post:U":{"n":0,"type":"PostPublished","version":1,"topic":"specql.events.Post","key":"post"}},"#);
    }

    #[test]
    fn steps_lead_to_their_statements() {
        assert_snapshot!(sql("valid$0ate: title"), @"Post.publish_post · action: -- validate: title IS NOT NULL");
        assert_snapshot!(sql("upd$0ate: User SET"), @"Post.publish_post · action: -- update: User SET name = 'x' WHERE id = author.id");
        assert_snapshot!(sql("sch$0ema: blog"), @"nothing");
    }

    #[test]
    fn without_previews_names_lead_to_steps() {
        assert_snapshot!(steps("entity: Po$0st\nschema"), @"
        update: Post SET title = 'x'
        insert: Post
        ");
        assert_snapshot!(steps("ti$0tle: text"), @"
        update: Post SET title = 'x'
        insert: Post
        ");
        assert_snapshot!(steps("na$0me: text"), @"update: User SET name = 'x' WHERE id = author.id");
        assert_snapshot!(steps("name: publish_$0post"), @"
        validate: title IS NOT NULL
        update: Post SET title = 'x'
        if: author.name IS NULL
        ");
        assert_snapshot!(steps("ro$0le: enum"), @"");
    }
}
