//! Goto definition: from a name to the place that declares it, across files.

use specql_model::{ActionId, EntityId, SourceFile, Type, Workspace};
use specql_text::TextRange;

use crate::{
    Analysis, Target,
    mention::{self, Subject},
};

/// Where the name under the cursor is declared; several places for an ambiguous name and for an event that
/// several actions publish, none for what comes with the language.
pub(crate) fn goto_definition(analysis: &Analysis, file: &SourceFile, offset: u32) -> Vec<Target> {
    let workspace = analysis.workspace();
    let Some(it) = mention::at(workspace, file, offset) else { return Vec::new() };
    match it.subject {
        Subject::Entity(id) | Subject::Query(id) => entity(workspace, id).into_iter().collect(),
        Subject::Ambiguous(ids) => ids.iter().filter_map(|it| entity(workspace, *it)).collect(),
        Subject::Field(owner, field) => {
            vec![Target { file: owner.0, range: field.range, name_range: field.name.range }]
        }
        Subject::EnumValue { owner, value, .. } | Subject::Choice { owner, value, .. } => {
            vec![name(owner, value.range)]
        }
        Subject::Action(id) => workspace
            .action(id)
            .map(|it| Target { file: id.entity.0, range: it.range, name_range: it.name.range })
            .into_iter()
            .collect(),
        Subject::Parameter(owner, parameter) => vec![name(owner, parameter.name.range)],
        Subject::Variable { declared, .. } => {
            vec![Target { file: file.id, range: declared, name_range: declared }]
        }
        Subject::QueryColumn { query, declared, .. } => {
            let name_range = declared.or(query);
            let target = |it| Target { file: file.id, range: query.unwrap_or(it), name_range: it };
            name_range.map(target).into_iter().collect()
        }
        Subject::Event(id) => event(analysis, id, it.range),
        Subject::Impact(_)
        | Subject::Cdc(_)
        | Subject::BuiltIn(..)
        | Subject::Type(_)
        | Subject::Rich(_)
        | Subject::Part(..)
        | Subject::Context(_)
        | Subject::Function(_) => Vec::new(),
    }
}

/// Where the type of the name under the cursor is declared: the entities that a `ref` leads to, the
/// entity of a variable.
pub(crate) fn goto_type_definition(
    workspace: &Workspace,
    file: &SourceFile,
    offset: u32,
) -> Vec<Target> {
    let Some(it) = mention::at(workspace, file, offset) else { return Vec::new() };
    let (owner, ty) = match &it.subject {
        Subject::Field(owner, field) => (*owner, &field.ty),
        Subject::Parameter(owner, it) => (*owner, &it.ty),
        // An entity is a type itself.
        Subject::Variable { entity: Some(id), .. } | Subject::Entity(id) | Subject::Query(id) => {
            return entity(workspace, *id).into_iter().collect();
        }
        _ => return Vec::new(),
    };
    let ty = match ty {
        Type::List(item) => item,
        it => it,
    };
    let Type::Ref(targets) = ty else { return Vec::new() };
    let found = targets.iter().filter_map(|it| workspace.resolve(owner, it).found());
    found.filter_map(|it| entity(workspace, it)).collect()
}

fn entity(workspace: &Workspace, id: EntityId) -> Option<Target> {
    let range = workspace.entity(id)?.name.range;
    Some(Target { file: id.0, range, name_range: range })
}

/// The places that publish the event which an action names at a range: in their `cdc` they are declared.
fn event(analysis: &Analysis, id: ActionId, range: TextRange) -> Vec<Target> {
    let workspace = analysis.workspace();
    let named = workspace.named_events(id).into_iter().find(|it| it.1 == range);
    let Some((event, _)) = named else { return Vec::new() };
    let publishers = analysis.index().actions_publishing(&event).iter();
    let places = publishers.flat_map(|id| {
        let events = workspace.named_events(*id).into_iter().filter(|it| it.0 == event);
        events.map(|it| name(id.entity, it.1))
    });
    places.collect()
}

fn name(owner: EntityId, range: TextRange) -> Target {
    Target { file: owner.0, range, name_range: range }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::test_support::Fixture;

    fn targets(fixture: &str) -> String {
        let it = Fixture::new(fixture);
        let targets = it.analysis.goto_definition(it.file, it.offset());
        targets.iter().map(|target| it.show(target)).collect::<Vec<_>>().join("\n")
    }

    /// The same workspace with the cursor at `$0` of one line of `/post.yaml`.
    fn from(line: &str) -> String {
        let name = line.replace("$0", "");
        let text = WORKSPACE.replace(name.trim(), line.trim());
        assert_ne!(text, WORKSPACE, "no such line");
        targets(&text)
    }

    const WORKSPACE: &str = "
#- /user.yaml
entity: User
schema: blog
fields:
  name: text
  role: enum(author, editor)
  post_count: integer
#- /post.yaml
entity: Post
schema: blog
fields:
  title: text!
  status: enum(draft, published) = draft
  author: ref(User)!
audit:
  track_fields: [title]
actions:
  - name: publish_post
    params:
      reason: text!
    steps:
      - validate: status = 'draft' AND author.role = 'editor'
      - validate: input.title IS NOT NULL OR input.reason IS NULL
      - find: User WHERE name = 'Ann'
        as: ann
      - update: Post SET status = 'published', author = ann.id
      - update: User SET post_count = post_count + 1 WHERE id = author.id
      - if: ann.role = 'author'
        then:
          - call: archive_post(title = title)
    impact:
      primary:
        entity: Post
        operation: UPDATE
        fields: [status]
        include_relations: [author]
      side_effects:
        - entity: User
          operation: UPDATE
          fields: [post_count]
          condition: ann.role = 'author'
    cascade:
      exclude_entities: [User]
    cdc:
      enabled: true
      payload: [title, author.name]
      partition_key: author
      side_effect_events:
        User: UserPostCountChanged
  - name: archive_post
    steps:
      - foreach: other in Post WHERE status = 'draft'
        do:
          - delete: Post WHERE id = other.id
";

    #[test]
    fn types() {
        let of = |line: &str| {
            let text = WORKSPACE.replace(line.replace("$0", "").trim(), line);
            let it = Fixture::new(&text);
            let targets = it.analysis.goto_type_definition(it.file, it.offset());
            targets.iter().map(|target| it.show(target)).collect::<Vec<_>>().join("\n")
        };
        assert_snapshot!(of("auth$0or: ref(User)!"), @"/user.yaml 1:9 User");
        assert_snapshot!(of("- if: a$0nn.role = 'author'"), @"/user.yaml 1:9 User");
        assert_snapshot!(of("ti$0tle: text!"), @"");
        assert_snapshot!(of("author: ref(Us$0er)!"), @"/user.yaml 1:9 User");
    }

    #[test]
    fn a_query_and_a_list_of_the_configuration_lead_to_the_entity() {
        let files = "
#- /specql.config.yaml
cascade:
  exclude_entities: [User]
#- /user.yaml
entity: User
#- /post.yaml
entity: Post
actions:
  - name: go
    steps:
      - insert: Post
    impact:
      primary: {operation: CREATE}
      cache_invalidations:
        - query: users
        - query: postList
        - query: dashboard
        - query: surveys
#- /survey.yaml
entity: Survey
";
        let of = |place: &str| {
            let it = Fixture::new(&files.replacen(&place.replace("$0", ""), place, 1));
            let targets = it.analysis.goto_definition(it.file, it.offset());
            targets.iter().map(|target| it.show(target)).collect::<Vec<_>>().join("\n")
        };
        assert_snapshot!(of("query: us$0ers"), @"/user.yaml 1:9 User");
        assert_snapshot!(of("query: po$0stList"), @"/post.yaml 1:9 Post");
        assert_snapshot!(of("query: dash$0board"), @"");
        assert_snapshot!(of("query: sur$0veys"), @"/survey.yaml 1:9 Survey");
        assert_snapshot!(of("entities: [Us$0er]"), @"/user.yaml 1:9 User");
    }

    #[test]
    fn entities() {
        assert_snapshot!(from("author: ref(Us$0er)!"), @"/user.yaml 1:9 User");
        assert_snapshot!(from("- find: Us$0er WHERE name = 'Ann'"), @"/user.yaml 1:9 User");
        assert_snapshot!(from("- entity: User$0"), @"/user.yaml 1:9 User");
        assert_snapshot!(from("exclude_entities: [U$0ser]"), @"/user.yaml 1:9 User");
        assert_snapshot!(from("Us$0er: UserPostCountChanged"), @"/user.yaml 1:9 User");
        assert_snapshot!(from("- foreach: other in P$0ost WHERE status = 'draft'"), @"/post.yaml 1:9 Post");
    }

    #[test]
    fn fields_of_the_file_of_the_written_entity_and_through_refs() {
        let condition = "- validate: status = 'draft' AND author.role = 'editor'";
        let at = |word: &str, marked: &str| from(&condition.replacen(word, marked, 1));
        assert_snapshot!(at("status", "stat$0us"), @"/post.yaml 5:3 status");
        assert_snapshot!(at("author", "$0author"), @"/post.yaml 6:3 author");
        assert_snapshot!(at("role", "ro$0le"), @"/user.yaml 5:3 role");
        let update = "- update: User SET post_count = post_count + 1 WHERE id = author.id";
        assert_snapshot!(from(&update.replacen("post_count", "$0post_count", 1)), @"/user.yaml 6:3 post_count");
        assert_snapshot!(from("- find: User WHERE na$0me = 'Ann'"), @"/user.yaml 4:3 name");
    }

    #[test]
    fn fields_of_blocks() {
        assert_snapshot!(from("track_fields: [ti$0tle]"), @"/post.yaml 4:3 title");
        assert_snapshot!(from("fields: [sta$0tus]"), @"/post.yaml 5:3 status");
        assert_snapshot!(from("fields: [post_$0count]"), @"/user.yaml 6:3 post_count");
        assert_snapshot!(from("include_relations: [auth$0or]"), @"/post.yaml 6:3 author");
        assert_snapshot!(from("payload: [title, author.na$0me]"), @"/user.yaml 4:3 name");
        assert_snapshot!(from("payload: [title, auth$0or.name]"), @"/post.yaml 6:3 author");
        assert_snapshot!(from("partition_key: auth$0or"), @"/post.yaml 6:3 author");
    }

    #[test]
    fn enum_values() {
        assert_snapshot!(from("- validate: status = 'dr$0aft' AND author.role = 'editor'"), @"/post.yaml 5:16 draft");
        assert_snapshot!(from("- validate: status = 'draft' AND author.role = 'edi$0tor'"), @"/user.yaml 5:22 editor");
        assert_snapshot!(from("- update: Post SET status = 'pub$0lished', author = ann.id"), @"/post.yaml 5:23 published");
        assert_snapshot!(from("status: enum(draft, published) = dr$0aft"), @"/post.yaml 5:16 draft");
        assert_snapshot!(from("condition: ann.role = 'auth$0or'"), @"/user.yaml 5:14 author");
    }

    #[test]
    fn variables_input_and_actions() {
        assert_snapshot!(from("- if: a$0nn.role = 'author'"), @"/post.yaml 17:13 ann");
        assert_snapshot!(from("- if: ann.ro$0le = 'author'"), @"/user.yaml 5:3 role");
        assert_snapshot!(from("- validate: input.ti$0tle IS NOT NULL OR input.reason IS NULL"), @"/post.yaml 4:3 title");
        assert_snapshot!(from("- validate: input.title IS NOT NULL OR input.rea$0son IS NULL"), @"/post.yaml 12:7 reason");
        assert_snapshot!(from("- delete: Post WHERE id = oth$0er.id"), @"/post.yaml 44:18 other");
        assert_snapshot!(from("- call: archive_$0post(title = title)"), @"/post.yaml 42:11 archive_post");
        assert_snapshot!(from("- call: archive_post(ti$0tle = title)"), @"/post.yaml 4:3 title");
    }

    #[test]
    fn a_stored_result_comes_before_a_field_of_the_file_as_in_the_sql() {
        let file = |step: &str| {
            format!(
                "#- /product.yaml\nentity: Product\nfields:\n  price: integer\n#- /post.yaml\nentity: Post\nfields:\n  price: integer\n  product: ref(Product)\nactions:\n  - name: a\n    steps:\n      - find: Product WHERE price = 1\n        as: product\n      - {step}\n"
            )
        };
        assert_snapshot!(targets(&file("validate: pro$0duct.price > 0")), @"/post.yaml 9:13 product");
        assert_snapshot!(targets(&file("update: Post SET price = pro$0duct.price")), @"/post.yaml 4:3 product");
    }

    #[test]
    fn an_event_leads_to_what_publishes_it() {
        let file = |first: &str, second: &str| {
            let action = |entity: &str, cdc: &str| {
                format!(
                    "entity: {entity}\nactions:\n  - name: a\n    steps:\n      - insert: {entity}\n    cdc:\n      enabled: true\n      {cdc}\n"
                )
            };
            format!("#- /a.yaml\n{}#- /b.yaml\n{}", action("A", first), action("B", second))
        };
        let side = "side_effect_events: {A: AMa$0de}";
        assert_snapshot!(targets(&file("event_type: AMade", side)), @"
        /a.yaml 8:19 AMade
        /b.yaml 8:31 AMade
        ");
        // A name that stands by itself is declared where its `cdc` begins.
        assert_snapshot!(targets(&file("", "side_effect_events: {A: \"ACre$0ated\"}")), @r#"
        /a.yaml 6:5 cdc
        /b.yaml 8:31 "ACreated"
        "#);
        assert_snapshot!(targets(&file("event_type: AM$0ade", "")), @"/a.yaml 8:19 AMade");
    }

    #[test]
    fn an_ambiguous_name_leads_to_all_of_them() {
        assert_snapshot!(
            targets("
#- /a.yaml
entity: User
schema: a
#- /b.yaml
entity: User
schema: b
#- /post.yaml
entity: Post
schema: c
fields:
  author: ref(Us$0er)
"),
            @"
        /a.yaml 1:9 User
        /b.yaml 1:9 User
        ");
    }

    #[test]
    fn words_without_a_declaration() {
        assert_snapshot!(targets("entity: Post\nfields:\n  title: te$0xt"), @"");
        assert_snapshot!(targets("entity: Post\n# Po$0st"), @"");
        assert_snapshot!(targets("entity: Post\nfields:\n  author: ref(Us$0er)"), @"");
    }

    /// A loop over a query, with a step in it.
    fn over_query(query: &str, step: &str) -> Fixture {
        Fixture::new(&format!(
            "#- /post.yaml\nentity: Post\nschema: blog\nfields:\n  title: text\nactions:\n  - name: a\n    steps:\n      - foreach: row in {query}\n        do:\n          - validate: {step}\n"
        ))
    }

    #[test]
    fn columns_of_the_query_of_a_loop() {
        let query = "(SELECT p.title AS heading, p.title, lower(p.title) FROM blog.tb_post p)";
        let at = |step: &str| {
            let it = over_query(query, step);
            let found = it.analysis.goto_definition(it.file, it.offset());
            found.iter().map(|target| it.show(target)).collect::<Vec<_>>().join("\n")
        };
        assert_snapshot!(at("row.head$0ing = 'x'"), @"/post.yaml 8:44 heading");
        assert_snapshot!(at("row.ti$0tle = 'x'"), @"/post.yaml 4:3 title");
        assert_snapshot!(at("row.low$0er = 'x'"), @"/post.yaml 8:62 lower");
        assert_snapshot!(at("row.nam$0e = 'x'"), @"");
        let it = over_query(query, "row.head$0ing = 'x'");
        let found = it.analysis.references(it.file, it.offset());
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn a_column_of_the_query_of_a_loop_is_renamed_with_what_it_is() {
        let renamed = |query: &str, step: &str, new: &str| -> Result<String, String> {
            let it = over_query(query, step);
            let edits = it.analysis.rename(it.file, it.offset(), new)?.into_edits();
            let edits: Vec<_> = edits.into_iter().map(|it| it.edit).collect();
            let text = specql_text::apply_edits(it.analysis.text(it.file).unwrap(), &edits);
            Ok(text
                .lines()
                .filter(|it| it.contains("title") || it.contains("head"))
                .collect::<Vec<_>>()
                .join("\n"))
        };
        let query = "(SELECT p.title AS heading, p.title FROM blog.tb_post p)";
        assert_snapshot!(renamed(query, "row.head$0ing = row.title", "headline").unwrap(), @"
          title: text
              - foreach: row in (SELECT p.title AS headline, p.title FROM blog.tb_post p)
                  - validate: row.headline = row.title
        ");
        let found = renamed(query, "row.heading = row.tit$0le", "headline").unwrap();
        assert!(
            found.contains("p.headline AS heading, p.headline")
                && found.contains("row.heading = row.headline"),
            "{found}"
        );
        assert!(
            renamed(query, "row.head$0ing = 'x'", "Headline")
                .unwrap_err()
                .contains("small letters")
        );
        assert!(renamed(query, "row.head$0ing = 'x'", "title").unwrap_err().contains("already"));
        let ordered = "(SELECT p.title AS heading FROM blog.tb_post p ORDER BY heading)";
        assert!(
            renamed(ordered, "row.head$0ing = 'x'", "headline")
                .unwrap_err()
                .contains("more than once")
        );
    }

    #[test]
    fn a_value_in_a_query_in_sql_leads_to_its_declaration_and_is_renamed_with_it() {
        let query = "validate: (SELECT count(*) FROM blog.tb_user u WHERE u.role IN ('editor', 'auth$0or')) > 1";
        let text =
            WORKSPACE.replace("validate: status = 'draft' AND author.role = 'editor'", query);
        assert_snapshot!(targets(&text), @"/user.yaml 5:14 author");
        let it = Fixture::new(&text);
        let edits = it.analysis.rename(it.file, it.offset(), "writer").unwrap().into_edits();
        let own = edits.iter().filter(|edit| edit.file == it.file);
        let own: Vec<_> = own.map(|it| it.edit.clone()).collect();
        let text = specql_text::apply_edits(it.analysis.text(it.file).unwrap(), &own);
        assert!(text.contains("u.role IN ('editor', 'writer')"), "{text}");
    }
}
