//! Tests of names at places.

use insta::assert_snapshot;

use super::*;
use crate::{
    ActionId, StepKind,
    test_support::{named, workspace},
};

const FILES: &str = "\
#- /company.yaml
entity: Company
fields:
  name: text!
  address: SimpleAddress
  data: json
#- /user.yaml
entity: User
fields:
  email: email!
  company: ref(Company)
  posts: list(ref(Post))
#- /post.yaml
entity: Post
fields:
  title: text!
  post_count: integer
  author: ref(User)!
  editor: ref(Nobody)
actions:
  - name: act
    params:
      reason: text!
      contact_id: uuid
    steps:
";

/// Every path of the expressions of the action's steps, with what it is.
fn paths(steps: &str) -> String {
    let indented: String = steps.lines().map(|it| format!("      {it}\n")).collect();
    let workspace = workspace(&format!("{FILES}{indented}"));
    let entity = named(&workspace, "Post");
    let action = ActionId { entity, index: 0 };
    let mut shown = Vec::new();
    for step in &workspace.action(action).expect("the action is there").steps {
        step.walk(&mut |step| {
            let scope = Scope::at(&workspace, action, step);
            step.expressions(&mut |it| {
                scope.visit_paths(it, &mut |scope, path, _| {
                    let resolution = show(&workspace, &scope.resolve(path));
                    shown.push(format!("{} → {resolution}", path.text()));
                });
            });
        });
    }
    shown.join("\n")
}

#[test]
fn a_row_goes_by_the_name_that_its_table_has() {
    let files = "#- /route.yaml\nentity: HTTPRoute\nfields:\n  path: text!\nactions:\n  - name: act\n    steps:\n      - find: HTTPRoute WHERE path = '/'\n      - validate: http_route.path = '/'\n";
    let workspace = workspace(files);
    let entity = named(&workspace, "HTTPRoute");
    let action = ActionId { entity, index: 0 };
    let steps = &workspace.action(action).expect("the action is there").steps;
    let scope = Scope::at(&workspace, action, &steps[1]);
    assert!(scope.variables().iter().any(|it| it.is_called("http_route")));
}

fn show(workspace: &Workspace, resolution: &PathResolution<'_>) -> String {
    let name = |id: EntityId| workspace.entity(id).map_or("?", |it| it.name.text.as_str());
    let path = |it: &ResolvedPath<'_>| {
        let steps = it.steps.iter();
        let steps: Vec<String> =
            steps.map(|it| format!("{}.{}", name(it.entity), it.column.name())).collect();
        let end = if it.end == PathEnd::Whole { "" } else { " …" };
        format!("{}{end}", steps.join(" > "))
    };
    match resolution {
        PathResolution::Column(it) => path(it),
        PathResolution::Old(it) => format!("old {}", path(it)),
        PathResolution::New(it) => format!("new {}", path(it)),
        PathResolution::Input { name, path: Some(it) } => format!("input {name}: {}", path(it)),
        PathResolution::Input { name, path: None } => format!("input {name}"),
        PathResolution::Parameter(it) => format!("parameter {}", it.name.text),
        PathResolution::BehindParameter { parameter, path: it } => {
            format!("parameter {}: {}", parameter.name.text, path(it))
        }
        PathResolution::Variable { variable, path: of } => {
            let of = of.as_ref().map(path).unwrap_or_default();
            let entity = variable.entity().map_or("?", name);
            format!("variable {}: {entity} {of}", variable.name.text).trim_end().to_owned()
        }
        PathResolution::QueryColumn { variable, column } => {
            format!("column {} of {}", column.name, variable.name.text)
        }
        PathResolution::Context(it) => format!("context {}", it.0),
        PathResolution::Opaque => "opaque".to_owned(),
        PathResolution::Unknown { segment, entity } => {
            format!("unknown {segment} of {}", entity.map_or("?", name))
        }
    }
}

#[test]
fn columns_and_paths() {
    assert_snapshot!(
        paths("- validate: title = postCount AND created_at = createdAt AND nope = 1"),
        @r"
    title → Post.title
    postCount → Post.post_count
    created_at → Post.created_at
    createdAt → Post.created_at
    nope → unknown 0 of Post
    "
    );
    assert_snapshot!(
        paths("- validate: author.company.name = author.emial AND author_id = author.id AND title.x = 1"),
        @r"
    author.company.name → Post.author > User.company > Company.name
    author.emial → unknown 1 of User
    author_id → Post.author > User.id
    author.id → Post.author > User.id
    title.x → unknown 1 of ?
    "
    );
    assert_snapshot!(
        paths("- validate: author.company.address.city = author.company.data.a.b AND editor.name = author.company.address.x"),
        @r"
    author.company.address.city → Post.author > User.company > Company.address > Company.city
    author.company.data.a.b → Post.author > User.company > Company.data …
    editor.name → Post.editor …
    author.company.address.x → unknown 3 of ?
    "
    );
}

#[test]
fn input_parameters_and_the_session() {
    assert_snapshot!(
        paths("- validate: input.title = reason AND input.authorId = $reason AND input.reason = input.extra AND auth_user_id = CURRENT_TIMESTAMP AND input.id = $title"),
        @r"
    input.title → input title: Post.title
    reason → parameter reason
    input.authorId → input authorId: Post.author > User.id
    $reason → parameter reason
    input.reason → parameter reason
    input.extra → input extra
    auth_user_id → context auth_user_id
    CURRENT_TIMESTAMP → context current_timestamp
    input.id → input id: Post.id
    $title → input title: Post.title
    "
    );
    assert_snapshot!(
        paths("- validate: p_contact_id = p_title AND v_anything.x = old.title AND new.author.email = old.nope"),
        @r"
    p_contact_id → parameter contact_id
    p_title → input title: Post.title
    v_anything.x → opaque
    old.title → old Post.title
    new.author.email → new Post.author > User.email
    old.nope → unknown 1 of Post
    "
    );
}

#[test]
fn the_written_entity_comes_first() {
    assert_snapshot!(
        paths("- update: User SET email = input.email WHERE id = input.author AND title = User.email"),
        @r"
    input.email → input email: User.email
    id → User.id
    input.author → input author: Post.author
    title → Post.title
    User.email → User.email
    "
    );
    assert_snapshot!(
        paths("- update: User SET email = old.title WHERE old.email = tb_post.title AND tb_user.id = post.id AND new.nope = 1"),
        @r"
    old.title → old Post.title
    old.email → old User.email
    tb_post.title → Post.title
    tb_user.id → User.id
    post.id → Post.id
    new.nope → unknown 1 of Post
    "
    );
    assert_snapshot!(paths("- update: Nobody SET x = anything"), @"anything → opaque");
}

#[test]
fn variables() {
    assert_snapshot!(
        paths(
            "- find: User WHERE email = user.email
  as: user
- validate: user.company.name = user.nope
- call: something(a = user)
  store: answer
- validate: answer.x = answer
- foreach: one in author.posts
  do:
    - update: User SET email = one.title WHERE id = one.author
- validate: one.title = 1"
        ),
        @r"
    email → User.email
    user.email → User.email
    user.company.name → variable user: User User.company > Company.name
    user.nope → unknown 1 of User
    user → variable user: User
    answer.x → opaque
    answer → variable answer: ?
    author.posts → Post.author > User.posts
    one.title → variable one: Post Post.title
    id → User.id
    one.author → variable one: Post Post.author
    one.title → unknown 0 of Post
    "
    );
}

#[test]
fn subqueries_have_their_own_row() {
    assert_snapshot!(
        paths("- validate: EXISTS User WHERE email = title AND company = nope"),
        @r"
    email → User.email
    title → Post.title
    company → User.company
    nope → unknown 0 of User
    "
    );
}

#[test]
fn variables_of_one_branch_are_not_seen_in_the_other() {
    assert_snapshot!(
        paths(
            "- if: true
  then:
    - find: User WHERE id = input.author
      as: user
    - validate: user.email = 1
  else:
    - validate: user.email = 1
- validate: user.email = 1"
        ),
        @r"
    id → User.id
    input.author → input author: Post.author
    user.email → variable user: User User.email
    user.email → unknown 0 of Post
    user.email → unknown 0 of Post
    "
    );
}

#[test]
fn scopes_by_offset_equal_scopes_by_step() {
    let steps = "      - find: User WHERE id = input.author
        as: user
      - foreach: one in author.posts
        do:
          - update: User SET email = one.title
            where: id = one.author
          - find: Company WHERE id = user.company
            as: company
          - validate: company.name = one.title
      - validate: user.email = 1
";
    let workspace = workspace(&format!("{FILES}{steps}"));
    let entity = named(&workspace, "Post");
    let action = ActionId { entity, index: 0 };
    let shown = |it: &Scope<'_>| {
        let names = it.variables.iter().map(|it| it.name.text.as_str()).collect::<Vec<_>>();
        format!("{:?} {names:?}", it.rows)
    };
    let mut seen = 0;
    for step in &workspace.action(action).expect("the action is there").steps {
        step.walk(&mut |step| {
            let (at_offset, found) = Scope::at_offset(&workspace, action, step.range.start() + 1);
            assert_eq!(found.map(|it| it.range), Some(step.range));
            assert_eq!(shown(&at_offset), shown(&Scope::at(&workspace, action, step)));
            seen += usize::from(!matches!(step.kind, StepKind::Unknown));
        });
    }
    assert_eq!(seen, 6);
}
