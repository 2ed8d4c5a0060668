//! Texts that authors build from an entity's name: collections of an answer, types of events, topics. They
//! follow the entity. Who reads them by their text has to follow too, so they are told apart from the names.

use std::collections::BTreeSet;

use specql_check::FileEdit;
use specql_contract::{default_topic, primary_event};
use specql_model::{ActionId, Entity, EntityId, FileId, Impact, Name, SourceFile, Workspace};
use specql_text::TextEdit;

use crate::{
    candidates,
    identity::Identity,
    mention::{self, Subject},
    references,
};

use super::{former::FormerName, spelling::respelled};

/// What a rename changes.
#[derive(Debug, Clone, Default)]
pub struct Renaming {
    /// The names.
    pub names: Vec<FileEdit>,
    /// Texts that are built from the name of an entity.
    pub texts: Vec<RenamedText>,
    /// What is called after an entity and keeps its name, as text for the user: ``action `publish_post` ``.
    pub kept: Vec<String>,
    /// `was` with the name of before, for migrations: who renames something new needs none.
    pub former: Option<FormerName>,
}

impl Renaming {
    /// All edits of names and of texts built from them.
    #[must_use]
    pub fn into_edits(self) -> Vec<FileEdit> {
        let texts = self.texts.into_iter().flat_map(|it| it.edits);
        self.names.into_iter().chain(texts).collect()
    }
}

/// A text that follows the name of an entity.
#[derive(Debug, Clone)]
pub struct RenamedText {
    /// What it is: `collection`, `event type`, `topic`.
    pub what: &'static str,
    /// The text of before.
    pub old: String,
    /// The text of afterwards.
    pub new: String,
    /// In all places that have it.
    pub edits: Vec<FileEdit>,
}

/// Finds the texts that are built from the name of an entity.
pub(super) fn of_entity(
    workspace: &Workspace,
    file: &SourceFile,
    entity: EntityId,
    new: &str,
) -> (Vec<RenamedText>, Vec<String>) {
    let Some(owner) = workspace.entity(entity) else { return (Vec::new(), Vec::new()) };
    let mut search =
        Search { workspace, file, owner, new, texts: Vec::new(), kept: BTreeSet::new() };
    let wanted = Identity::Entity(entity);
    let mut ids: BTreeSet<FileId> =
        candidates::files(workspace, &wanted).iter().map(|it| it.id).collect();
    ids.insert(entity.0);
    for id in ids {
        let actions = workspace.entity(EntityId(id)).into_iter().flat_map(|it| it.action_ids());
        for (id, action) in actions {
            if id.entity == entity && search.follows(&action.name.text).is_some() {
                search.keep("action", &action.name.text);
            }
            if let Some(impact) = &action.impact {
                search.impact(id, impact);
            }
            search.events(id);
        }
    }
    search.invalidations(&wanted);
    (search.texts, search.kept.into_iter().collect())
}

struct Search<'a> {
    workspace: &'a Workspace,
    /// From which the rename was asked for.
    file: &'a SourceFile,
    owner: &'a Entity,
    new: &'a str,
    texts: Vec<RenamedText>,
    kept: BTreeSet<String>,
}

impl Search<'_> {
    fn follows(&self, text: &str) -> Option<String> {
        respelled(self.workspace, text, &self.owner.name.text, self.new)
    }

    fn keep(&mut self, what: &str, text: &str) {
        self.kept.insert(format!("{what} `{text}`"));
    }

    fn names(&self, from: EntityId, name: Option<&Name>) -> bool {
        let found =
            name.map_or(Some(from), |it| self.workspace.resolve_name(from, &it.text).found());
        found == Some(self.owner.id)
    }

    /// Collections of its rows in an answer.
    fn impact(&mut self, id: ActionId, impact: &Impact) {
        for it in impact.primary.iter().chain(&impact.side_effects) {
            let Some(collection) = &it.collection else { continue };
            if !self.names(id.entity, it.entity.as_ref()) {
                continue;
            }
            let new = self.follows(&collection.text);
            let edit = new.as_ref().and_then(|new| self.edit(id.entity.0, collection, new));
            self.put("collection", &collection.text, new, edit.into_iter().collect());
        }
    }

    /// Types and topics of events about its rows.
    fn events(&mut self, id: ActionId) {
        let Some(cdc) = self.workspace.action(id).and_then(|it| it.cdc.as_deref()) else { return };
        for (entity, event) in &cdc.side_effect_events {
            if self.names(id.entity, Some(entity)) {
                self.event(event);
            }
        }
        let primary = self.workspace.effective_primary(id).and_then(|it| it.entity);
        if primary != Some(self.owner.id) {
            return;
        }
        if let Some(event) = &cdc.event_type {
            self.event(event);
        }
        if let Some(topic) = &cdc.topic {
            self.topic(id, topic);
        }
    }

    /// A type of events is one in all places that publish it.
    fn event(&mut self, event: &Name) {
        if self.texts.iter().any(|it| it.what == "event type" && it.old == event.text) {
            return;
        }
        let places = |name: &str| {
            let identity = Identity::Event(name.to_owned());
            references::of(self.workspace, self.file, &identity)
        };
        // Two types do not become one.
        let new = self.follows(&event.text).filter(|it| places(it).is_empty());
        let edits = new.iter().flat_map(|new| {
            let places = places(&event.text);
            let name = |it: &crate::Reference| Name::new(event.text.clone(), it.range);
            places.iter().filter_map(|it| self.edit(it.file, &name(it), new)).collect::<Vec<_>>()
        });
        let edits = edits.collect();
        self.put("event type", &event.text, new, edits);
    }

    /// A topic is one in all actions that send to it.
    fn topic(&mut self, id: ActionId, topic: &Name) {
        if self.texts.iter().any(|it| it.what == "topic" && it.old == topic.text) {
            return;
        }
        let new = self.topic_after(id, topic);
        let edits = new.iter().flat_map(|new| {
            let actions = self.workspace.entities().flat_map(|it| it.action_ids());
            let same = actions.filter_map(|(id, it)| {
                let written = it.cdc.as_deref()?.topic.as_ref()?;
                (written.text == topic.text).then(|| self.edit(id.entity.0, written, new))?
            });
            same.collect::<Vec<_>>()
        });
        let edits = edits.collect();
        self.put("topic", &topic.text, new, edits);
    }

    /// The schema stays, also where it is called as the entity is.
    fn topic_after(&self, id: ActionId, topic: &Name) -> Option<String> {
        if let Some((event, version)) = primary_event(self.workspace, id)
            && default_topic(self.workspace, self.owner, &event, version) == topic.text
        {
            let mut renamed = self.owner.clone();
            renamed.name.text = self.new.into();
            let event = self.follows(&event).map_or(event, Into::into);
            let new = default_topic(self.workspace, &renamed, &event, version).to_string();
            return Some(new).filter(|it| *it != topic.text);
        }
        let schema = self.owner.schema_name();
        let rest = topic.text.strip_prefix(schema).filter(|it| it.starts_with(['.', '-', '_']));
        let Some(rest) = rest else { return self.follows(&topic.text) };
        Some(format!("{schema}{}", self.follows(rest)?))
    }

    /// Queries that clients call by names of their own.
    fn invalidations(&mut self, wanted: &Identity) {
        for file in candidates::files(self.workspace, wanted) {
            let queries = file.entity().into_iter().flat_map(|it| &it.actions);
            let queries = queries.filter_map(|it| it.impact.as_deref());
            let queries =
                queries.flat_map(|it| &it.cache_invalidations).filter_map(|it| it.query.as_ref());
            let queries: Vec<&Name> =
                queries.filter(|it| self.follows(&it.text).is_some()).collect();
            if queries.is_empty() {
                continue;
            }
            let known = mention::all(self.workspace, file);
            for query in queries {
                let is_it = |it: &mention::Mention<'_>| {
                    it.range == query.range && matches!(it.subject, Subject::Query(_))
                };
                if !known.iter().any(is_it) {
                    self.keep("query", &query.text);
                }
            }
        }
    }

    /// Notes what becomes of a text that names the entity.
    fn put(&mut self, what: &'static str, old: &str, new: Option<String>, edits: Vec<FileEdit>) {
        match new.filter(|_| !edits.is_empty()) {
            Some(new) => match self.texts.iter_mut().find(|it| it.what == what && it.old == old) {
                Some(it) => it.edits.extend(edits),
                None => self.texts.push(RenamedText { what, old: old.to_owned(), new, edits }),
            },
            None if self.follows(old).is_some() => self.keep(what, old),
            None => {}
        }
    }

    /// The text in its quotes; absent where it is not written as it is read.
    fn edit(&self, file: FileId, old: &Name, new: &str) -> Option<FileEdit> {
        let written = old.range.slice(self.workspace.file(file)?.text());
        let inner = written.trim_matches(['\'', '"']);
        let text = (inner == old.text).then(|| written.replacen(inner, new, 1))?;
        Some(FileEdit { file, edit: TextEdit::replace(old.range, text) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::Fixture;

    const WORKSPACE: &str = "
#- /post.yaml
entity: Po$0st
schema: post
fields:
  title: text
actions:
  - name: publish_post
    steps:
      - update: Post SET title = 'x'
    impact:
      primary: {entity: Post, operation: UPDATE, collection: \"publishedPosts\"}
      cache_invalidations:
        - query: posts
        - query: postsByAuthor
    cdc: {enabled: true, event_type: 'PostPublished', topic: post.Post}
  - name: stop
    steps:
      - update: Post SET title = 'y'
    cdc: {enabled: true, event_type: PostStopped, topic: post.posts.all}
#- /user.yaml
entity: User
fields:
  name: text
actions:
  - name: write
    steps:
      - update: User SET name = 'x'
      - insert: Post(title = 'x')
    impact:
      primary: {entity: User, operation: UPDATE, collection: usersOfPost}
      side_effects:
        - {entity: Post, operation: CREATE, collection: changed}
    cdc:
      enabled: true
      event_type: UserPostCountChanged
      topic: post.posts.all
      side_effect_events: {Post: PostPublished}
#- /note.yaml
entity: Note
fields:
  name: text
actions:
  - name: stop_note
    steps:
      - update: Note SET name = 'x'
    cdc: {enabled: true, event_type: ArticleStopped}
";

    /// What follows, with the number of its places, and what is kept.
    fn renamed(new: &str) -> (Vec<String>, Vec<String>) {
        let it = Fixture::new(WORKSPACE);
        let found = it.analysis.rename(it.file, it.offset(), new).unwrap();
        let shown = |it: &RenamedText| {
            let texts: BTreeSet<&str> = it.edits.iter().map(|it| it.edit.text.as_str()).collect();
            assert!(texts.iter().all(|text| text.contains(&it.new)), "{texts:?}");
            format!("{} {} {} {}", it.what, it.old, it.new, it.edits.len())
        };
        (found.texts.iter().map(shown).collect(), found.kept)
    }

    /// Each in all of its places; what is about another entity, and a type that two would then have, stays.
    #[test]
    fn texts_follow_together() {
        let (texts, kept) = renamed("Article");
        assert_eq!(
            texts,
            [
                "collection publishedPosts publishedArticles 1",
                "event type PostPublished ArticlePublished 2",
                "topic post.Post post.Article 1",
                "topic post.posts.all post.articles.all 2",
            ]
        );
        assert_eq!(
            kept,
            ["action `publish_post`", "event type `PostStopped`", "query `postsByAuthor`"]
        );
        assert_eq!(renamed("Post"), (Vec::new(), Vec::new()));
    }
}
