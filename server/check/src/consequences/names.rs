//! What follows where a name is the mistake: an entity that a step names for another one, a field that is
//! declared with a slip or in the wrong place, a variable with the name of something else.

use rustc_hash::{FxHashMap, FxHashSet};
use specql_model::{Action, EntityId, FileId, Step, names::is_word, said_twice};
use specql_text::TextRange;
use thin_vec::thin_vec;

use super::{Places, of_code, proposed, ranges};
use crate::{
    Context, Diagnostic, Level, Related,
    rules::{self, unknown_field, unknown_key, unknown_variable},
    variables,
};

/// The names of a file that are mistakes, with what follows from each.
pub(super) struct Names<'a> {
    wrong: WrongEntities<'a>,
    taken: Taken<'a>,
    outside: FxHashSet<&'a str>,
    misdeclared: Misdeclared<'a>,
    /// The places of names that can be none.
    invalid: FxHashSet<TextRange>,
    /// The places of names that no field has, or another one has as well.
    unknown: FxHashSet<TextRange>,
}

impl<'a> Names<'a> {
    pub(super) fn of(ctx: &Context<'a>, found: &[Diagnostic], actions: &Places) -> Self {
        Self {
            wrong: WrongEntities::of(ctx, found),
            taken: taken_names(ctx, found, actions),
            outside: fields_outside(ctx, found),
            misdeclared: Misdeclared::of(ctx, found),
            invalid: ranges(found, rules::invalid_name::RULE.code),
            unknown: ranges(found, unknown_field::RULE.code)
                .into_iter()
                .chain(ranges(found, rules::name_collision::RULE.code))
                .collect(),
        }
    }

    pub(super) fn send_to_declarations(&self, ctx: &Context<'_>, found: &mut Vec<Diagnostic>) {
        if !self.misdeclared.0.is_empty() {
            self.misdeclared.send_to_declarations(ctx, found);
        }
    }

    pub(super) fn explains(&self, ctx: &Context<'_>, actions: &Places, it: &Diagnostic) -> bool {
        let written = || ctx.slice(it.range).trim_matches(['"', '\'']);
        let is_unnamed = || {
            let mut related = it.related.iter().filter(|it| it.file == ctx.id());
            related.any(|it| self.invalid.contains(&it.range))
        };
        self.wrong.explains(ctx, actions, it)
            || self.misdeclared.explains(ctx, it)
            || (it.code == rules::naming::RULE.code && self.unknown.contains(&it.range))
            || (OF_NAMES.contains(&it.code) && self.outside.contains(written()))
            || is_of_taken(ctx, &self.taken, actions, it)
            || (it.code == rules::unknown_action::RULE.code && is_lost(ctx, written()))
            || (it.code == rules::missing_required_field::RULE.code && is_unnamed())
            || (it.code == rules::naming::RULE.code && self.invalid.contains(&it.range))
    }
}

/// Whether a name is that of an action in a file of which nobody can read what it declares.
fn is_lost(ctx: &Context<'_>, name: &str) -> bool {
    let is_written = || ctx.workspace.is_lost_action(name) || ctx.workspace.is_lost_action("");
    ctx.workspace.actions_named(name).is_empty() && is_written()
}

/// Names that steps give to what has one already, by the action.
type Taken<'a> = FxHashMap<Option<TextRange>, Vec<&'a str>>;

fn taken_names<'a>(ctx: &Context<'a>, found: &[Diagnostic], actions: &Places) -> Taken<'a> {
    let mut res = Taken::default();
    for it in of_code(found, rules::shadowed_name::RULE.code).filter(|it| is_name(ctx, it)) {
        let name = ctx.slice(it.range).trim_matches(['"', '\'']);
        res.entry(actions.around(it.range)).or_default().push(name);
    }
    res
}

/// Whether a finding is about one name, and not about a comparison.
fn is_name(ctx: &Context<'_>, it: &Diagnostic) -> bool {
    is_word(ctx.slice(it.range).trim_matches(['"', '\'']))
}

/// What follows where a step stores something under the name of another thing: the name that was meant leads
/// nowhere, and the other one means two things.
fn is_of_taken(ctx: &Context<'_>, taken: &Taken<'_>, actions: &Places, it: &Diagnostic) -> bool {
    let names = || taken.get(&actions.around(it.range));
    match it.code {
        _ if taken.is_empty() => false,
        "unknown-field" | "unknown-variable" => {
            names().is_some_and(|names| proposed(it).is_none_or(|it| names.contains(&it)))
        }
        "type-mismatch" => names().is_some_and(|names| {
            let written = ctx.slice(it.range);
            let mut words = written.split(|it: char| !it.is_alphanumeric() && it != '_');
            words.any(|word| names.contains(&word))
        }),
        _ => false,
    }
}

/// What stands beside `fields` and was meant to be one of them.
fn fields_outside<'a>(ctx: &Context<'a>, found: &[Diagnostic]) -> FxHashSet<&'a str> {
    let root = &ctx.file.parse().yaml().root;
    let entries = root.as_mapping().map(|it| it.entries.as_slice()).unwrap_or_default();
    let unknown = ranges(found, unknown_key::RULE.code);
    if unknown.is_empty() || ctx.entity().is_none() {
        return FxHashSet::default();
    }
    let outside = entries.iter().filter(|it| unknown.contains(&it.key.range));
    outside.map(|it| ctx.slice(it.key.range).trim_matches(['"', '\''])).collect()
}

/// Fields whose declarations are misspelt, or can be no names, by the file that declares them: the name that
/// is meant, and the declared one.
struct Misdeclared<'a>(FxHashMap<FileId, Vec<(&'a str, &'a str)>>);

impl<'a> Misdeclared<'a> {
    fn of(ctx: &Context<'a>, found: &[Diagnostic]) -> Self {
        let mut res: FxHashMap<FileId, Vec<(&str, &str)>> = FxHashMap::default();
        for it in found.iter().filter(|it| OF_NAMES.contains(&it.code)) {
            for file in it.related.iter().map(|it| it.file).chain([ctx.id()]) {
                res.entry(file).or_insert_with(|| unknown_field::misdeclared(ctx, file));
            }
        }
        Self(res)
    }

    /// Whether a name is unknown only because its field is declared with a slip.
    fn explains(&self, ctx: &Context<'_>, it: &Diagnostic) -> bool {
        // Who uses a field of another file is told when it goes, unless no name can reach it.
        self.meant(ctx, it)
            .is_some_and(|(file, _, declared)| file == ctx.id() || !is_word(declared))
    }

    /// The field that an unknown name means, declared with a slip: its file, what it is called, and how it is
    /// declared.
    fn meant(&self, ctx: &Context<'_>, it: &Diagnostic) -> Option<(FileId, &'a str, &'a str)> {
        let is_of_input = it.code == unknown_variable::RULE.code;
        if self.0.is_empty() || !(is_of_input || OF_NAMES.contains(&it.code)) {
            return None;
        }
        let written = ctx.slice(it.range).trim_matches(['"', '\'']);
        let name = written.rsplit('.').next().unwrap_or_default();
        let mut files = it.related.iter().map(|it| it.file).chain([ctx.id()]);
        files.find_map(|file| {
            let fields = self.0.get(&file).map(Vec::as_slice).unwrap_or_default();
            let is_it = |declared: &str| {
                proposed(it) == Some(declared) || said_twice(declared) == Some(name)
            };
            let field = fields.iter().find(|(said, declared)| *said == name && is_it(declared));
            field.map(|(said, declared)| (file, *said, *declared))
        })
    }

    /// Of the places that use a field of another file the first one says that its declaration is the slip.
    fn send_to_declarations(&self, ctx: &Context<'_>, found: &mut Vec<Diagnostic>) {
        let mut told = FxHashSet::default();
        found.retain_mut(|it| {
            let Some((file, said, declared)) = self.meant(ctx, it) else { return true };
            let Some(entity) = ctx.workspace.entity(EntityId(file)) else { return true };
            let Some(field) = entity.field(declared) else { return true };
            it.message = format!(
                "`{}` declares `{declared}`, and its own actions call it `{said}`, as this does; mend the declaration",
                entity.name.text
            );
            it.help = None;
            it.fixes.clear();
            it.related = thin_vec![Related {
                file,
                range: field.name.range,
                message: "the declaration".to_owned(),
            }];
            told.insert((file, declared))
        });
    }
}

/// Steps that write another entity than is meant.
#[derive(Default)]
struct WrongEntities<'a> {
    steps: Places,
    /// By the action, the names of the entities that are written and of those that are meant.
    names: FxHashMap<TextRange, FxHashSet<&'a str>>,
    /// By the action, the names that such steps give to their rows.
    stored: FxHashMap<TextRange, FxHashSet<&'a str>>,
}

impl<'a> WrongEntities<'a> {
    fn of(ctx: &Context<'a>, found: &[Diagnostic]) -> Self {
        let mut steps = Vec::new();
        let mut names: FxHashMap<TextRange, FxHashSet<&str>> = FxHashMap::default();
        let mut stored: FxHashMap<TextRange, FxHashSet<&str>> = FxHashMap::default();
        let unknown = ranges(found, unknown_field::RULE.code);
        let mut visit = |id, action: &'a Action, step: &'a Step| {
            let Some(at) = step.write().and_then(|it| Some(it.entity.as_ref()?.name.range)) else {
                return;
            };
            if unknown.contains(&at)
                && let Some((wrong, meant)) = unknown_field::meant_entity(ctx, id, action, step)
            {
                steps.push(step.range);
                let both = [wrong.name.as_str(), meant.name.as_str()];
                names.entry(action.range).or_default().extend(both);
                let stores = variables::given(step).map(|it| it.text.as_str());
                stored.entry(action.range).or_default().extend(stores);
            }
        };
        if !unknown.is_empty() {
            for (id, action) in ctx.actions() {
                for step in &action.steps {
                    step.walk(&mut |step| visit(id, action, step));
                }
            }
        }
        Self { steps: Places::of(steps), names, stored }
    }

    /// What is said of such a step, and of what its action declares of the two entities.
    fn explains(&self, ctx: &Context<'_>, actions: &Places, it: &Diagnostic) -> bool {
        if self.names.is_empty() {
            return false;
        }
        let names = || self.names.get(&actions.around(it.range)?);
        match it.code {
            "phantom-side-effect" | "never-consumed-side-effect-event" | "no-effect" => {
                let written = ctx.slice(it.range).trim_matches(['"', '\'']);
                let name = written.rsplit('.').next().unwrap_or_default();
                names().is_some_and(|it| it.contains(name))
            }
            "no-side-effects-to-include" => names().is_some(),
            "type-mismatch" if self.is_of_stored(ctx, actions, it) => true,
            "missing-side-effect"
            | "unbounded-write"
            | "ambiguous-row"
            | "field-not-declared"
            | "missing-required-field"
            | "type-mismatch"
            | "unknown-enum-value" => self.steps.around(it.range).is_some(),
            _ => false,
        }
    }
}

impl WrongEntities<'_> {
    /// Whether a finding is of the row that such a step stores.
    fn is_of_stored(&self, ctx: &Context<'_>, actions: &Places, it: &Diagnostic) -> bool {
        let first = ctx.slice(it.range).split('.').next().unwrap_or_default();
        let stored = actions.around(it.range).and_then(|it| self.stored.get(&it));
        stored.is_some_and(|it| it.contains(first))
    }
}

/// What is said of a name that is a field's.
const OF_NAMES: &[&str] = &[
    "unknown-field",
    "unknown-impact-field",
    "unknown-payload-field",
    "unknown-audit-field",
    "unknown-relation",
    "invalidation-filter",
];

/// Whether a finding is of a `cdc` block in which something is not read.
pub(super) fn is_of_unread_cdc(
    ctx: &Context<'_>,
    shapes: &FxHashMap<TextRange, Level>,
    it: &Diagnostic,
) -> bool {
    let range = it.range;
    if shapes.is_empty() || it.code != rules::sensitive_payload::RULE.code {
        return false;
    }
    let mut blocks = ctx.actions().filter_map(|it| it.1.cdc.as_deref());
    let block = blocks.find(|it| it.key == range || it.range.contains_range(range));
    block.is_some_and(|block| shapes.keys().any(|it| block.range.contains_range(*it)))
}
