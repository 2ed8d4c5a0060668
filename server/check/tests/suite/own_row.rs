//! Law: the generated function asks for the id of a row exactly where the action's contract says so, and a
//! call that does not give it is found.

use specql_check::check_workspace;
use specql_codegen::{Artifact, Target, render};
use specql_contract::{Contract, Input};
use specql_model::Workspace;

use crate::mutants::sampled;
use crate::support::{real_workspaces, workspace};

/// The contracts that say something else than the function.
fn disagreements(what: &str, workspace: &Workspace) -> Vec<String> {
    let mut res = Vec::new();
    for contract in Contract::all(workspace) {
        let text = render(workspace, Artifact::Action, Target::Action(contract.action)).text;
        let asks = text.contains("'id is required'");
        let says = contract.inputs.iter().any(Input::is_own_row);
        // Another entity or action has the names of its functions.
        if asks != says && !text.starts_with("-- nothing is generated") {
            res.push(format!("{what}: {}: asks {asks}, says {says}\n{text}", contract.name));
        }
    }
    res
}

/// Steps that work on the own row, and steps that do not.
const STEPS: &str = "
1 insert: Log(message = title)
1 insert: Log(message = post.title)
1 insert: Log(message = Post.title)
1 insert: Log(message = old.title)
1 insert: Note(body = 'x')
0 insert: Note(body = 'x', post = $note_post)
1 insert: Note SET body = 'x'
0 insert: Log(message = $title)
0 insert: Log(message = input.title)
0 insert: Post(title = old.title)
0 insert: Post(title = 'x', author = $author)
1 find: User WHERE id = author
0 find: User WHERE name = 'x'
0 find: User WHERE old.name = 'x'
0 find: User WHERE User.name = 'x'
1 find: User WHERE post.title = name
1 find: User
1 find: Post
0 find: Log
0 find: Post WHERE title = 'x'
0 find: Post WHERE post.title = 'x'
1 notify: author(email, 'hi')
0 notify: x(email, 'hi')
1 call: say(message = title)
0 call: say(message = 'x')
0 call: publish(id = $note_post)
1 call: publish(id = id)
1 call: util.look(title)
1 update: User SET name = 'x'
1 update: User SET name = 'x' WHERE id = author
0 update: User SET name = 'x' WHERE name = old.name
0 update: User SET name = 'x' WHERE user.name = 'y'
1 update: Post SET title = 'x'
0 update: Post SET title = 'x' WHERE title = 'y'
0 update: Post SET title = 'x' WHERE Post.title = 'y'
0 update: Post SET title = 'x' WHERE tb_post.title = 'y'
1 delete: Note
0 delete: Note WHERE body = 'x'
1 foreach: u in User WHERE name = title
0 foreach: u in User WHERE name = 'x'
1 foreach: u in tags
0 foreach: u in (SELECT 1 AS x)
1 validate: EXISTS User WHERE name = title
0 validate: EXISTS User WHERE name = 'x'
0 validate: EXISTS User WHERE user.name = 'x'
1 validate: author.name = 'x'
1 validate: old.title = 'x'
1 validate: tb_post.title = 'x'
0 validate: $title = 'x'
1 switch: title
0 reject: title
0 return: title
0 upsert: Post(title = 'x')
0 upsert: User(name = 'x')
1 upsert: User(name = title)
";

#[test]
fn of_steps() {
    let mut faults = Vec::new();
    for line in STEPS.lines().filter(|it| !it.is_empty()) {
        let (needs, step) = line.split_once(' ').unwrap();
        let below = match step.split(':').next().unwrap() {
            "foreach" => "\n        do:\n          - insert: Log(message = 'x')",
            "switch" => {
                "\n        cases:\n          - when: 'x'\n            then:\n              - insert: Log(message = 'x')"
            }
            "upsert" => "\n        conflict_target: [name]",
            _ => "",
        };
        let text = |name: &str, body: &str| (format!("{name}.yaml"), body.to_owned());
        let files = vec![
            text("user", "entity: User\nfields:\n  name: text!\n"),
            text("log", "entity: Log\nfields:\n  message: text!\n"),
            text("note", "entity: Note\nfields:\n  body: text\n  post: ref(Post)\n"),
            text(
                "post",
                &format!(
                    "entity: Post\nfields:\n  title: text\n  tags: list(text)\n  author: ref(User)\nactions:\n  - name: act\n    params:\n      note_post: uuid\n    steps:\n      - {step}{below}\n  - name: say\n    params:\n      message: text\n    steps:\n      - insert: Log(message = $message)\n  - name: publish\n    steps:\n      - update: Post SET title = 'x'\n  - name: caller\n    steps:\n      - call: act(note_post = id)\n"
                ),
            ),
        ];
        let workspace = workspace(files);
        faults.extend(disagreements(step, &workspace));
        let asks = check_workspace(&workspace).iter().any(|it| {
            it.code == "unknown-action" && it.message.contains("`act` works on one `Post`")
        });
        if asks != (needs == "1") {
            faults.push(format!("{step}: a call without the id is found: {asks}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn of_seeded_mistakes() {
    let faults: Vec<String> = sampled()
        .into_iter()
        .flat_map(|(code, files)| disagreements(code, &workspace(files)))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn of_real_files() {
    let workspaces = real_workspaces();
    let faults: Vec<String> =
        workspaces.iter().flat_map(|it| disagreements(&it.0, &it.1)).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
