//! Every place that names what is under the cursor: in strings and expressions, in all files.
//!
//! Invariant: a place is found here exactly when going to the definition from it leads to the same
//! declaration.

use std::sync::Arc;

use rayon::prelude::*;
use specql_model::{EntityId, FileId, FileKind, SourceFile, Workspace};
use specql_text::TextRange;

use crate::{
    Access, Reference,
    candidates::{self, Spelling},
    identity::{Identity, identity},
    mention::{self, Mention},
};

/// Where the name under a cursor is used, in the order of files and places; its declaration is among
/// them.
pub(crate) fn references(workspace: &Workspace, file: &SourceFile, offset: u32) -> Vec<Reference> {
    let Some(wanted) = mention::at(workspace, file, offset).and_then(|it| identity(&it, file))
    else {
        return Vec::new();
    };
    of(workspace, file, &wanted)
}

/// Every place that means the same.
pub(crate) fn of(workspace: &Workspace, file: &SourceFile, wanted: &Identity) -> Vec<Reference> {
    if matches!(wanted, Identity::Variable(_)) {
        return in_file(workspace, file, wanted);
    }
    let spelling = candidates::spelling(workspace, wanted);
    let places = |it: &Arc<SourceFile>| places(workspace, it, wanted, spelling.as_ref());
    candidates::files(workspace, wanted).into_par_iter().flat_map_iter(places).collect()
}

/// The places of one file that mean the same, in order.
pub(crate) fn in_file(
    workspace: &Workspace,
    file: &SourceFile,
    wanted: &Identity,
) -> Vec<Reference> {
    places(workspace, file, wanted, candidates::spelling(workspace, wanted).as_ref())
}

fn places(
    workspace: &Workspace,
    file: &SourceFile,
    wanted: &Identity,
    spelling: Option<&Spelling>,
) -> Vec<Reference> {
    let all = asked(workspace, file, spelling);
    let same = all.iter().filter(|it| identity(it, file).as_ref() == Some(wanted));
    let mut res: Vec<Reference> = same.map(|it| reference(file.id, it, wanted)).collect();
    if let Identity::Entity(id) = wanted {
        let listed = config_names(workspace, file, *id);
        res.extend(listed.map(|range| Reference { file: file.id, range, access: Access::Read }));
    }
    res.sort_by_key(|it| (it.range.start(), it.range.end()));
    res.dedup_by_key(|it| it.range);
    res
}

/// The names of a file; those of the parts in whose text something stands, where it has one spelling.
fn asked<'a>(
    workspace: &'a Workspace,
    file: &'a SourceFile,
    spelling: Option<&Spelling>,
) -> Vec<Mention<'a>> {
    match spelling {
        Some(name) if !candidates::has_escapes(file.text()) => {
            mention::within(workspace, file, &|it| name.lies_in(it.slice(file.text())))
        }
        _ => mention::all(workspace, file),
    }
}

/// Where the configuration lists an entity.
fn config_names(
    workspace: &Workspace,
    file: &SourceFile,
    wanted: EntityId,
) -> impl Iterator<Item = TextRange> {
    // A file of entities is not parsed again for this.
    let config = Some(file).filter(|it| matches!(it.kind, FileKind::Config(_)));
    let root = config.and_then(|it| it.parse().yaml().root.as_mapping());
    let blocks = root.into_iter().flat_map(|it| &it.entries);
    let lists = blocks.filter_map(|it| it.value.as_mapping()).flat_map(|it| &it.entries);
    let lists = lists.filter(|it| it.key.text.ends_with("_entities"));
    let items = lists.filter_map(|it| it.value.as_sequence()).flat_map(|it| &it.items);
    let names = items.filter_map(|it| Some((it.range, it.as_scalar()?)));
    let found = names
        .filter(move |(_, it)| workspace.resolve_name(wanted, &it.text).found() == Some(wanted));
    found.map(|it| it.0)
}

fn reference(file: FileId, it: &Mention<'_>, wanted: &Identity) -> Reference {
    let declared = match wanted {
        Identity::Field(owner, range)
        | Identity::EnumValue(owner, range)
        | Identity::Choice(owner, range)
        | Identity::Parameter(owner, range) => owner.0 == file && *range == it.range,
        Identity::Variable(range) => *range == it.range,
        Identity::Entity(_) | Identity::Action(_) => it.declares,
        Identity::Event(_) => false,
    };
    let access = match (declared, it.writes) {
        (true, _) => Access::Declaration,
        (false, true) => Access::Write,
        (false, false) => Access::Read,
    };
    Reference { file, range: it.range, access }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::{Access, test_support::Fixture};

    const WORKSPACE: &str = "
#- /user.yaml
entity: User
fields:
  name: text
  role: enum(author, editor)
  post_count: integer
#- /post.yaml
entity: Post
fields:
  title: text!
  author: ref(User)!
actions:
  - name: publish_post
    params:
      reason: text!
    steps:
      - validate: author.role = 'editor' AND input.reason IS NOT NULL
      - find: User WHERE name = 'Ann'
        as: ann
      - update: User SET post_count = post_count + 1 WHERE id = ann.id
      - call: archive_post(title = title)
    impact:
      primary:
        entity: Post
      side_effects:
        - entity: User
          operation: UPDATE
          fields: [postCount]
    cdc:
      event_type: PostPublished
  - name: archive_post
    steps:
      - delete: Post
";

    /// The places for the cursor at `$0` of one line: `line:column access`.
    fn from(line: &str) -> String {
        let name = line.replace("$0", "");
        let text = WORKSPACE.replacen(name.trim(), line.trim(), 1);
        assert_ne!(text, WORKSPACE, "no such line");
        let it = Fixture::new(&text);
        let found = it.analysis.references(it.file, it.offset());
        let show = |reference: &crate::Reference| {
            let target = crate::Target {
                file: reference.file,
                range: reference.range,
                name_range: reference.range,
            };
            let access = match reference.access {
                Access::Declaration => "declared",
                Access::Read => "read",
                Access::Write => "written",
            };
            format!("{} {access}", it.show(&target))
        };
        found.iter().map(show).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn of_entities() {
        assert_snapshot!(from("- find: Us$0er WHERE name"), @"
    /post.yaml 4:15 User read
    /post.yaml 11:15 User read
    /post.yaml 13:17 User read
    /post.yaml 19:19 User read
    /user.yaml 1:9 User declared
    ");
    }

    #[test]
    fn of_fields_in_every_spelling() {
        assert_snapshot!(from("post_$0count: integer"), @"
    /post.yaml 13:26 post_count written
    /post.yaml 13:39 post_count read
    /post.yaml 21:20 postCount read
    /user.yaml 5:3 post_count declared
    ");
        assert_snapshot!(from("ti$0tle: text!"), @"
    /post.yaml 3:3 title declared
    /post.yaml 14:28 title read
    /post.yaml 14:36 title read
    ");
        assert_snapshot!(from("fields: [post$0Count]"), @"
    /post.yaml 13:26 post_count written
    /post.yaml 13:39 post_count read
    /post.yaml 21:20 postCount read
    /user.yaml 5:3 post_count declared
    ");
    }

    #[test]
    fn of_values_parameters_variables_and_actions() {
        assert_snapshot!(from("role: enum(author, edi$0tor)"), @"
    /post.yaml 10:33 'editor' read
    /user.yaml 4:22 editor declared
    ");
        assert_snapshot!(from("rea$0son: text!"), @"
    /post.yaml 8:7 reason declared
    /post.yaml 10:52 reason read
    ");
        assert_snapshot!(from("as: a$0nn"), @"
    /post.yaml 12:13 ann declared
    /post.yaml 13:65 ann read
    ");
        assert_snapshot!(from("- name: archive_$0post"), @"
    /post.yaml 14:15 archive_post read
    /post.yaml 24:11 archive_post declared
    ");
        assert_snapshot!(from("event_type: Post$0Published"), @"/post.yaml 23:19 PostPublished read");
    }

    /// The search looks at some files only: it finds what a look at all of them finds.
    #[test]
    fn no_file_is_missed() {
        let mut host = crate::AnalysisHost::new();
        for file in specql_corpus::files() {
            host.set_file(&file.name, file.text.as_str());
        }
        for (path, text) in [
            (
                "escaped.yaml",
                "entity: Escaped\nfields:\n  plain_name: text\nactions:\n  - name: a\n    steps:\n      - validate: \"plain\\u005fname IS NULL\"\n",
            ),
            (
                "reach.yaml",
                "entity: Reach\nfields:\n  other: ref(Escaped)\nactions:\n  - name: a\n    steps:\n      - validate: other.plainName IS NULL\n      - call: fn_a(id = id)\n",
            ),
        ] {
            host.set_file(path, text);
        }
        let analysis = host.analysis();
        let workspace = analysis.workspace();
        let mut compared = 0;
        for file in workspace.files() {
            for (number, it) in super::mention::all(workspace, file).iter().enumerate() {
                let Some(wanted) = super::identity(it, file).filter(|_| number % 3 == 0) else {
                    continue;
                };
                let all = workspace.files().flat_map(|it| super::in_file(workspace, it, &wanted));
                let all: Vec<_> = match wanted {
                    super::Identity::Variable(_) => super::in_file(workspace, file, &wanted),
                    _ => all.collect(),
                };
                assert_eq!(super::of(workspace, file, &wanted), all, "{wanted:?} of {}", file.path);
                compared += 1;
            }
        }
        assert!(compared > 300, "{compared}");
    }

    /// A field is looked for where its entity is dealt with and at the end of paths, whatever the number
    /// of files that have a field of that name.
    #[test]
    fn fields_of_one_name_are_told_apart_without_a_look_at_all() {
        let mut host = crate::AnalysisHost::new();
        host.set_file("hub.yaml", "entity: Hub\nfields:\n  title: text\n");
        for it in 0..300 {
            let uses = match it {
                1 => "      - update: Hub SET title = 'x'\n",
                2 => "      - validate: hub.title IS NULL\n",
                3 => "      - call: write_1(title = 'x')\n",
                _ => "      - validate: title IS NULL\n",
            };
            let query = if it == 4 { "hubs".to_owned() } else { format!("thing{it}s") };
            let text = format!(
                "entity: Thing{it}\nfields:\n  title: text\n  hub: ref(Hub)\nactions:\n  - name: write_{it}\n    steps:\n{uses}    impact:\n      cache_invalidations:\n        - query: {query}\n          filter: {{title: x}}\n"
            );
            host.set_file(&format!("thing{it}.yaml"), text);
        }
        let analysis = host.analysis();
        let workspace = analysis.workspace();
        let hub = analysis.files().into_iter().find(|it| analysis.path(*it) == Some("hub.yaml"));
        let hub = workspace.file(hub.unwrap()).unwrap();
        let wanted = super::identity(
            &super::mention::at(
                workspace,
                hub,
                u32::try_from(hub.text().find("title").unwrap()).unwrap(),
            )
            .unwrap(),
            hub,
        );
        let wanted = wanted.unwrap();
        let files = crate::candidates::files(workspace, &wanted);
        assert!(files.len() <= 6, "{}", files.len());
        let found = super::of(workspace, hub, &wanted);
        assert_eq!(found.len(), 4, "{found:?}");
    }

    #[test]
    fn of_words_that_nobody_declares() {
        assert_snapshot!(from("title: te$0xt!"), @"");
    }
}
