//! What a session may set and must not change.

/// How values become text, for functions that read values or hand them on: rows, events and the trail say
/// the same whoever calls.
pub(crate) const SAME_TEXTS: &str = "\
SET \"TimeZone\" = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = 'iso_8601'
SET extra_float_digits = 1 SET bytea_output = 'hex'";
