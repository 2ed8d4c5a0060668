//! Every rule, in the order of the index, and the run over a file or a workspace.

use std::{cmp::Reverse, sync::LazyLock};

use rustc_hash::FxHashMap;
use specql_model::{FileId, SourceFile, Workspace};

use crate::{
    Context, Diagnostic, Level, Rule, consequences, facts::Facts, index::Index, levels::configured,
    rules, slips, suppression::suppressions,
};

/// Every rule, in the order of the index. The last two read the findings of those before them.
pub const RULES: &[Rule] = &[
    rules::invalid_yaml::RULE,
    rules::unreadable_file::RULE,
    rules::duplicate_key::RULE,
    rules::multiple_documents::RULE,
    rules::unsupported_yaml::RULE,
    rules::yaml_1_1_trap::RULE,
    rules::invisible_character::RULE,
    rules::missing_entity::RULE,
    rules::unknown_key::RULE,
    rules::wrong_shape::RULE,
    rules::missing_key::RULE,
    rules::duplicate_entity::RULE,
    rules::duplicate_action::RULE,
    rules::naming::RULE,
    rules::invalid_name::RULE,
    rules::name_collision::RULE,
    rules::legacy_impacts::RULE,
    rules::unknown_type::RULE,
    rules::invalid_type::RULE,
    rules::postgres_type::RULE,
    rules::reserved_field::RULE,
    rules::unknown_entity::RULE,
    rules::ambiguous_entity::RULE,
    rules::unknown_enum_value::RULE,
    rules::duplicate_enum_value::RULE,
    rules::invalid_default::RULE,
    rules::lost_nullability::RULE,
    rules::unknown_step::RULE,
    rules::invalid_statement::RULE,
    rules::unknown_field::RULE,
    rules::type_mismatch::RULE,
    rules::unknown_function::RULE,
    rules::unknown_variable::RULE,
    rules::unknown_sql_name::RULE,
    rules::shadowed_name::RULE,
    rules::unused_parameter::RULE,
    rules::unknown_action::RULE,
    rules::recursive_call::RULE,
    rules::unreachable_step::RULE,
    rules::missing_required_field::RULE,
    rules::assigns_built_in::RULE,
    rules::duplicate_assignment::RULE,
    rules::missing_conflict_target::RULE,
    rules::unbounded_write::RULE,
    rules::ambiguous_row::RULE,
    rules::ignored_steps::RULE,
    rules::not_generated::RULE,
    rules::unknown_operation::RULE,
    rules::unknown_strategy::RULE,
    rules::unknown_word::RULE,
    rules::unknown_impact_field::RULE,
    rules::unknown_relation::RULE,
    rules::invalidation_filter::RULE,
    rules::unsafe_optimistic::RULE,
    rules::missing_impact::RULE,
    rules::missing_side_effect::RULE,
    rules::phantom_side_effect::RULE,
    rules::conditional_effect::RULE,
    rules::primary_not_own_entity::RULE,
    rules::operation_mismatch::RULE,
    rules::field_not_written::RULE,
    rules::field_not_declared::RULE,
    rules::duplicate_impact::RULE,
    rules::fields_on_delete::RULE,
    rules::collection_conflict::RULE,
    rules::cdc_without_impact::RULE,
    rules::cdc_disabled::RULE,
    rules::event_type_name::RULE,
    rules::event_operation_mismatch::RULE,
    rules::duplicate_event_type::RULE,
    rules::event_schema_changed::RULE,
    rules::unknown_payload_field::RULE,
    rules::unstable_partition_key::RULE,
    rules::sensitive_payload::RULE,
    rules::invalid_topic::RULE,
    rules::event_for_conditional_effect::RULE,
    rules::never_consumed_side_effect_event::RULE,
    rules::no_side_effects_to_include::RULE,
    rules::unknown_audit_field::RULE,
    rules::audit_excludes_all::RULE,
    rules::cascade_storage::RULE,
    rules::retention_format::RULE,
    rules::no_effect::RULE,
    rules::invalid_config::RULE,
    rules::compat::RULE,
    rules::event_repeats_cascade::RULE,
    rules::unpublished_change::RULE,
    rules::unaudited_delete::RULE,
    rules::large_cascade::RULE,
    rules::query_as_action::RULE,
    rules::spans_schemas::RULE,
    rules::constant_condition::RULE,
    rules::unused_suppression::RULE,
];

/// The rule with a code. Each finding and each entry of the configuration asks for one.
#[must_use]
pub fn rule(code: &str) -> Option<&'static Rule> {
    static BY_CODE: LazyLock<FxHashMap<&'static str, &'static Rule>> =
        LazyLock::new(|| RULES.iter().map(|it| (it.code, it)).collect());
    BY_CODE.get(code).copied()
}

/// Every finding in one file of a workspace, in the order of its ranges.
#[must_use]
pub fn check_file(workspace: &Workspace, file: FileId) -> Vec<Diagnostic> {
    check_file_with(workspace, &Index::new(workspace), file)
}

/// The same for one of many files, with the index of their workspace.
#[must_use]
pub fn check_file_with(workspace: &Workspace, index: &Index, file: FileId) -> Vec<Diagnostic> {
    check_file_as(workspace, index, file, Asked::default())
}

/// How somebody asks for the findings of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// They named the file: one that declares no entity is not what they meant.
    pub named: bool,
    /// They want to hear what is advice only, so findings of level hint. Rules that only advise take a sixth of
    /// a check and are not asked for others; advice that a configuration raises to another level is none.
    pub advice: bool,
}

impl Default for Asked {
    fn default() -> Self {
        Self { named: false, advice: true }
    }
}

/// The same, as somebody asks for it.
#[must_use]
pub fn check_file_as(
    workspace: &Workspace,
    index: &Index,
    file: FileId,
    asked: Asked,
) -> Vec<Diagnostic> {
    let Some(file) = workspace.file(file) else { return Vec::new() };
    if file.is_unfolded() {
        run(workspace, index, file, asked)
    } else {
        // Unfolded for this check only.
        run(workspace, index, &file.folded(), asked)
    }
}

/// Every finding in a workspace, in the order of the files' paths and of the ranges in them.
#[must_use]
pub fn check_workspace(workspace: &Workspace) -> Vec<Diagnostic> {
    let index = Index::new(workspace);
    workspace.files().flat_map(|it| check_file_with(workspace, &index, it.id)).collect()
}

/// What every rule finds in a file, without what follows from others.
fn judge(context: &Context<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let wanted = RULES.iter().filter(|it| context.looks_for(it));
    wanted.for_each(|it| (it.run)(context, &mut found));
    consequences::hide(context, &mut found);
    found
}

/// Runs every rule over a file, then applies what its author and the configuration say about them.
fn run(workspace: &Workspace, index: &Index, file: &SourceFile, asked: Asked) -> Vec<Diagnostic> {
    let facts = Facts::default();
    let Asked { named, advice } = asked;
    let context = Context { workspace, file, index, facts: &facts, rules: RULES, advice };
    let mut found = Vec::new();
    if file.is_judged() {
        found = judge(&context);
        slips::tell(&context, &mut found, judge);
    } else {
        // Other YAML is passed over in silence, unless it was meant as an entity file.
        rules::unreadable_file::lost_characters(&context, &mut found);
        if !rules::event_schema_changed::in_lock_file(&context, &mut found) {
            // One that declares an entity in its way was meant as an entity file, whoever named it.
            let is_meant = named || file.entity().is_some();
            rules::missing_entity::in_other_yaml(&context, is_meant, &mut found);
        }
    }
    let suppressions = suppressions(file);
    found.retain(|it| !suppressions.iter().any(|by| by.covers(it.code, it.range.start())));
    for it in &mut found {
        it.level = configured(workspace.config(), it.code, &file.path).unwrap_or(it.level);
    }
    found.retain(|it| it.level != Level::Off && (advice || it.level != Level::Hint));
    let order = |it: &Diagnostic| (it.range, Reverse(it.level), it.code);
    found.sort_by(|one, other| {
        order(one).cmp(&order(other)).then_with(|| one.message.cmp(&other.message))
    });
    found.dedup_by(|one, other| {
        (one.range, one.code, &one.message) == (other.range, other.code, &other.message)
    });
    found.shrink_to_fit();
    found
}
