//! How many mistakes of structure a file has by itself: what no other file can make right.

use rustc_hash::FxHashSet;
use specql_model::{
    Action, Entity, FileKind, SourceFile, Step, StepKind, Type,
    keys::{self, KeySpec, MappingSpec, Shape, Support, Visit},
};
use specql_syntax::{
    Parse,
    yaml::{Entry, Mapping, Node, NodeKind, ProblemKind},
};
use specql_text::TextRange;

use crate::Context;

/// The number of mistakes of structure in a file.
pub(super) fn count(ctx: &Context<'_>, file: &SourceFile) -> usize {
    of_values(&file.kind, file.parse()) + of_declarations(ctx, &file.kind)
}

/// Those that the values of a file of a kind show.
pub(super) fn of_values(kind: &FileKind, parse: &Parse) -> usize {
    let yaml = parse.yaml();
    let mut faults = yaml.problems.len();
    // Of two entries with one key the last one is read.
    let lost = yaml.problems.iter().filter_map(|it| match &it.kind {
        ProblemKind::DuplicateKey(_, first) => Some(*first),
        _ => None,
    });
    let lost: FxHashSet<TextRange> = lost.collect();
    if let Some(root) = keys::root_spec(kind) {
        keys::walk(root, &yaml.root, &mut |visit| {
            faults += of_visit(visit);
            if let Visit::Entry { entry, .. } = visit
                && lost.contains(&entry.key.range)
            {
                faults += unread(&entry.value);
            }
        });
    }
    faults
}

/// Those that are seen in what a file declares.
pub(super) fn of_declarations(ctx: &Context<'_>, kind: &FileKind) -> usize {
    match kind {
        FileKind::Entity(it) => of_entity(it),
        FileKind::Config(it) => {
            let is_rule = |code: &str| ctx.rules.iter().any(|it| it.code == code);
            it.rules.iter().filter(|it| !is_rule(&it.code.text)).count()
        }
        FileKind::Other => 0,
    }
}

/// The entries of a file, and the texts in its lists, however they are read.
pub(super) fn entries(parse: &Parse) -> usize {
    fn of(node: &Node) -> usize {
        match &node.kind {
            NodeKind::Mapping(it) => it.entries.iter().map(|it| 1 + of(&it.value)).sum(),
            NodeKind::Sequence(it) => {
                it.items.iter().map(|it| of(it) + usize::from(it.as_scalar().is_some())).sum()
            }
            NodeKind::Missing | NodeKind::Scalar(_) => 0,
        }
    }
    of(&parse.yaml().root)
}

fn of_visit(visit: Visit<'_>) -> usize {
    match visit {
        Visit::Mapping { spec, mapping, .. } => missing(spec, mapping),
        Visit::Entry { spec, entry, key: None } if is_unknown(spec, entry) => {
            1 + unread(&entry.value)
        }
        Visit::Entry { key: None, .. } => 0,
        Visit::Entry { entry, key: Some(key), .. } if key.support == Support::Full => {
            usize::from(is_empty_block(key, entry))
        }
        // All that the upstream generator reads are blocks: a word behind such a key belongs elsewhere.
        Visit::Entry { entry, key: Some(key), .. } if key.support == Support::Upstream => {
            let is_read = keys::mapping_of(key.shapes).is_some();
            let unread = if is_read { 0 } else { unread(&entry.value) };
            unread + usize::from(entry.value.as_scalar().is_some())
        }
        Visit::Entry { entry, .. } => unread(&entry.value),
        Visit::Value { fits: true, .. } => 0,
        Visit::Value { shapes, node, .. } => {
            let is_entered = match &node.kind {
                NodeKind::Mapping(_) => keys::mapping_of(shapes).is_some(),
                NodeKind::Sequence(_) => keys::items_of(shapes).is_some(),
                NodeKind::Missing | NodeKind::Scalar(_) => true,
            };
            1 + if is_entered { 0 } else { unread(node) }
        }
    }
}

/// The entries of a value that nobody reads: none is better there than where it is.
fn unread(node: &Node) -> usize {
    match &node.kind {
        NodeKind::Mapping(it) => it.entries.iter().map(|it| 1 + unread(&it.value)).sum(),
        NodeKind::Sequence(it) => it.items.iter().map(|it| 1 + unread(it)).sum(),
        NodeKind::Missing | NodeKind::Scalar(_) => 0,
    }
}

/// The keys that a mapping lacks.
fn missing(spec: &'static MappingSpec, mapping: &Mapping) -> usize {
    let is_there = |key: &KeySpec| {
        let mut spellings = std::iter::once(&key.name).chain(key.aliases);
        spellings.any(|it| mapping.get(it).is_some_and(|it| !it.value.is_null()))
    };
    spec.keys.iter().filter(|it| it.required && !is_there(it)).count()
}

fn is_unknown(spec: &'static MappingSpec, entry: &Entry) -> bool {
    // A step without a known keyword counts as a whole.
    let is_step = std::ptr::eq(spec, &raw const keys::STEP);
    spec.open.is_none() && !is_step && !entry.merged && !entry.key.text.starts_with("x-")
}

/// A key of a block behind which nothing stands.
fn is_empty_block(key: &KeySpec, entry: &Entry) -> bool {
    entry.value.is_null() && !key.shapes.iter().any(Shape::accepts_scalar)
}

fn of_entity(entity: &Entity) -> usize {
    let fields = entity.fields.iter().filter(|it| !it.problems.is_empty() || is_no_type(&it.ty));
    fields.count() + entity.actions.iter().map(of_action).sum::<usize>()
}

fn is_no_type(ty: &Type) -> bool {
    match ty {
        Type::Unknown(_) | Type::Missing => true,
        Type::List(item) => is_no_type(item),
        _ => false,
    }
}

fn of_action(action: &Action) -> usize {
    let does_nothing =
        action.steps_key.is_none() && action.pattern.is_none() && action.impact.is_some();
    let mut faults = usize::from(does_nothing);
    faults += action.parameters.iter().filter(|it| is_no_type(&it.ty)).count();
    for step in &action.steps {
        step.walk(&mut |it| faults += usize::from(is_unread(it)));
    }
    faults
}

/// A step that is none, or that has nothing to do.
fn is_unread(step: &Step) -> bool {
    let is_empty = match &step.kind {
        StepKind::Unknown => true,
        StepKind::If { then, .. } => then.is_empty(),
        StepKind::ForEach { body, .. } => body.is_empty(),
        StepKind::Switch { cases, .. } => cases.is_empty(),
        _ => false,
    };
    is_empty || !step.problems.is_empty()
}
