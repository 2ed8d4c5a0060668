//! What a function reads from its input is what the contract asks a caller for: which inputs, under which
//! spellings, and which of them have to be given.

use std::collections::{BTreeMap, BTreeSet};

use specql_codegen::{Artifact, Target, render};
use specql_contract::Contract;
use specql_model::Workspace;
use specql_tests::postgres::workspace;

use crate::failures::{random_workspaces_agree, written_workspaces_agree};

/// Inputs by their spellings, each with whether it has to be given.
type Inputs = BTreeMap<BTreeSet<String>, bool>;

/// The texts between quotes behind each `->` and `->>`.
fn members(expression: &str) -> BTreeSet<String> {
    let quoted = expression.split("input$ -").skip(1);
    let quoted = quoted.filter_map(|it| it.split('\'').nth(1));
    quoted.map(str::to_owned).collect()
}

/// The inputs of a `do_` function.
fn read(sql: &str) -> Inputs {
    let mut res = Inputs::new();
    for declared in sql.split("\n    in$").skip(1) {
        let Some((variable, rest)) = declared.split_once(' ') else { continue };
        let Some((_, value)) = rest.split_once(":= ") else { continue };
        let value = value.split(";\n").next().unwrap_or_default();
        let is_required = sql.contains(&format!("IF in${variable} IS NULL THEN PERFORM"));
        *res.entry(members(value)).or_default() |= is_required;
    }
    res
}

fn asked_for(contract: &Contract) -> Inputs {
    let inputs = contract.inputs.iter();
    inputs.map(|it| (it.spellings.iter().map(ToString::to_string).collect(), it.required)).collect()
}

/// What only the one says; empty when both say the same.
fn differences(workspace: &Workspace) -> (String, usize) {
    let (mut res, mut seen) = (String::new(), 0);
    for contract in Contract::all(workspace) {
        let target = Target::Action(contract.action);
        let read = read(&render(workspace, Artifact::Action, target).text);
        let asked = asked_for(&contract);
        seen += asked.len();
        let name = &contract.name;
        for (spellings, required) in &read {
            match asked.get(spellings) {
                None => res.push_str(&format!("{name}: only the function reads {spellings:?}\n")),
                Some(other) if other != required => {
                    res.push_str(&format!(
                        "{name}: the function requires {spellings:?}: {required}\n"
                    ));
                }
                Some(_) => {}
            }
        }
        for spellings in asked.keys().filter(|it| !read.contains_key(*it)) {
            res.push_str(&format!("{name}: only the contract asks for {spellings:?}\n"));
        }
    }
    (res, seen)
}

#[test]
fn functions_of_the_examples_read_what_the_contract_asks_for() {
    written_workspaces_agree(differences);
}

#[test]
fn functions_of_random_workspaces_read_what_the_contract_asks_for() {
    random_workspaces_agree(differences);
}

const POST: &str = "entity: Post
schema: blog
fields:
  title: text!
  author: ref(User)!
  about: ref(User|Post)
  tags: list(text)
  watchers: list(ref(User))
  rank: integer = 0
actions:
  - name: write
    steps:
      - insert: Post
  - name: retitle
    params:
      new_title: text!
      editor: ref(User)
      token: uuid
    steps:
      - validate: newTitle <> title AND token IS NOT NULL
      - update: Post SET title = $new_title, about = $editor
  - name: recount
    params:
      at_least: {type: integer, default: 3, required: true}
    steps:
      - update: Post SET rank = $at_least
    impact:
      primary: {entity: Post, operation: UPDATE, fields: [rank]}
      cache_invalidations:
        - {query: posts, filter: {rank: $at_least, id: input.id, by: input.reader}}
  - name: look_up
    steps:
      - find: User WHERE id = input.user_id
        as: found
      - validate: found.name <> input.reason AND input.author_id <> author.id
  - name: comment
    steps:
      - insert: Comment(post, body)
      - insert: Comment(body)
      - upsert: User(name)
        conflict_target: [name]
  - name: watch
    params:
      people: list(ref(User))!
    steps:
      - foreach: person IN $people
        do:
          - update: User SET name = input.label WHERE id = person.id
";

const OTHERS: [(&str, &str); 2] = [
    ("user.yaml", "entity: User\nschema: blog\nfields:\n  name: text!\n"),
    (
        "comment.yaml",
        "entity: Comment\nschema: blog\nfields:\n  post: ref(Post)!\n  body: text!\n  title: text\n",
    ),
];

#[test]
fn parameters_references_and_undeclared_inputs_are_read_as_asked_for() {
    let files: Vec<(&str, &str)> = [("post.yaml", POST)].into_iter().chain(OTHERS).collect();
    let (found, seen) = differences(&workspace(&files));
    assert_eq!(found, "");
    assert!(seen > 14, "{seen}");
}
