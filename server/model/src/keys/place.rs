//! Where in the vocabulary an offset of a file is, also in a file that is half typed: a cursor on a
//! blank line belongs to the block that its indentation says.

use specql_syntax::yaml::{Entry, Mapping, Node, NodeKind, Sequence, Yaml};

use super::{KeySpec, MappingSpec, Shape, items_of, mapping_of};

/// A place in a file.
#[derive(Debug, Clone)]
pub struct Place<'a> {
    /// The mappings around the place, from the root to the innermost.
    pub levels: Vec<Level<'a>>,
    /// What stands there, or can be typed there.
    pub kind: PlaceKind<'a>,
}

/// A mapping around a place.
#[derive(Debug, Clone, Copy)]
pub struct Level<'a> {
    /// Its keys.
    pub spec: &'static MappingSpec,
    /// The mapping; absent while nothing of it is typed.
    pub mapping: Option<&'a Mapping>,
    /// The entry whose key or value the place is in; absent where a new key can be typed.
    pub entry: Option<&'a Entry>,
    /// What the vocabulary says about that entry's key.
    pub key: Option<&'static KeySpec>,
}

/// What stands at a place.
#[derive(Debug, Clone, Copy)]
pub enum PlaceKind<'a> {
    /// A key of the innermost mapping, or room for one.
    Key,
    /// A value, or room for one.
    Value {
        /// What may stand there.
        shapes: &'static [Shape],
        /// What does; absent between the items of a list.
        node: Option<&'a Node>,
    },
    /// Something that the vocabulary does not reach.
    Outside,
}

impl Place<'_> {
    /// The innermost mapping.
    #[must_use]
    pub fn innermost(&self) -> Option<&Level<'_>> {
        self.levels.last()
    }

    /// The innermost mapping of a kind, with its distance from the innermost of all.
    #[must_use]
    pub fn enclosing(&self, spec: &'static MappingSpec) -> Option<&Level<'_>> {
        self.levels.iter().rev().find(|it| std::ptr::eq(it.spec, spec))
    }
}

/// The place of an offset.
#[must_use]
pub fn place_at<'a>(
    root: &'static MappingSpec,
    yaml: &'a Yaml,
    text: &str,
    offset: u32,
) -> Place<'a> {
    let mut finder = Finder { text, offset, levels: Vec::new() };
    let kind = match &yaml.root.kind {
        NodeKind::Mapping(mapping) => finder.mapping(root.for_node(&yaml.root), mapping),
        NodeKind::Missing | NodeKind::Scalar(_) => finder.untyped(root),
        NodeKind::Sequence(_) => PlaceKind::Outside,
    };
    Place { levels: finder.levels, kind }
}

struct Finder<'a, 't> {
    text: &'t str,
    offset: u32,
    levels: Vec<Level<'a>>,
}

impl<'a> Finder<'a, '_> {
    /// A mapping of which nothing is typed yet.
    fn untyped(&mut self, spec: &'static MappingSpec) -> PlaceKind<'a> {
        self.levels.push(Level { spec, mapping: None, entry: None, key: None });
        PlaceKind::Key
    }

    fn mapping(&mut self, spec: &'static MappingSpec, mapping: &'a Mapping) -> PlaceKind<'a> {
        let entry = self.entry_at(mapping);
        let key = entry.and_then(|it| spec.key(&it.key.text));
        self.levels.push(Level { spec, mapping: Some(mapping), entry, key });
        let Some(entry) = entry else { return PlaceKind::Key };
        if entry.key.range.touches(self.offset) {
            return PlaceKind::Key;
        }
        let shapes = spec.shapes_of(&entry.key.text);
        let below = self.line_start(entry.key.range.start()) != self.line_start(self.offset)
            && self.line_start(entry.value.range.start())
                != self.line_start(entry.key.range.start());
        let missing_below = matches!(entry.value.kind, NodeKind::Missing)
            && self.line_start(entry.key.range.start()) != self.line_start(self.offset);
        self.value(shapes, &entry.value, below || missing_below)
    }

    /// The entry whose key or value the place is in.
    fn entry_at(&self, mapping: &'a Mapping) -> Option<&'a Entry> {
        let entry = mapping
            .entries
            .iter()
            .filter(|it| !it.merged && it.key.range.start() <= self.offset)
            .max_by_key(|it| it.key.range.start())?;
        if entry.key.range.touches(self.offset) {
            return Some(entry);
        }
        let inside = if mapping.flow {
            entry.range.touches(self.offset) || !self.between(entry.range.end()).contains(',')
        } else {
            self.is_below(entry)
        };
        inside.then_some(entry)
    }

    /// Whether the place is in the value of an entry in block style: behind its colon, inside its
    /// scalar, or on a line that is indented deeper.
    fn is_below(&self, entry: &Entry) -> bool {
        let key_line = self.line_start(entry.key.range.start());
        if key_line == self.line_start(self.offset) {
            return !entry.missing_colon;
        }
        let value = &entry.value;
        if value.as_scalar().is_some() && value.range.touches(self.offset) {
            return true;
        }
        let key_column = entry.key.range.start() - key_line;
        let column = self.column();
        if column == key_column && value.as_sequence().is_some_and(|it| !it.flow) {
            // A list may stand at the column of its key; then the dash says where the line belongs.
            return self.has_dash() || value.range.contains(self.offset) && !self.is_blank();
        }
        column > key_column
    }

    fn value(
        &mut self,
        shapes: &'static [Shape],
        node: &'a Node,
        may_be_key: bool,
    ) -> PlaceKind<'a> {
        if shapes.is_empty() {
            return PlaceKind::Outside;
        }
        match (&node.kind, mapping_of(shapes), items_of(shapes)) {
            (NodeKind::Mapping(it), Some(spec), _) => self.mapping(spec.for_node(node), it),
            (NodeKind::Sequence(it), _, Some(items)) => self.sequence(shapes, items, it),
            (NodeKind::Mapping(_) | NodeKind::Sequence(_), ..) => PlaceKind::Outside,
            (NodeKind::Missing | NodeKind::Scalar(_), Some(spec), _) if may_be_key => {
                self.untyped(spec)
            }
            (NodeKind::Missing, _, Some(items)) if self.has_dash() => self.item(items, node),
            (NodeKind::Missing | NodeKind::Scalar(_), ..) => {
                PlaceKind::Value { shapes, node: Some(node) }
            }
        }
    }

    fn sequence(
        &mut self,
        shapes: &'static [Shape],
        items: &'static [Shape],
        sequence: &'a Sequence,
    ) -> PlaceKind<'a> {
        if sequence.flow {
            return match sequence.items.iter().find(|it| it.range.touches(self.offset)) {
                Some(item) => self.value(items, item, false),
                None => PlaceKind::Value { shapes: items, node: None },
            };
        }
        let started = sequence
            .items
            .iter()
            .filter_map(|it| Some((self.dash_before(it)?, it)))
            .take_while(|(dash, _)| *dash <= self.offset)
            .last();
        let Some((dash, item)) = started else { return PlaceKind::Value { shapes, node: None } };
        let dash_line = self.line_start(dash);
        let inside = dash_line == self.line_start(self.offset)
            || self.column() > dash - dash_line
            || item.as_scalar().is_some() && item.range.touches(self.offset);
        if inside { self.item(items, item) } else { PlaceKind::Value { shapes, node: None } }
    }

    /// An item: where a mapping can stand, a bare word is a key that is being typed.
    fn item(&mut self, items: &'static [Shape], item: &'a Node) -> PlaceKind<'a> {
        self.value(items, item, true)
    }

    /// The dash of an item in block style.
    fn dash_before(&self, item: &Node) -> Option<u32> {
        let before = self.text.get(..item.range.start() as usize)?.trim_end();
        if before.ends_with('-') {
            return u32::try_from(before.len() - 1).ok();
        }
        // Behind the dash stands an anchor or a comment: the dash opens its line.
        let mut lines = before.rmatch_indices('\n').map(|it| it.0 + 1).chain([0]);
        lines.find_map(|start| {
            let line = before.get(start..)?.lines().next()?;
            let trimmed = line.trim_start();
            let dash = u32::try_from(start + line.len() - trimmed.len()).ok()?;
            trimmed.starts_with('-').then_some(dash)
        })
    }

    fn between(&self, start: u32) -> &str {
        self.text.get(start as usize..self.offset as usize).unwrap_or_default()
    }

    fn line_start(&self, offset: u32) -> u32 {
        let before = self.text.get(..offset as usize).unwrap_or_default();
        before.rfind('\n').map_or(0, |it| u32::try_from(it + 1).unwrap_or(u32::MAX))
    }

    /// The line of the place up to the place.
    fn line(&self) -> &str {
        self.between(self.line_start(self.offset))
    }

    fn is_blank(&self) -> bool {
        self.line().trim().is_empty()
    }

    fn has_dash(&self) -> bool {
        self.line().trim_start().starts_with('-')
    }

    /// The indentation of the line, on a blank line up to the place.
    fn column(&self) -> u32 {
        let line = self.line();
        u32::try_from(line.len() - line.trim_start().len()).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests;
