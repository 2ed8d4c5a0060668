//! Which entity a query of clients is about, as its name says: `posts`, `post`, `postList`.

use specql_model::{Entity, EntityId, Impact, Workspace, entity::graphql_name, names::plural};

/// The entity whose field an argument of an invalidated query is: the one that the query is about. Of a
/// query with another name it is the only entity of the `impact` that has such a field.
#[must_use]
pub fn entity_of_argument<'a>(
    workspace: &'a Workspace,
    own: &Entity,
    impact: &Impact,
    (query, argument): (&str, &str),
) -> Option<&'a Entity> {
    if let Some(about) = entity_of_query(workspace, own, query) {
        return Some(about);
    }
    let entries = impact.primary.iter().chain(&impact.side_effects);
    let entity = |name: &str| workspace.resolve_name(own.id, name).found();
    let ids = entries.filter_map(|it| match &it.entity {
        Some(name) => entity(&name.text),
        None => Some(own.id),
    });
    let entities = ids.filter_map(|it| workspace.entity(it));
    let mut having = entities.filter(|it| it.field(argument).is_some()).map(AsRef::as_ref);
    let found: &Entity = having.next()?;
    having.all(|it| it.id == found.id).then_some(found)
}

/// The entity whose rows a query gives, by its name; `own` is that of the file which asks for it.
#[must_use]
pub fn entity_of_query<'a>(
    workspace: &'a Workspace,
    own: &Entity,
    query: &str,
) -> Option<&'a Entity> {
    let query = graphql_name(query);
    let stems = singulars(&query);
    let spelled = stems.iter().flat_map(|it| workspace.entities_spelled(it));
    let named = spelled.filter(|it| is_query_of(&it.snake_name(), &query)).map(|it| it.id.0);
    let mut files = workspace.in_order(named);
    files.dedup();
    let found: Vec<&Entity> =
        files.iter().filter_map(|it| Some(workspace.entity(EntityId(*it))?.as_ref())).collect();
    let near = found.iter().find(|it| it.id == own.id);
    let same = || found.iter().find(|it| it.schema_name() == own.schema_name());
    near.or_else(same).or_else(|| found.first().filter(|_| found.len() == 1)).copied()
}

/// What the name of an entity can be, of which a query gives rows: the ways back from [`is_query_of`].
fn singulars(query: &str) -> Vec<String> {
    let mut res = vec![query.to_owned()];
    res.extend(["List", "es", "s"].iter().filter_map(|it| query.strip_suffix(it)).map(Into::into));
    res.extend(query.strip_suffix("ies").map(|it| format!("{it}y")));
    res
}

fn is_query_of(snake: &str, query: &str) -> bool {
    !snake.is_empty() && queries_of(snake).iter().any(|it| it == query)
}

/// The queries that give rows of an entity: one row, several, a list in pages.
#[must_use]
pub fn queries_of(snake: &str) -> [String; 3] {
    let one = graphql_name(snake);
    let (many, list) = (plural(&one), format!("{one}List"));
    [one, many, list]
}
