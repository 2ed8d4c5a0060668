//! Keywords of the extended dialect (SpecQL 0.5 beta): known, so that they are no mistakes, and not
//! understood, so that what such a step writes is not known here.

use super::super::{KeySpec, MappingSpec, Shape, Support};

const fn keyword(name: &'static str, documentation: &'static str) -> KeySpec {
    key!(name, &[Shape::Any], documentation; support: Support::Upstream)
}

pub(super) const SELECT: KeySpec = keyword("select", "Read rows of an entity.");
pub(super) const RAW_SQL: KeySpec = keyword("raw_sql", "SQL that is passed on.");
pub(super) const DUPLICATE_CHECK: KeySpec =
    keyword("duplicate_check", "Fail when a row with the same values is already there.");
pub(super) const CALL_SERVICE: KeySpec = keyword("call_service", "Call an external service.");
pub(super) const DECLARE: KeySpec = keyword("declare", "Declare a variable.");
pub(super) const CTE: KeySpec = keyword("cte", "Name a query.");
pub(super) const AGGREGATE: KeySpec = keyword("aggregate", "Compute a value over rows.");
pub(super) const SUBQUERY: KeySpec = keyword("subquery", "Run a query into a variable.");
pub(super) const CALL_FUNCTION: KeySpec =
    keyword("call_function", "Call a function of PostgreSQL.");
pub(super) const RETURN_EARLY: KeySpec = keyword("return_early", "End the action.");
pub(super) const WHILE: KeySpec =
    keyword("while", "Steps under `loop` that run as long as a condition holds.");
pub(super) const FOR_QUERY: KeySpec =
    keyword("for_query", "Steps under `loop` that run for every row of a query.");
pub(super) const EXCEPTION_HANDLING: KeySpec =
    keyword("exception_handling", "Steps under `try`, with `catch` and `finally`.");
pub(super) const JSON_BUILD: KeySpec = keyword("json_build", "Build a JSON object.");
pub(super) const ARRAY_BUILD: KeySpec = keyword("array_build", "Build an array.");
pub(super) const BATCH_OPERATION: KeySpec = keyword("batch_operation", "Write many rows at once.");
pub(super) const WINDOW_FUNCTION: KeySpec =
    keyword("window_function", "Compute a value over neighbouring rows.");
pub(super) const RETURN_TABLE: KeySpec =
    keyword("return_table", "End the action with the rows of a query.");
pub(super) const CURSOR: KeySpec = keyword("cursor", "Read a query row by row.");
pub(super) const RECURSIVE_CTE: KeySpec = keyword("recursive_cte", "Name a recursive query.");
pub(super) const DYNAMIC_SQL: KeySpec =
    keyword("dynamic_sql", "SQL that is put together at run time.");
pub(super) const TRANSACTION_CONTROL: KeySpec =
    keyword("transaction_control", "`COMMIT`, `ROLLBACK` or a savepoint.");
pub(super) const QUERY: KeySpec = keyword("query", "Run a query.");

/// A step with one of these keywords; what stands beside it is not looked at.
pub(super) static EXTENDED_STEP: MappingSpec = MappingSpec {
    name: "a step of the extended dialect",
    keys: &[
        SELECT,
        RAW_SQL,
        DUPLICATE_CHECK,
        CALL_SERVICE,
        DECLARE,
        CTE,
        AGGREGATE,
        SUBQUERY,
        CALL_FUNCTION,
        RETURN_EARLY,
        WHILE,
        FOR_QUERY,
        EXCEPTION_HANDLING,
        JSON_BUILD,
        ARRAY_BUILD,
        BATCH_OPERATION,
        WINDOW_FUNCTION,
        RETURN_TABLE,
        CURSOR,
        RECURSIVE_CTE,
        DYNAMIC_SQL,
        TRANSACTION_CONTROL,
        QUERY,
    ],
    open: Some(&Shape::Any),
    open_keys: &Shape::Text,
};
