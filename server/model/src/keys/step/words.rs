//! Words of fixed vocabularies in steps.

/// How far a refresh of the read model reaches.
pub const REFRESH_SCOPES: &[(&str, &str)] = &[
    ("self", "The row itself."),
    ("related", "The row and the rows it refers to."),
    ("propagate", "The row and what `propagate` lists."),
    ("batch", "All rows that the action changed."),
];

/// When the read model is refreshed.
pub const REFRESH_STRATEGIES: &[(&str, &str)] =
    &[("immediate", "In the action."), ("deferred", "At the end of the transaction.")];

/// What an upsert does with a row that is already there.
pub const CONFLICT_ACTIONS: &[(&str, &str)] =
    &[("update", "Change it; the default."), ("nothing", "Leave it as it is.")];

/// The channels of notifications.
pub const CHANNELS: &[(&str, &str)] = &[
    ("email", "By email."),
    ("sms", "By text message."),
    ("push", "By push notification."),
    ("webhook", "By a call of a web address."),
];
