//! Types of events: what their names say.

use specql_model::{Action, Cdc, Name, Operation};

/// Present forms and the past forms that events have. `Put`, `Set` and `Cut` are both.
const VERBS: &[(&str, &str)] = &[
    ("Create", "Created"),
    ("Update", "Updated"),
    ("Delete", "Deleted"),
    ("Upsert", "Upserted"),
    ("Insert", "Inserted"),
    ("Add", "Added"),
    ("Remove", "Removed"),
    ("Change", "Changed"),
    ("Publish", "Published"),
    ("Unpublish", "Unpublished"),
    ("Archive", "Archived"),
    ("Restore", "Restored"),
    ("Approve", "Approved"),
    ("Reject", "Rejected"),
    ("Cancel", "Cancelled"),
    ("Complete", "Completed"),
    ("Confirm", "Confirmed"),
    ("Submit", "Submitted"),
    ("Register", "Registered"),
    ("Activate", "Activated"),
    ("Deactivate", "Deactivated"),
    ("Assign", "Assigned"),
    ("Send", "Sent"),
    ("Ship", "Shipped"),
    ("Pay", "Paid"),
    ("Refund", "Refunded"),
    ("Deliver", "Delivered"),
    ("Rename", "Renamed"),
    ("Close", "Closed"),
    ("Open", "Opened"),
];

/// The name as the past form of what it says: `PostCreate` and `CreatePost` become `PostCreated`;
/// absent when it says no verb in the present.
#[must_use]
pub fn in_past_tense(name: &str) -> Option<String> {
    let words = words(name);
    let past = |word: &str| VERBS.iter().find(|it| it.0 == word).map(|it| it.1);
    let (first, last) = (*words.first()?, *words.last()?);
    if words.len() < 2 || VERBS.iter().any(|it| it.1 == last) {
        return None;
    }
    match (past(last), past(first)) {
        (Some(past), _) => Some(format!("{}{past}", name.strip_suffix(last)?)),
        (None, Some(past)) => Some(format!("{}{past}", name.strip_prefix(first)?)),
        (None, None) => None,
    }
}

/// A name in PascalCase, from any spelling with separators or camel humps; absent when nothing is left
/// or it would begin with a digit.
pub(crate) fn pascal_case(name: &str) -> Option<String> {
    let mut res = String::new();
    for part in name.split(|it: char| !it.is_ascii_alphanumeric()).filter(|it| !it.is_empty()) {
        let is_shouted = part.len() > 1 && !part.contains(|it: char| it.is_ascii_lowercase());
        let mut letters = part.chars();
        res.extend(letters.next().map(|it| it.to_ascii_uppercase()));
        let rest = letters.as_str();
        res.push_str(&if is_shouted { rest.to_ascii_lowercase() } else { rest.to_owned() });
    }
    is_event_type(&res).then_some(res)
}

/// Whether the outbox accepts a name: `^[A-Z][A-Za-z0-9]*$`.
pub(crate) fn is_event_type(name: &str) -> bool {
    name.starts_with(|it: char| it.is_ascii_uppercase())
        && name.chars().all(|it| it.is_ascii_alphanumeric())
}

/// The operation that the last word of a name says, with the name before it.
pub(crate) fn said_operation(name: &str) -> Option<(&str, Operation)> {
    let suffixes = [
        ("Created", Operation::Create),
        ("Inserted", Operation::Create),
        ("Updated", Operation::Update),
        ("Deleted", Operation::Delete),
        ("Upserted", Operation::Upsert),
    ];
    suffixes.into_iter().find_map(|(suffix, it)| Some((name.strip_suffix(suffix)?, it)))
}

/// Every event type that a block names.
pub(crate) fn written_types(cdc: &Cdc) -> impl Iterator<Item = &Name> {
    cdc.event_type.iter().chain(cdc.side_effect_events.iter().map(|it| &it.1))
}

/// The operation of the primary entity.
pub(crate) fn primary_operation(action: &Action) -> Option<Operation> {
    action.impact.as_ref()?.primary.as_ref()?.operation.as_ref()?.value
}

/// The words of a name in PascalCase.
fn words(name: &str) -> Vec<&str> {
    let mut starts: Vec<usize> =
        name.char_indices().filter(|(_, it)| it.is_ascii_uppercase()).map(|it| it.0).collect();
    starts.push(name.len());
    starts.windows(2).filter_map(|it| name.get(*it.first()?..*it.last()?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tenses() {
        for (name, expected) in [
            ("PostCreate", Some("PostCreated")),
            ("CreatePost", Some("PostCreated")),
            ("PaymentSend", Some("PaymentSent")),
            ("PostCreated", None),
            ("UserAddressAdded", None),
            ("AddOnPurchased", Some("OnPurchasedAdded")),
            ("Create", None),
            ("OrderSent", None),
            ("UserSignedIn", None),
        ] {
            assert_eq!(in_past_tense(name).as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn cases() {
        for (name, expected) in [
            ("post_created", Some("PostCreated")),
            ("post.created", Some("PostCreated")),
            ("postCreated", Some("PostCreated")),
            ("POST_CREATED", Some("PostCreated")),
            ("1st_order", None),
            ("…", None),
        ] {
            assert_eq!(pascal_case(name).as_deref(), expected, "{name}");
        }
    }
}
