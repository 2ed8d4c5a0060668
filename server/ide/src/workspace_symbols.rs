//! Entities, actions, events and fields of all files, by some letters of their names, the likeliest first.
//!
//! Invariant: what is found has the letters of the query in their order, and there is never more than
//! [`WORKSPACE_SYMBOL_LIMIT`] of it.

use rayon::prelude::*;
use specql_model::{
    ActionId, Entity, EntityId, FileId, NamedPart, PartKind, Workspace, letters_of,
};
use specql_text::TextRange;

use crate::{Analysis, SymbolKind};

/// The most that is found.
pub const WORKSPACE_SYMBOL_LIMIT: usize = 128;

/// A declaration in some file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkspaceSymbol {
    /// The name.
    pub name: String,
    /// What it is.
    pub kind: SymbolKind,
    /// The entity that has it, the schema that has the entity.
    pub container: String,
    /// The file.
    pub file: FileId,
    /// The whole.
    pub range: TextRange,
    /// The name in it; the key `cdc` for an event whose name is not written.
    pub name_range: TextRange,
}

impl Analysis {
    /// What has the letters of a query in their order; `Post.title` asks for a part of an entity.
    #[must_use]
    pub fn workspace_symbols(&self, query: &str) -> Vec<WorkspaceSymbol> {
        let workspace = self.workspace();
        let query = Query::new(query);
        let all: Vec<(EntityId, &[NamedPart])> = workspace.named_parts().collect();
        let search = |(number, (id, parts)): (usize, &(EntityId, &[NamedPart]))| {
            let mut search =
                Search { query: &query, number, found: Vec::new(), folded: String::new() };
            search.file(workspace, *id, parts);
            search.found
        };
        let mut found: Vec<Found> =
            all.par_iter().enumerate().with_min_len(256).flat_map_iter(search).collect();
        if found.len() > WORKSPACE_SYMBOL_LIMIT {
            found.select_nth_unstable(WORKSPACE_SYMBOL_LIMIT);
            found.truncate(WORKSPACE_SYMBOL_LIMIT);
        }
        found.sort_unstable();
        let show = |it: &Found| symbol(workspace, workspace.entity(all.get(it.entity)?.0)?, it);
        found.iter().filter_map(show).collect()
    }
}

/// How well a name fits, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Same,
    Prefix,
    /// The letters begin words of the name, or go on from there: `cp` in `create_post`.
    Words,
    Inside,
    Scattered,
}

/// A name that fits. The order is that of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Found {
    fit: Fit,
    kind: PartKind,
    len: usize,
    /// The number of the entity, in the order of paths.
    entity: usize,
    /// The number of the field, the action, the event.
    index: usize,
    /// The number of the event among those of its action.
    event: usize,
}

/// What is asked for: small letters without separators.
struct Query {
    /// The entity that has it, before the last dot.
    container: Option<Letters>,
    name: Letters,
}

/// Small letters, one by one and as a text.
struct Letters {
    letters: Vec<char>,
    text: String,
    mask: u64,
}

impl Letters {
    fn new(text: &str) -> Self {
        let kept = text.chars().filter(|it| !matches!(it, '_' | '-' | ' ' | '.'));
        let letters: Vec<char> = kept.flat_map(char::to_lowercase).collect();
        let text: String = letters.iter().collect();
        Self { mask: letters_of(&text), letters, text }
    }

    /// Whether a name has the letters in their order: most names do not, and are left at once.
    fn lie_in(&self, name: &str) -> bool {
        if name.is_ascii() && self.text.is_ascii() {
            let mut rest = name.bytes();
            return self.text.bytes().all(|it| rest.any(|other| other.to_ascii_lowercase() == it));
        }
        let mut rest = name.chars().flat_map(char::to_lowercase);
        self.letters.iter().all(|it| rest.any(|other| other == *it))
    }
}

impl Query {
    fn new(text: &str) -> Self {
        let (container, name) = match text.rsplit_once('.') {
            Some((container, name)) => (Some(container), name),
            None => (None, text),
        };
        Self { container: container.map(Letters::new), name: Letters::new(name) }
    }
}

struct Search<'q> {
    query: &'q Query,
    number: usize,
    found: Vec<Found>,
    /// Room for a folded name.
    folded: String,
}

impl Search<'_> {
    fn file(&mut self, workspace: &Workspace, id: EntityId, parts: &[NamedPart]) {
        // Most files have no name with the letters: they are left without a look at the names.
        let wanted = self.query.name.mask;
        let mut fitting = parts.iter().filter(|it| it.letters & wanted == wanted).peekable();
        if fitting.peek().is_none() {
            return;
        }
        let Some(entity) = workspace.entity(id) else { return };
        let mut in_container = true;
        if let Some(it) = &self.query.container {
            if fit(it, entity.schema_name(), &mut self.folded) == Some(Fit::Same) {
                self.name(PartKind::Entity, &entity.name.text, 0, 0);
            }
            in_container = fit(it, &entity.name.text, &mut self.folded).is_some();
        }
        for it in fitting {
            let (index, event) = (usize::from(it.index), usize::from(it.event));
            let name = match it.kind {
                PartKind::Entity if self.query.container.is_some() => None,
                _ if !in_container => None,
                PartKind::Entity => Some(&entity.name.text),
                PartKind::Field => entity.fields.get(index).map(|it| &it.name.text),
                PartKind::Action => entity.actions.get(index).map(|it| &it.name.text),
                PartKind::Event => it.name.as_ref(),
            };
            if let Some(name) = name {
                self.name(it.kind, name, index, event);
            }
        }
    }

    fn name(&mut self, kind: PartKind, name: &str, index: usize, event: usize) {
        if let Some(fit) = fit(&self.query.name, name, &mut self.folded) {
            // Without letters the order is that of the files.
            let len = if self.query.name.letters.is_empty() { 0 } else { name.len() };
            let entity = self.number;
            self.found.push(Found { fit, kind, len, entity, index, event });
        }
    }
}

/// How a name fits; absent when a letter is missing, or when few letters lie scattered over it.
fn fit(query: &Letters, name: &str, folded: &mut String) -> Option<Fit> {
    if name.is_empty() || !query.lie_in(name) {
        return None;
    }
    folded.clear();
    if name.is_ascii() {
        let letters = name.bytes().filter(|it| *it != b'_');
        folded.extend(letters.map(|it| char::from(it.to_ascii_lowercase())));
    } else {
        folded.extend(name.chars().filter(|it| *it != '_').flat_map(char::to_lowercase));
    }
    if folded.starts_with(&query.text) {
        return Some(if folded.len() == query.text.len() { Fit::Same } else { Fit::Prefix });
    }
    if begins_words(&query.letters, name) {
        return Some(Fit::Words);
    }
    if folded.contains(&query.text) {
        return Some(Fit::Inside);
    }
    (query.letters.len() > 2).then_some(Fit::Scattered)
}

/// Whether each letter begins a word of the name or follows the letter before it.
fn begins_words(letters: &[char], name: &str) -> bool {
    let mut wanted = letters.iter().peekable();
    let (mut goes_on, mut separated, mut was_small) = (false, true, false);
    for letter in name.chars() {
        if letter == '_' {
            separated = true;
            continue;
        }
        let begins = separated || (letter.is_uppercase() && was_small);
        let fits = wanted.peek().is_some_and(|it| letter.to_lowercase().eq([**it]));
        goes_on = fits && (begins || goes_on);
        if goes_on {
            wanted.next();
        }
        (separated, was_small) = (false, letter.is_lowercase() || letter.is_numeric());
    }
    wanted.peek().is_none()
}

fn symbol(workspace: &Workspace, entity: &Entity, it: &Found) -> Option<WorkspaceSymbol> {
    let owner = entity.name.text.to_string();
    let (name, kind, container, range, name_range) = match it.kind {
        PartKind::Entity => {
            let range = entity.name.range;
            (owner, SymbolKind::Entity, entity.schema_name().to_owned(), range, range)
        }
        PartKind::Field => {
            let field = entity.fields.get(it.index)?;
            (field.name.text.to_string(), SymbolKind::Field, owner, field.range, field.name.range)
        }
        PartKind::Action => {
            let action = entity.actions.get(it.index)?;
            let name = action.name.text.to_string();
            (name, SymbolKind::Action, owner, action.range, action.name.range)
        }
        PartKind::Event => {
            let action = entity.actions.get(it.index)?;
            let id = ActionId { entity: entity.id, index: u32::try_from(it.index).ok()? };
            let (name, range) = workspace.named_events(id).into_iter().nth(it.event)?;
            let container = format!("{owner}.{}", action.name.text);
            (name.to_string(), SymbolKind::Event, container, range, range)
        }
    };
    Some(WorkspaceSymbol { name, kind, container, file: entity.id.0, range, name_range })
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::WORKSPACE_SYMBOL_LIMIT;
    use crate::{AnalysisHost, test_support::Fixture};

    const WORKSPACE: &str = "
#- /post.yaml
entity: Post
schema: blog
fields:
  title: text
  post_count: integer
actions:
  - name: create_post
    steps:
      - insert: Post
    impact:
      primary:
        entity: Post
        operation: CREATE
      side_effects:
        - entity: User
          operation: UPDATE
    cdc:
      enabled: true
      side_effect_events:
        User: AuthorCounted
  - name: hidden
    cdc:
      event_type: PostHidden
#- /user.yaml
entity: User
schema: crm
fields:
  name: text
";

    fn found(query: &str) -> String {
        let it = Fixture::new(WORKSPACE);
        let found = it.analysis.workspace_symbols(query);
        let show = |symbol: &super::WorkspaceSymbol| {
            let text = it.analysis.text(symbol.file).unwrap();
            let written = symbol.name_range.slice(text);
            format!("{:?} {} in {} at {written}", symbol.kind, symbol.name, symbol.container)
        };
        found.iter().map(show).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn the_likeliest_is_first() {
        assert_snapshot!(found("post"), @"
        Entity Post in blog at Post
        Event PostCreated in Post.create_post at cdc
        Field post_count in Post at post_count
        Action create_post in Post at create_post
        ");
        assert_snapshot!(found("cp"), @"Action create_post in Post at create_post");
        assert_snapshot!(found("Counted"), @"Event AuthorCounted in Post.create_post at AuthorCounted");
        assert_snapshot!(found("tle"), @"Field title in Post at title");
        assert_snapshot!(found("create_post"), @"Action create_post in Post at create_post");
        assert_snapshot!(found("createPost"), @"Action create_post in Post at create_post");
    }

    #[test]
    fn a_dot_asks_for_a_part_of_an_entity() {
        assert_snapshot!(found("user.n"), @"Field name in User at name");
        assert_snapshot!(found("blog.post"), @"Entity Post in blog at Post");
        assert_snapshot!(found("post."), @"
        Action create_post in Post at create_post
        Action hidden in Post at hidden
        Event PostCreated in Post.create_post at cdc
        Event AuthorCounted in Post.create_post at AuthorCounted
        Field title in Post at title
        Field post_count in Post at post_count
        ");
    }

    #[test]
    fn events_of_a_block_that_is_off_are_none() {
        assert_snapshot!(found("PostHidden"), @"");
    }

    #[test]
    fn a_large_workspace_gives_a_short_list() {
        let mut host = AnalysisHost::new();
        for number in 0..300 {
            host.set_file(
                &format!("{number}.yaml"),
                format!("entity: Order{number}\nfields:\n  order_x: text\n"),
            );
        }
        let analysis = host.analysis();
        let found = analysis.workspace_symbols("order");
        assert_eq!(found.len(), WORKSPACE_SYMBOL_LIMIT);
        assert_eq!(found[0].name, "Order0");
        assert_eq!(analysis.workspace_symbols("").len(), WORKSPACE_SYMBOL_LIMIT);
        assert_eq!(analysis.workspace_symbols("Order123")[0].name, "Order123");
        assert!(analysis.workspace_symbols("zz").is_empty());
    }
}
