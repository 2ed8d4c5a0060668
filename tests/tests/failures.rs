//! What an action can answer instead of success is what its function can raise, and the contract says
//! all of it: codes and messages, called actions included.

use std::collections::BTreeSet;

use specql_codegen::{Artifact, Target, render};
use specql_contract::{Contract, FailureCause, called_actions};
use specql_model::{ActionId, OwnRow, Workspace};
use specql_tests::{
    postgres::{EXAMPLES, example, files_below, workspace},
    random_workspace::{RandomOptions, RandomWorkspace, seeds},
};

type Said = BTreeSet<(String, String)>;

fn artifact(workspace: &Workspace, artifact: Artifact, target: Target) -> String {
    render(workspace, artifact, target).text
}

/// The code and message of each `app.fail` in a function, and of each reference that it looks up.
fn raised(sql: &str) -> Said {
    let looked_up = sql.split("app.no_row('").skip(1).filter_map(|it| it.split_once('\''));
    let looked_up = looked_up.map(|it| ("not_found".to_owned(), it.0.to_owned()));
    let calls = sql.split("app.fail('").skip(1);
    let pairs = calls.filter_map(|it| {
        let (code, rest) = it.split_once("', '")?;
        let doubled = rest.replace("''", "\u{1}");
        let message = doubled.split_once('\'')?.0.replace('\u{1}', "'");
        Some((code.to_owned(), message))
    });
    pairs.chain(looked_up).collect()
}

fn promised(contract: &Contract) -> Said {
    let kept = contract.failures.iter().filter_map(|it| {
        let message = it.message.as_ref()?;
        Some((it.code.to_string(), message.to_string()))
    });
    kept.collect()
}

/// What only the one says; empty when both say the same.
fn differences(workspace: &Workspace) -> (String, usize) {
    let mut res = String::new();
    let mut seen = 0;
    let tables: String = workspace
        .entities()
        .map(|it| artifact(workspace, Artifact::Table, Target::Entity(it.id)))
        .collect();
    for contract in Contract::all(workspace) {
        let sql = |id: ActionId| artifact(workspace, Artifact::Action, Target::Action(id));
        let called = called_actions(workspace, contract.action);
        let text: String = [contract.action].into_iter().chain(called).map(sql).collect();
        let (raised, promised) = (raised(&text), promised(&contract));
        seen += promised.len();
        let own = workspace.entity(contract.action.entity).expect("it is there");
        for (code, message) in raised.difference(&promised) {
            // What is wrong with an input is one failure, and the row that it has made is there.
            let made = workspace.own_row(contract.action) == OwnRow::Awaited
                && *message == format!("{} not found", own.name.text);
            if code == "validation" || made {
                continue;
            }
            res.push_str(&format!("{}: only the function says {code}: {message}\n", contract.name));
        }
        for (code, message) in promised.difference(&raised) {
            // A `ref(A|B)` is looked after by its table.
            if !tables.contains(&format!("MESSAGE = '{message}'")) {
                res.push_str(&format!(
                    "{}: only the contract says {code}: {message}\n",
                    contract.name
                ));
            }
        }
        let unsaid = contract.failures.iter().filter(|it| {
            let fixed = [FailureCause::Tenant, FailureCause::Input].contains(&it.cause)
                || matches!(it.cause, FailureCause::Unique(_) | FailureCause::InUse(_));
            it.message.is_none() && !fixed
        });
        res.extend(unsaid.map(|it| format!("{}: no message for {it:?}\n", contract.name)));
    }
    (res, seen)
}

/// The examples and the workspaces of the tests that have no errors.
fn written_workspaces() -> Vec<(&'static str, Workspace)> {
    let examples = EXAMPLES.into_iter().map(|it| (it, example(it)));
    let others = ["clinic", "library"].into_iter().map(|name| {
        let files = files_below(&format!("tests/workspaces/{name}"));
        let files: Vec<(&str, &str)> = files.iter().map(|it| (&*it.0, &*it.1)).collect();
        (name, workspace(&files))
    });
    examples.chain(others).collect()
}

/// Random workspaces, with what they are made of.
fn random_workspaces() -> impl Iterator<Item = (RandomWorkspace, Workspace)> {
    seeds(100).into_iter().map(|seed| {
        let options =
            RandomOptions { calls: seed % 2 == 0, hostile_names: seed % 5 == 0, entities: 4 };
        let made = RandomWorkspace::with(seed, options);
        let workspace = made.model();
        (made, workspace)
    })
}

/// Asks the examples and the workspaces of the tests for differences, of which a question says how many
/// things it looked at.
pub(crate) fn written_workspaces_agree(differences: impl Fn(&Workspace) -> (String, usize)) {
    for (name, workspace) in written_workspaces() {
        let (found, seen) = differences(&workspace);
        assert_eq!(found, "", "{name}");
        assert!(seen > 3, "{name}");
    }
}

/// The same of random workspaces.
pub(crate) fn random_workspaces_agree(differences: impl Fn(&Workspace) -> (String, usize)) {
    let (mut workspaces, mut all) = (0, 0);
    for (made, workspace) in random_workspaces() {
        let (found, seen) = differences(&workspace);
        assert_eq!(found, "", "{}", made.shown());
        workspaces += 1;
        all += seen;
    }
    assert!(all > 5 * workspaces, "{all} in {workspaces}");
}

#[test]
fn functions_of_the_examples_raise_what_the_contract_says() {
    written_workspaces_agree(differences);
}

#[test]
fn functions_of_random_workspaces_raise_what_the_contract_says() {
    random_workspaces_agree(differences);
}

const NOTE: &str = "entity: Note
schema: blog
fields:
  subject: ref(Post|Comment)!
  stars: integer = 0
actions:
  - name: star
    steps:
      - update: Note SET stars = stars + 1
      - update: Post SET score = score + 1
  - name: star_all
    steps:
      - find: Comment WHERE id = input.comment
        as: found
      - update: Comment SET body = 'starred' WHERE id = found.id
      - call: star(id = input.id)
      - call: blog.comment_on(id = input.post, body = 'starred')
";

const POST: &str = "entity: Post
schema: blog
fields:
  score: integer = 0
actions:
  - name: comment_on
    steps:
      - validate: score < 5
        error: score_too_high
      - insert: Comment(body)
";

const COMMENT: &str = "entity: Comment\nschema: blog\nfields:\n  post: ref(Post)!\n  body: text!\n";

#[test]
fn rows_by_key_by_call_and_behind_links_are_among_them() {
    let files = [("note.yaml", NOTE), ("post.yaml", POST), ("comment.yaml", COMMENT)];
    let workspace = workspace(&files);
    assert_eq!(differences(&workspace).0, "");
    let said = |name: &str| {
        let found = Contract::all(&workspace).find(|it| it.name == name);
        promised(&found.expect("it is declared")).into_iter().map(|it| it.1).collect::<Vec<_>>()
    };
    assert_eq!(said("star"), ["Note not found"]);
    assert_eq!(
        said("star_all"),
        ["Comment not found", "Note not found", "Post not found", "score too high"]
    );
}

const TAG: &str = "entity: Tag
schema: blog
fields:
  name: text!
actions:
  - name: drop_tag
    steps:
      - delete: Tag
        hard: true
  - name: hide_tag
    steps:
      - delete: Tag
  - name: drop_through
    steps:
      - call: drop_tag(id = input.id)
";

const TAGGED: &str = "entity: Tagged
schema: blog
fields:
  main: ref(Tag)
  any: ref(Tag|Tagged)
  others: list(ref(Tag))
actions:
  - name: tag_all
    params: {tags: list(ref(Tag))!, rows: list(json)!}
    steps:
      - foreach: t in input.tags
        do:
          - insert: Tagged SET main = t
      - foreach: r in input.rows
        do:
          - insert: Tagged SET main = r.tag
";

#[test]
fn rows_in_use_and_references_in_lists_are_among_them() {
    let workspace = workspace(&[("tag.yaml", TAG), ("tagged.yaml", TAGGED)]);
    assert_eq!(differences(&workspace).0, "");
    let contract =
        |name: &str| Contract::all(&workspace).find(|it| it.name == name).expect("it is");
    let in_use = |name: &str| {
        let failures = contract(name).failures.into_iter();
        let found = failures.filter_map(|it| match it.cause {
            FailureCause::InUse(field) => Some(field.to_string()),
            _ => None,
        });
        found.collect::<Vec<_>>()
    };
    let all = ["Tagged.main", "Tagged.any", "Tagged.others"];
    assert_eq!(in_use("drop_tag"), all);
    assert_eq!(in_use("drop_through"), all);
    assert!(in_use("hide_tag").is_empty());
    let said: Vec<String> = promised(&contract("tag_all")).into_iter().map(|it| it.1).collect();
    assert_eq!(said, ["main not found", "tags names something that is not there"]);
}
