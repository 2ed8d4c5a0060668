//! Renaming: an entity, a field, a value of an enum, an action, a parameter, a variable or a type of
//! events, in all files and in each place's own spelling.
//!
//! Invariant: what is generated afterwards is what was generated before with the names replaced.

mod former;
mod given;
mod queries;
mod same;
mod spelling;
mod texts;

use specql_check::FileEdit;
use specql_model::{
    FileId, NameKind, SourceFile, Type, Workspace, entity::graphql_name, names::snake_case,
};
use specql_syntax::yaml::{Resolved, resolve};
use specql_text::{TextEdit, TextRange};

use crate::{
    identity::{Identity, identity},
    mention::{self, Subject},
    references,
};

pub use former::FormerName;
pub use texts::{RenamedText, Renaming};

/// The name under the cursor as it is written, and the name it stands for; absent where nothing can
/// be renamed.
pub(crate) fn prepare(
    workspace: &Workspace,
    file: &SourceFile,
    offset: u32,
) -> Option<(TextRange, String)> {
    let it = mention::at(workspace, file, offset)?;
    identity(&it, file)?;
    let name = declared(workspace, file, &it)?;
    Some((name_at(&it, file, &name, offset)?, name))
}

/// Where a name that the cursor touches is written: without quotes, and without its schema, which is another name.
fn name_at(
    it: &mention::Mention<'_>,
    file: &SourceFile,
    name: &str,
    offset: u32,
) -> Option<TextRange> {
    let written = it.range.slice(file.text());
    let (start, end) = core(written, name)?;
    let is_entity = matches!(it.subject, Subject::Entity(_));
    let dot = written.get(start..end)?.rfind('.').filter(|_| is_entity);
    let schema = dot.map_or(0, |it| it + 1);
    let range = TextRange::from(start + schema..end);
    let range = TextRange::new(it.range.start() + range.start(), it.range.start() + range.end());
    (schema == 0 || offset >= range.start()).then_some(range)
}

/// The edits that give what is under the cursor another name.
///
/// # Errors
/// A message for the user when the name cannot be had.
pub(crate) fn rename(
    workspace: &Workspace,
    file: &SourceFile,
    offset: u32,
    new: &str,
) -> Result<Renaming, String> {
    let nothing = || "nothing here can be renamed".to_owned();
    let it = mention::at(workspace, file, offset).ok_or_else(nothing)?;
    let identity = identity(&it, file).ok_or_else(nothing)?;
    let old = declared(workspace, file, &it).ok_or_else(nothing)?;
    name_at(&it, file, &old, offset).ok_or_else(nothing)?;
    check_form(&it.subject, new)?;
    check_free(workspace, file, &it.subject, &old, new)?;
    queries::check(workspace, &identity, &old)?;
    queries::check_column(workspace, file, &it.subject, new)?;
    let own = edits(workspace, file, &identity, &old, new)?;
    let mut names = vec![Named { from: (file.id, it.range), edits: own }];
    for other in given::along(workspace, &identity, new)? {
        let edits = edits(workspace, file, &other, &old, new)?;
        let first = edits.first().map(|it| (it.file, it.edit.range));
        names.extend(first.map(|from| Named { from, edits }));
    }
    same::check(workspace, &names, new)?;
    let edits: Vec<FileEdit> = names.into_iter().flat_map(|it| it.edits).collect();
    let former = former::name(workspace, &identity, &old, new, &edits);
    let (texts, kept) = match identity {
        Identity::Entity(id) if old != new => texts::of_entity(workspace, file, id, new),
        _ => (Vec::new(), Vec::new()),
    };
    Ok(Renaming { names: edits, texts, kept, former })
}

/// One name, in all its places.
struct Named {
    /// One of them.
    from: (FileId, TextRange),
    edits: Vec<FileEdit>,
}

/// The edits of all places that mean the same.
fn edits(
    workspace: &Workspace,
    file: &SourceFile,
    identity: &Identity,
    old: &str,
    new: &str,
) -> Result<Vec<FileEdit>, String> {
    let mut res = Vec::new();
    for place in references::of(workspace, file, identity) {
        let Some(text) = workspace.file(place.file).map(|it| it.text()) else { continue };
        let written = place.range.slice(text);
        let new = respelled(written, old, new, identity).ok_or_else(|| {
            let path = workspace.file(place.file).map_or("", |it| &*it.path);
            format!("`{old}` is written `{written}` in `{path}`, which cannot be renamed safely")
        })?;
        res.push(FileEdit { file: place.file, edit: TextEdit::replace(place.range, new) });
    }
    Ok(res)
}

/// The name as it is declared.
fn declared(workspace: &Workspace, file: &SourceFile, it: &mention::Mention<'_>) -> Option<String> {
    Some(match &it.subject {
        Subject::Entity(id) | Subject::Query(id) => workspace.entity(*id)?.name.text.to_string(),
        Subject::Field(_, field) => field.name.text.to_string(),
        Subject::EnumValue { value, .. } | Subject::Choice { value, .. } => value.text.to_string(),
        Subject::Action(id) => workspace.action(*id)?.name.text.to_string(),
        Subject::Parameter(_, it) => it.name.text.to_string(),
        Subject::Variable { name, .. } => name.text.to_string(),
        Subject::QueryColumn { column, .. } => column.name.clone(),
        Subject::Event(_) => it.range.slice(file.text()).trim_matches(['\'', '"']).to_owned(),
        _ => return None,
    })
}

/// Whether a text can be such a name everywhere it will stand.
fn check_form(subject: &Subject<'_>, new: &str) -> Result<(), String> {
    let is_name = new.starts_with(|it: char| it.is_alphabetic() || it == '_')
        && new.chars().all(|it| it.is_alphanumeric() || it == '_');
    if !is_name {
        let is_value = matches!(subject, Subject::EnumValue { .. } | Subject::Choice { .. });
        let what = if is_value { "value" } else { "name" };
        return Err(format!("`{new}` is no {what} of letters, digits and `_`"));
    }
    if resolve(new) != Resolved::Str {
        return Err(format!("YAML reads `{new}` as something else than text"));
    }
    if matches!(
        new.to_ascii_uppercase().as_str(),
        "AND" | "OR" | "NOT" | "IN" | "IS" | "WHERE" | "SET"
    ) {
        return Err(format!("`{new}` is a keyword of steps"));
    }
    Ok(())
}

/// Whether nothing else has the name where it is to stand.
fn check_free(
    workspace: &Workspace,
    file: &SourceFile,
    subject: &Subject<'_>,
    old: &str,
    new: &str,
) -> Result<(), String> {
    if old == new {
        return Ok(());
    }
    let is_same = |it: &str| graphql_name(it) == graphql_name(new) && it != old;
    let taken = match subject {
        Subject::Entity(id) | Subject::Query(id) => workspace.entity(*id).is_some_and(|entity| {
            let others = workspace.entities().filter(|it| it.id != *id);
            others
                .filter(|it| it.schema_name() == entity.schema_name())
                .any(|it| it.name.text.eq_ignore_ascii_case(new))
        }),
        Subject::Field(owner, _) => workspace.entity(*owner).is_some_and(|entity| {
            let is_parameter = entity.actions.iter().flat_map(|it| &it.parameters);
            let parameters = is_parameter.map(|it| it.name.text.as_str());
            let built_in = specql_model::entity::BUILT_INS.iter().map(|it| it.name);
            let fields = entity.fields.iter().map(|it| it.name.text.as_str());
            fields.chain(built_in).chain(parameters).any(is_same)
        }),
        Subject::EnumValue { field, .. } => lists(&field.ty, new),
        Subject::Choice { parameter, .. } => lists(&parameter.ty, new),
        // Actions of one schema share one namespace, whichever file they stand in.
        Subject::Action(id) => workspace.entity(id.entity).is_some_and(|entity| {
            let all = workspace.name_list(NameKind::Action).all().iter();
            let mut others = all.filter(|it| it.id != *id && it.schema == entity.schema_name());
            others.any(|it| is_same(&it.name) || it.name == new)
        }),
        Subject::Parameter(..) | Subject::Variable { .. } => {
            let entity = file.entity();
            let names = entity.into_iter().flat_map(|entity| {
                let fields = entity.fields.iter().map(|it| it.name.text.as_str());
                let parameters = entity.actions.iter().flat_map(|it| &it.parameters);
                fields.chain(parameters.map(|it| it.name.text.as_str()))
            });
            let variables = mention::all(workspace, file).into_iter().any(
                |it| matches!(&it.subject, Subject::Variable { name, .. } if is_same(&name.text)),
            );
            variables || names.chain(["input", "old", "new"]).any(is_same)
        }
        _ => false,
    };
    if taken { Err(format!("`{new}` is there already")) } else { Ok(()) }
}

/// Whether an enum has such a value.
fn lists(ty: &Type, value: &str) -> bool {
    matches!(ty, Type::Enum(values) if values.iter().any(|it| it.text == value))
}

/// A place's text with the new name in the spelling of the old one; absent when the old name is not
/// in it.
fn respelled(written: &str, old: &str, new: &str, identity: &Identity) -> Option<String> {
    let (start, end) = core(written, old)?;
    let (before, inner, after) =
        (written.get(..start)?, written.get(start..end)?, written.get(end..)?);
    let is_entity = matches!(identity, Identity::Entity(_));
    let new = match inner {
        it if it == old => new.to_owned(),
        it if is_entity && query(it, old, new).is_some() => query(it, old, new)?,
        it if is_entity && it.eq_ignore_ascii_case(old) => new.to_owned(),
        it if is_entity && prefixed(it, &snake_case(old)).is_some() => {
            format!("{}{}", prefixed(it, &snake_case(old))?, snake_case(new))
        }
        it if is_entity => {
            let (schema, name) = it.rsplit_once('.')?;
            return name
                .eq_ignore_ascii_case(old)
                .then(|| [before, schema, ".", new, after].concat());
        }
        it if it.strip_suffix("_id") == Some(old) => format!("{new}_id"),
        it if prefixed(it, old).is_some() => format!("{}{new}", prefixed(it, old)?),
        it if it == graphql_name(old) => graphql_name(new),
        it if it.strip_suffix("Id") == Some(&graphql_name(old)) => {
            format!("{}Id", graphql_name(new))
        }
        _ => return None,
    };
    Some([before, &new, after].concat())
}

/// A query of an entity's rows, about the entity by its new name.
fn query(written: &str, old: &str, new: &str) -> Option<String> {
    let olds = specql_check::queries_of(&snake_case(old));
    let form = olds.iter().position(|it| *it == graphql_name(written))?;
    let new = specql_check::queries_of(&snake_case(new)).into_iter().nth(form)?;
    Some(if written.contains('_') { snake_case(&new) } else { new })
}

/// What generated SQL puts before a name: `tb_` of a table, `pk_` and `fk_` of keys, `p_` of an input.
fn prefixed<'a>(written: &'a str, name: &str) -> Option<&'a str> {
    let before = written.strip_suffix(name)?;
    ["tb_", "tv_", "pk_", "fk_", "p_"].contains(&before).then_some(before)
}

/// Where a name stands in what is written: without quotes and a dollar sign around it.
fn core(written: &str, old: &str) -> Option<(usize, usize)> {
    let is_sign = |it: char| matches!(it, '\'' | '"' | '$' | '\\');
    let start = written.len() - written.trim_start_matches(is_sign).len();
    let end = written.trim_end_matches(is_sign).len();
    (start < end && !old.is_empty()).then_some((start, end))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use specql_text::{TextEdit, apply_edits};

    use crate::{AnalysisHost, FileId, test_support::Fixture, test_support::split};

    const WORKSPACE: &str = "
#- /specql.config.yaml
cascade:
  exclude_entities: [Zquser]
#- /user.yaml
entity: Zquser
schema: crm
fields:
  zq_name: text
  zq_role: enum(zqauthor, zqeditor) = zqauthor
  zq_count: integer
actions:
  - name: count
    returns: list(crm.Zquser)!
    steps:
      - update: Zquser SET zq_count = 1
    cdc:
      enabled: true
      event_type: ZquserCounted
      topic: crm.Zquser
#- /post.yaml
entity: Post
schema: blog
fields:
  title: text!
  zq_mark: enum(zqred, zqblue)
  writer: ref(crm.Zquser)!
actions:
  - name: zq_publish
    params:
      zq_reason: text!
      zq_mode: enum(zqfast, zqslow) = zqfast
      zq_rows: list(json)
    steps:
      - validate: writer.zq_role = 'zqeditor' AND input.zq_reason IS NOT NULL
        error: not_allowed
      - find: \"Zquser WHERE zq_name = 'Ann' AND zq_role IN ('zqauthor')\"
        as: zq_found
      - update: Zquser SET zq_count = zq_count + 1 WHERE id = zq_found.id
      - update: Post SET title = $zq_reason
      - if: 'zq_found.zq_role = ''zqauthor'''
        then:
          - call: zq_archive(title = title)
      - if: input.zq_mode = 'zqslow' OR $zq_mode IN ('zqfast')
        then:
          - reject: slow
      - switch: zq_mark
        cases:
          zqred:
            - return: done
          zqblue:
            - reject: no
      - update: Post SET zq_mark = zqblue WHERE zq_mark IN (zqred) AND writer.zq_role = zqauthor
      - switch: writer.zq_role
        cases:
          - when: zqeditor
            steps:
              - reject: never
      - foreach: zq_item in input.zq_rows
        do:
          - update: Post SET title = zq_item.title WHERE id = zq_item.id
      - validate: (SELECT count(*) FROM crm.tb_zquser z WHERE z.zq_count > 1 AND z.pk_zquser > 0) > 0
    impact:
      primary:
        entity: Post
        operation: UPDATE
        fields: [title]
        include_relations: [writer]
      side_effects:
        - entity: crm.Zquser
          operation: UPDATE
          fields: [zqCount]
          collection: changedZqusers
      cache_invalidations:
        - query: posts
          filter: {zqMark: zqred, title: 'input.zq_reason', writer: input.zq_reason}
        - query: board
          filter: {zqCount: input.zq_reason}
        - query: zqusers
        - query: zquserList
    cdc:
      event_type: PostPublished
      payload: [title, writer.zq_name]
      side_effect_events:
        Zquser: 'ZquserCounted'
  - name: zq_archive
    params:
      title: text
    steps:
      - update: Post SET title = input.title
table_views:
  mode: force
  include_relations:
    - writer: {fields: [zq_name, zqCount]}
    - Zquser: {fields: ['*', zq_role]}
  extra_filter_columns:
    - zq_mark
    - author: {source: writer.zq_name}
    - role: {source: Zquser.zq_role}
";

    /// Everything that is generated, by path.
    fn generated(files: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        let mut host = AnalysisHost::new();
        files.iter().for_each(|(path, text)| {
            host.set_file(path, text.as_str());
        });
        let emitted = host
            .analysis()
            .emit(&crate::ArtifactKind::BESIDE)
            .into_iter()
            .filter(|it| it.path.ends_with(".sql"));
        emitted.map(|it| (it.path.clone(), it.text.clone())).collect()
    }

    fn renamed(cursor: &str, new: &str) -> Result<BTreeMap<String, String>, String> {
        let plain = cursor.replace("$0", "");
        let text = WORKSPACE.replacen(&plain, cursor, 1);
        assert_ne!(text, WORKSPACE, "no such place");
        let it = Fixture::new(&text);
        let edits = it.analysis.rename(it.file, it.offset(), new)?.into_edits();
        let mut by_file: BTreeMap<FileId, Vec<TextEdit>> = BTreeMap::new();
        edits.into_iter().for_each(|it| by_file.entry(it.file).or_default().push(it.edit));
        let file = |id: FileId| {
            let text = it.analysis.text(id).unwrap();
            let edits = by_file.get(&id).cloned().unwrap_or_default();
            (it.analysis.path(id).unwrap().to_owned(), apply_edits(text, &edits))
        };
        Ok(it.analysis.files().into_iter().map(file).collect())
    }

    /// The names of all spellings, old and new.
    fn replaced(text: &str, old: &str, new: &str) -> String {
        let camel = |it: &str| super::graphql_name(it);
        let lower = |it: &str| it.to_lowercase();
        text.replace(old, new).replace(&camel(old), &camel(new)).replace(&lower(old), &lower(new))
    }

    #[test]
    fn what_is_generated_is_the_same_with_the_names_replaced() {
        let before: BTreeMap<String, String> = split(WORKSPACE).into_iter().collect();
        for (cursor, old, new) in [
            ("entity: Zqu$0ser", "Zquser", "Wwuser"),
            ("find: \"Zqu$0ser", "Zquser", "Wwuser"),
            ("list(crm.Zqu$0ser)!", "Zquser", "Wwuser"),
            ("zq_na$0me: text", "zq_name", "ww_call"),
            ("fields: [zq$0Count]", "zq_count", "ww_sum"),
            ("SET zq_c$0ount", "zq_count", "ww_sum"),
            ("z.zq_c$0ount", "zq_count", "ww_sum"),
            ("crm.tb_zq$0user", "Zquser", "Wwuser"),
            ("exclude_entities: [Zqu$0ser", "Zquser", "Wwuser"),
            ("query: zqu$0serList", "Zquser", "Wwuser"),
            ("z.pk_zq$0user", "Zquser", "Wwuser"),
            ("filter: {zq$0Mark", "zq_mark", "ww_mark"),
            ("zqMark: zq$0red", "zqred", "wwgreen"),
            ("          zq$0red:", "zqred", "wwgreen"),
            ("SET zq_mark = zq$0blue", "zqblue", "wwgrey"),
            ("writer.zq_role = zqau$0thor", "zqauthor", "wwwriter"),
            ("when: zqed$0itor", "zqeditor", "wwchief"),
            ("filter: {zqCo$0unt", "zq_count", "ww_sum"),
            ("enum(zqf$0ast", "zqfast", "wwquick"),
            ("IN ('zqf$0ast'", "zqfast", "wwquick"),
            ("= 'zqsl$0ow'", "zqslow", "wwlate"),
            ("foreach: zq_it$0em", "zq_item", "ww_piece"),
            ("id = zq_it$0em.id", "zq_item", "ww_piece"),
            ("title: 'input.zq_re$0ason", "zq_reason", "ww_cause"),
            ("writer: input.zq_re$0ason", "zq_reason", "ww_cause"),
            ("enum(zq$0author", "zqauthor", "wwwriter"),
            ("IN ('zqa$0uthor'", "zqauthor", "wwwriter"),
            ("name: zq_pub$0lish", "zq_publish", "ww_issue"),
            ("call: zq_ar$0chive", "zq_archive", "ww_store"),
            ("zq_rea$0son: text!", "zq_reason", "ww_cause"),
            ("input.zq_rea$0son", "zq_reason", "ww_cause"),
            ("as: zq_fo$0und", "zq_found", "ww_row"),
            ("zq_fo$0und.zq_role", "zq_found", "ww_row"),
            ("{fields: [zq_n$0ame", "zq_name", "ww_call"),
            ("- Zqu$0ser: {fields", "Zquser", "Wwuser"),
            ("- zq_ma$0rk\n", "zq_mark", "ww_mark"),
            ("source: Zqu$0ser", "Zquser", "Wwuser"),
            ("source: Zquser.zq_r$0ole", "zq_role", "ww_part"),
        ] {
            let after = renamed(cursor, new).unwrap();
            let expected: BTreeMap<String, String> = generated(&before)
                .into_iter()
                .map(|(path, text)| (replaced(&path, old, new), replaced(&text, old, new)))
                .collect();
            assert!(!expected.is_empty());
            let text: String = after.values().map(String::as_str).collect();
            assert!(!text.to_lowercase().contains(&old.to_lowercase()), "{cursor}: {text}");
            let found = generated(&after);
            for (path, text) in &expected {
                assert_eq!(found.get(path), Some(text), "{path} after {cursor}");
            }
            assert_eq!(found.len(), expected.len(), "{cursor}");
        }
    }

    #[test]
    fn relations_of_views_follow() {
        for cursor in ["source: wr$0iter", "- wr$0iter: {fields", "  wri$0ter: ref(crm"] {
            let after = renamed(cursor, "scribe").unwrap();
            let text: String = after.values().map(String::as_str).collect();
            assert!(!text.contains("writer"), "{cursor}: {text}");
            assert!(text.contains("- scribe: {fields: [zq_name, zqCount]}"), "{cursor}: {text}");
            assert!(text.contains("{source: scribe.zq_name}"), "{cursor}: {text}");
        }
    }

    #[test]
    fn what_cannot_be_had_is_said() {
        assert!(renamed("zq_na$0me: text", "zq_count").unwrap_err().contains("already"));
        assert!(renamed("zq_na$0me: text", "zqCount").unwrap_err().contains("already"));
        assert!(renamed("zq_na$0me: text", "updated_at").unwrap_err().contains("already"));
        assert!(renamed("zq_na$0me: text", "a b").unwrap_err().contains("letters"));
        assert!(renamed("zq_na$0me: text", "yes").unwrap_err().contains("YAML"));
        assert!(renamed("zq_name: te$0xt", "x").unwrap_err().contains("nothing here"));
    }

    #[test]
    fn the_schema_of_a_reference_is_another_name() {
        let prepared = |reference: &str| {
            let text = format!(
                "entity: Truck\nfields:\n  home: {reference}\n#- /depot.yaml\nentity: Depot\nschema: depot\n"
            );
            let it = Fixture::new(&format!("#- /truck.yaml\n{text}"));
            let (range, name) = it.analysis.prepare_rename(it.file, it.offset())?;
            let text = it.analysis.text(it.file).unwrap();
            Some(format!("{} as {name}", range.slice(text)))
        };
        assert_eq!(prepared("ref(depot.De$0pot)").as_deref(), Some("Depot as Depot"));
        assert_eq!(prepared("ref(depot.$0Depot)").as_deref(), Some("Depot as Depot"));
        assert_eq!(prepared("ref(de$0pot.Depot)"), None);
        assert_eq!(prepared("'ref($0depot.Depot)'"), None);
        let message = refused(
            "#- /truck.yaml\nentity: Truck\nfields:\n  home: ref(de$0pot.Depot)\n#- /depot.yaml\nentity: Depot\nschema: depot\n",
            "Yard",
        );
        assert!(message.contains("nothing here"), "{message}");
    }

    fn refused(fixture: &str, new: &str) -> String {
        let it = Fixture::new(fixture);
        it.analysis.rename(it.file, it.offset(), new).unwrap_err()
    }

    /// A name that is free where it is declared can be another one where it is used.
    #[test]
    fn a_name_takes_no_other_over() {
        let files = |user: &str, post: &str| {
            format!(
                "#- /user.yaml\nentity: User\nfields:\n  {user}\n#- /post.yaml\nentity: Post\nfields:\n  title: text\n  author: ref(User)\nactions:\n  - name: go\n    params: {{reason: text, who: ref(User)}}\n    steps:\n      - {post}\n"
            )
        };
        let step = "update: User SET name = reason WHERE id = author";
        let field = refused(&files("na$0me: text", step), "reason");
        assert_eq!(field, "`reason` is there already: line 9 of `/post.yaml` would mean this too");
        let parameter = refused(
            &files("name: text", "update: User SET name = rea$0son WHERE id = author"),
            "name",
        );
        assert_eq!(parameter, "`name` is there already: line 9 of `/post.yaml` would mean that");
        let action = refused(
            "#- /a.yaml\nentity: A\nactions:\n  - name: g$0o\n#- /b.yaml\nentity: B\nactions:\n  - name: stay\n",
            "stay",
        );
        assert_eq!(action, "`stay` is there already");
        let elsewhere = "#- /a.yaml\nentity: A\nactions:\n  - name: g$0o\n#- /b.yaml\nentity: B\nschema: b\nactions:\n  - name: stay\n";
        let it = Fixture::new(elsewhere);
        assert!(it.analysis.rename(it.file, it.offset(), "stay").is_ok());
        let event = |name: &str| {
            format!(
                "entity: {name}\nactions:\n  - name: make_{name}\n    steps:\n      - insert: {name}\n    impact: {{primary: {{operation: CREATE}}}}\n    cdc: {{enabled: true, event_type: {name}Created}}\n"
            )
        };
        let text = format!(
            "#- /a.yaml\n{}#- /b.yaml\n{}",
            event("A").replace("ACreated", "ACr$0eated"),
            event("B")
        );
        assert!(refused(&text, "BCreated").contains("would mean this too"));
        let entity = "#- /a.yaml\nentity: A$0a\nschema: a\n#- /b.yaml\nentity: B\nschema: b\n#- /c.yaml\nentity: C\nschema: c\nfields:\n  b: ref(B)\n  a: ref(Aa)\n";
        assert!(refused(entity, "B").contains("would mean"));
    }

    /// What a query in SQL names without saying whose it is stops a rename.
    #[test]
    fn what_a_query_may_mean_is_not_left_behind() {
        let query = "z.zq_count > 1";
        for (text, cursor) in [
            ("1 = ANY (SELECT 1 FROM stats WHERE zq_count > 1)", "zq_co$0unt: integer"),
            ("lower(z.zq_role) = 'zqauthor'", "enum(zqauth$0or"),
        ] {
            let text = WORKSPACE.replacen(query, text, 1);
            let text = text.replacen(&cursor.replace("$0", ""), cursor, 1);
            let it = Fixture::new(&text);
            let message = it.analysis.rename(it.file, it.offset(), "ww_x").unwrap_err();
            assert!(message.contains("in a query in SQL"), "{message}");
        }
    }

    #[test]
    fn a_name_in_quotes_is_taken_without_them() {
        let text = WORKSPACE.replacen("= 'zqeditor'", "= 'zqed$0itor'", 1);
        let it = Fixture::new(&text);
        let (range, name) = it.analysis.prepare_rename(it.file, it.offset()).unwrap();
        assert_eq!(
            (range.slice(it.analysis.text(it.file).unwrap()), &*name),
            ("zqeditor", "zqeditor")
        );
    }
}
