//! The cursor in its file: the text with a word at the cursor, and what surrounds it.

use specql_model::{
    Action, ActionId, Effect, Entity, EntityId, FileKind, ImpactEntry, Resolution, SourceFile, Step,
    Workspace,
    keys::{self, Level, Place, PlaceKind},
};
use specql_syntax::{edit::Value, yaml::Scalar};
use specql_text::TextRange;

use crate::scope::{self, Scope};

use super::tokens;

/// The word that stands for what will be typed; no author's file has it.
const MARK: &str = "specqlCompletionMark";

/// A file with a word at the cursor.
pub(super) struct Marked {
    file: SourceFile,
    offset: u32,
}

/// Everything a proposal depends on.
pub(super) struct Context<'a> {
    pub(super) workspace: &'a Workspace,
    /// The file as it is.
    pub(super) file: &'a SourceFile,
    /// The file with the mark.
    marked: &'a SourceFile,
    /// The cursor.
    pub(super) offset: u32,
    /// What a proposal replaces, in the file as it is.
    pub(super) replaced: TextRange,
    /// Where the mark stands.
    pub(super) place: Place<'a>,
}

impl Marked {
    /// Absent when the offset is not in the text.
    pub(super) fn new(file: &SourceFile, offset: u32) -> Option<Self> {
        let (before, after) = file.text().split_at_checked(offset as usize)?;
        let text = [before, MARK, after].concat();
        Some(Self { file: SourceFile::new(file.id, file.path.clone(), text), offset })
    }
}

impl<'a> Context<'a> {
    /// Absent where nothing can be proposed: in a comment, and in a file that is none of ours.
    pub(super) fn new(
        workspace: &'a Workspace,
        file: &'a SourceFile,
        marked: &'a Marked,
    ) -> Option<Self> {
        let Marked { file: marked, offset } = marked;
        let yaml = marked.parse.yaml();
        if yaml.comments.iter().any(|it| it.contains(*offset)) {
            return None;
        }
        // A file that says nothing yet may become an entity file.
        let is_new = || yaml.root.as_mapping().is_none_or(|it| it.entries.len() == 1);
        let root = match keys::root_spec(&marked.kind) {
            Some(it) => it,
            None if is_new() => &keys::ENTITY_FILE,
            None => return None,
        };
        let place = keys::place_at(root, yaml, marked.text(), *offset);
        Some(Self {
            workspace,
            file,
            marked,
            offset: *offset,
            replaced: tokens::name_range(file.text(), *offset),
            place,
        })
        .filter(Self::holds_mark)
    }

    /// Whether the mark is a word of its own or a part of one, not a piece of punctuation's neighbour
    /// that the grammar passed over.
    fn holds_mark(&self) -> bool {
        match self.place.kind {
            PlaceKind::Key => self
                .place
                .innermost()
                .is_some_and(|it| it.entry.is_none_or(|it| it.key.text.contains(MARK))),
            PlaceKind::Value { node, .. } => {
                node.and_then(|it| it.as_scalar()).is_some_and(|it| it.text.contains(MARK))
            }
            PlaceKind::Outside => false,
        }
    }

    /// A colon follows the word, so a key is completed without one.
    pub(super) fn has_colon(&self) -> bool {
        let after = self.file.text().get(self.replaced.end() as usize..).unwrap_or_default();
        after.starts_with(':')
    }

    /// The innermost mapping is written with braces.
    pub(super) fn in_flow(&self) -> bool {
        self.level().and_then(|it| it.mapping).is_some_and(|it| it.flow)
    }

    /// How far the word is from the first character of its line: 2 behind a dash.
    pub(super) fn column_in_line(&self) -> usize {
        let before = self.file.text().get(..self.replaced.start() as usize).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        line.trim_start().len()
    }

    /// The text of a scalar up to the cursor.
    pub(super) fn before<'b>(&self, scalar: &'b Scalar) -> &'b str {
        scalar.text.split_once(MARK).map_or("", |it| it.0)
    }

    /// The innermost mapping.
    pub(super) fn level(&self) -> Option<&Level<'a>> {
        self.place.levels.last()
    }

    /// The entity of the file.
    pub(super) fn own(&self) -> EntityId {
        EntityId(self.file.id)
    }

    /// What the file with the mark declares.
    fn declared(&self) -> Option<&'a Entity> {
        match &self.marked.kind {
            FileKind::Entity(it) => Some(it),
            FileKind::Config(_) | FileKind::Other => None,
        }
    }

    /// The action around the cursor. Its number is the one it has without the mark.
    pub(super) fn numbered_action(&self) -> Option<(ActionId, &'a Action)> {
        let entity = self.own();
        let actions = (0..).zip(&self.declared()?.actions);
        let around = actions.filter(|(_, it)| it.range.touches(self.offset)).last();
        around.map(|(index, it)| (ActionId { entity, index }, it))
    }

    /// The action around the cursor.
    pub(super) fn action(&self) -> Option<&'a Action> {
        self.numbered_action().map(|it| it.1)
    }

    /// The innermost step around the cursor.
    pub(super) fn step(&self) -> Option<&'a Step> {
        let mut res = None;
        for step in &self.action()?.steps {
            step.walk(&mut |it| {
                if it.range.touches(self.offset) {
                    res = Some(it);
                }
            });
        }
        res
    }

    /// The entry of `impact` around the cursor.
    pub(super) fn impact_entry(&self) -> Option<&'a ImpactEntry> {
        let impact = self.action()?.impact.as_ref()?;
        impact
            .primary
            .iter()
            .chain(&impact.side_effects)
            .find(|it| it.range.touches(self.offset))
    }

    /// What the action writes, by its steps as they were before the mark.
    pub(super) fn effects(&self) -> &'a [Effect] {
        self.numbered_action().map_or(&[], |(id, _)| self.workspace.effects(id))
    }

    /// The `impact` block that follows from the steps.
    pub(super) fn impact_from_steps(&self) -> Option<Value> {
        let (id, _) = self.numbered_action()?;
        crate::block::impact(self.workspace, id)
    }

    /// The `cdc` block that follows from the impact, else from the steps.
    pub(super) fn event_from_steps(&self) -> Option<Value> {
        let (id, action) = self.numbered_action()?;
        crate::block::cdc(self.workspace, id, action)
    }

    /// The entities that the impact block of the action lists.
    pub(super) fn listed_entities(&self) -> Vec<EntityId> {
        let impact = self.action().and_then(|it| it.impact.as_ref());
        let entries = impact.into_iter().flat_map(|it| it.primary.iter().chain(&it.side_effects));
        entries
            .filter_map(|it| it.entity.as_ref())
            .filter_map(|it| scope::entity_named(self.workspace, self.file.id, &it.text).found())
            .collect()
    }

    /// The items of the list around the cursor, without the one that is typed.
    pub(super) fn listed(&self) -> Vec<&'a str> {
        let list = self.level().and_then(|it| it.entry?.value.as_sequence());
        let items = list.into_iter().flat_map(|it| &it.items);
        items
            .filter_map(|it| Some(it.as_scalar()?.text.as_str()))
            .filter(|it| !it.contains(MARK))
            .collect()
    }

    /// The field around the cursor, as it is typed.
    pub(super) fn field(&self) -> Option<&'a specql_model::Field> {
        self.declared()?.fields.iter().find(|it| it.range.touches(self.offset))
    }

    /// The names that mean something in an expression at the cursor; bare names are fields of the
    /// written entity inside a write, else of the file's entity.
    pub(super) fn scope(&self) -> Scope<'a> {
        let scope = match self.numbered_action() {
            Some((id, action)) => {
                Scope::of_action(self.workspace, self.own(), action, id.index, self.offset)
            }
            None => Scope::of_entity(self.workspace, self.own()),
        };
        match self.written() {
            Some(row) => scope.on_rows_of(row),
            None => scope,
        }
    }

    /// The entity that the step around the cursor writes or reads; `Some(None)` when its name means
    /// nothing.
    pub(super) fn written(&self) -> Option<Option<EntityId>> {
        let step = self.step()?;
        let write = step.write().or(match &step.kind {
            specql_model::StepKind::Find { write, .. } => Some(write),
            _ => None,
        })?;
        let entity = write.entity.as_ref()?;
        Some(match self.workspace.resolve(self.file.id, entity) {
            Resolution::Found(id) => Some(id),
            Resolution::Ambiguous(_) | Resolution::Unknown => None,
        })
    }

    /// The entity whose fields a list of fields means: that of the impact entry or step around it,
    /// the aggregate in `cdc`, else that of the file.
    pub(super) fn field_owner(&self) -> Option<EntityId> {
        if let Some(entry) = self.impact_entry() {
            return match &entry.entity {
                Some(it) => match scope::entity_named(self.workspace, self.file.id, &it.text) {
                    Resolution::Found(id) => Some(id),
                    Resolution::Ambiguous(_) | Resolution::Unknown => None,
                },
                None => Some(self.own()),
            };
        }
        if let Some(written) = self.written() {
            return written;
        }
        match self.action() {
            Some(action) => scope::aggregate(self.workspace, self.own(), action),
            None => Some(self.own()),
        }
    }
}
