//! Entities, fields, actions, parameters.

use insta::assert_snapshot;

use super::{list, text};
use crate::{Field, Type, test_support::entity};

/// The fields of a text, one in a line, with every part whose range is wrong marked.
fn fields(yaml: &str) -> String {
    let indented: String = yaml.lines().map(|it| format!("  {it}\n")).collect();
    let file = format!("entity: A\nfields:\n{indented}");
    let entity = entity(&file);
    entity.fields.iter().map(|it| shown(it, &file)).collect::<Vec<_>>().join("\n")
}

fn shown(it: &Field, file: &str) -> String {
    assert_eq!(it.name.range.slice(file), it.name.text);
    let mut shown = format!("{} {}", it.name.text, shown_type(&it.ty));
    if !it.nullable {
        shown.push('!');
    }
    if it.unique {
        shown.push_str(" unique");
    }
    if let Some(default) = &it.default {
        let quote = if default.quoted { "'" } else { "" };
        shown.push_str(&format!(" = {quote}{}{quote}", default.text.text));
    }
    if !it.parameters.is_empty() {
        shown.push_str(&format!(" parameters {}", list(&it.parameters)));
    }
    if !it.bounds.is_empty() {
        shown.push_str(&format!(" {}..{}", text(it.bounds.least()), text(it.bounds.greatest())));
    }
    if let Some(description) = &it.description {
        shown.push_str(&format!(" # {description}"));
    }
    if let Some(lost) = &it.lost_nullability {
        shown.push_str(&format!(" lost at `{}`", lost.slice(file)));
    }
    for problem in &it.problems {
        shown.push_str(&format!(" {:?} at `{}`", problem.kind, problem.range.slice(file)));
    }
    shown.push_str(&format!(" «{}»", it.type_range.slice(file)));
    shown
}

fn shown_type(ty: &Type) -> String {
    match ty {
        Type::Basic(it) => it.name().to_owned(),
        Type::Rich(it) => format!("rich {}", it.name),
        Type::Composite(it) => format!("composite {}", it.name),
        Type::Enum(values) => format!("enum{}", list(values)),
        Type::List(item) => format!("list({})", shown_type(item)),
        Type::Ref(targets) => {
            let target = |it: &specql_syntax::expression::EntityReference| {
                let schema = it.schema.as_ref().map(|it| format!("{}.", it.text));
                format!("{}{}", schema.unwrap_or_default(), it.name.text)
            };
            format!("ref({})", targets.iter().map(target).collect::<Vec<_>>().join("|"))
        }
        Type::Postgres { sql_type, .. } => format!("postgres {sql_type}"),
        Type::Unknown(it) => format!("unknown {}", it.text),
        Type::Missing => "missing".to_owned(),
    }
}

#[test]
fn short_forms() {
    assert_snapshot!(
        fields(
            "title: text!   # what it is called
content: markdown
status: enum(draft, published) = draft
state: enum(a, b) = a!
lost: enum(a, b)! = a
email: email = 'x@y'
author: ref(User)!
company: ref(crm.Company)
any: ref(A|B)
tags: list(ref(Tag))
names: text[]
code: text(50)
price: decimal(10, 2)
old: phone
address: SimpleAddress
typo: mony
maybe: text?
empty:"
        ),
        @r"
    title text! # what it is called «text»
    content rich markdown «markdown»
    status enum[draft, published] = draft «enum(draft, published)»
    state enum[a, b]! = a «enum(a, b)»
    lost enum[a, b]! = a lost at `!` «enum(a, b)»
    email rich email = 'x@y' «email»
    author ref(User)! «ref(User)»
    company ref(crm.Company) «ref(crm.Company)»
    any ref(A|B) «ref(A|B)»
    tags list(ref(Tag)) «list(ref(Tag))»
    names list(text) «text[]»
    code text parameters [50] «text(50)»
    price postgres numeric(10,2) parameters [10, 2] «decimal(10, 2)»
    old rich phoneNumber «phone»
    address composite SimpleAddress «SimpleAddress»
    typo unknown mony «mony»
    maybe text «text»
    empty missing «empty»
    "
    );
}

#[test]
fn long_forms() {
    assert_snapshot!(
        fields(
            "a: {type: text, nullable: false, description: the first}
b: {type: text, required: true, unique: true}
c: {type: email!, default: x}
d: {type: ref(Organization), schema: management}
e: {type: ref, entity: crm.Company}
f: {type: enum, values: [x, 'y z'], default: 'x'}
g: {type: list, items: text}
h: {type: integer, min: 0, max: 10}
i: {description: no type}
j: {type: text, required: false}
k: {type: text, required: true, nullable: false}
l: [a, b]
m: {type: list(text), default: [a, b]}
n: {type: ref(x.E), schema: y}"
        ),
        @r"
    a text! # the first «text»
    b text! unique lost at `required` «text»
    c rich email! = x lost at `!` «email»
    d ref(management.Organization) «ref(Organization)»
    e ref(crm.Company) «ref»
    f enum[x, y z] = 'x' «enum»
    g list(text) «list»
    h integer 0..10 «integer»
    i missing # no type «i»
    j text «text»
    k text! «text»
    l missing «[a, b]»
    m list(text) = [a, b] «list(text)»
    n ref(x.E) «ref(x.E)»
    "
    );
}

#[test]
fn of_a_field_written_twice_the_first_one_stands_for_both() {
    assert_snapshot!(fields("a: text\na: integer"), @"a text «text»");
}

#[test]
fn forms_of_the_entity() {
    let shown = |file: &str| {
        let it = entity(file);
        let fields: Vec<&str> = it.fields.iter().map(|it| it.name.text.as_str()).collect();
        format!(
            "`{}` {} {} {fields:?} at `{}`",
            it.name.text,
            it.schema_name(),
            text(it.description.as_ref()),
            it.name.range.slice(file)
        )
    };
    assert_snapshot!(shown("entity: Post\n"), @"`Post` public - [] at `Post`");
    assert_snapshot!(
        shown("entity: Post\nschema: blog\ndescription: a post\nfields: {a: text}\n"),
        @r#"`Post` blog a post ["a"] at `Post`"#
    );
    assert_snapshot!(
        shown("entity:\n  name: Post\n  schema: blog\n  fields:\n    a: text\nschema: other\n"),
        @r#"`Post` blog - ["a"] at `Post`"#
    );
    assert_snapshot!(shown("entity:\nfields:\n"), @"`` public - [] at `entity`");
    assert_snapshot!(shown("entity: 5\nfields: []\n"), @"`5` public - [] at `5`");
    assert_snapshot!(shown(""), @"`` public - [] at ``");
    assert_snapshot!(shown("- a\n"), @"`` public - [] at ``");
}

#[test]
fn actions_and_their_parameters() {
    let file = "\
entity: A
actions:
  - name: one
    description: does it
    requires: editor
    returns: A
    params:
      reason: text!
      amount: {type: money, required: true, default: 1, description: how much}
  - two
  - name:
  -
  - name: three
    parameters: [a, {name: b, type: integer}, {c: text!}]
  - name: four
    inputs: {x: uuid}
    pattern: crud/create
";
    let it = entity(file);
    let shown: Vec<String> = it
        .actions
        .iter()
        .map(|it| {
            let parameters: Vec<String> = it
                .parameters
                .iter()
                .map(|it| {
                    let bang = if it.required { "!" } else { "" };
                    format!("{}: {}{bang}", it.name.text, shown_type(&it.ty))
                })
                .collect();
            format!(
                "`{}` {} {} {} {} {parameters:?}",
                it.name.text,
                text(it.description.as_ref()),
                text(it.requires.as_ref()),
                text(it.returns.as_ref()),
                text(it.pattern.as_ref())
            )
        })
        .collect();
    assert_snapshot!(shown.join("\n"), @r#"
    `one` does it editor A - ["reason: text!", "amount: rich money!"]
    `two` - - - - []
    `` - - - - []
    `` - - - - []
    `three` - - - - ["a: missing", "b: integer", "c: text!"]
    `four` - - - crud/create ["x: rich uuid"]
    "#);
}

#[test]
fn actions_by_name() {
    let it = entity("entity: A\nactions:\n  one:\n    steps:\n      - insert: A\n  two:\n");
    let names: Vec<&str> = it.actions.iter().map(|it| it.name.text.as_str()).collect();
    assert_eq!(names, ["one", "two"]);
    assert_eq!(it.actions.first().map(|it| it.steps.len()), Some(1));
    assert!(entity("entity: A\nactions: nonsense\n").actions.is_empty());
}
