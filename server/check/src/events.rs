//! Types of events: what their names say.

use specql_model::{Action, Cdc, Name, Operation, one_slip_from, verbs};

/// The name as the past form of what it says; absent when it says no verb in the present, and none
/// that is misspelled: `PostCreate`, `CreatePost`, `PostCreating` and `PostCreatd` become `PostCreated`.
#[must_use]
pub fn in_past_tense(name: &str) -> Option<String> {
    let words = words(name);
    let (first, last) = (*words.first()?, *words.last()?);
    if words.len() < 2 {
        return None;
    }
    if let Some(verb) = verbs::misspelled(last) {
        return Some(format!("{}{}", name.strip_suffix(last)?, capitalized(verb.past.first()?)));
    }
    if words.iter().skip(1).any(|it| is_fact(it)) {
        return None;
    }
    // `FiledClaim` is a claim; what happened is `ClaimFiled`.
    let is_participle = looks_past(first) && !first.ends_with("eed");
    if verbs::by_past(first).is_some() || is_participle {
        return Some(format!("{}{first}", name.strip_prefix(first)?));
    }
    let past = |word: &str| {
        // `BlogPost` and `OrderTotal` are names of things.
        let verb = verbs::by_base(word).or_else(|| verbs::by_present(word));
        let verb = verb.filter(|it| !it.is_noun && verbs::by_past(word).is_none())?;
        Some(capitalized(verb.past.first()?))
    };
    match (past(last), past(first)) {
        (Some(past), _) => Some(format!("{}{past}", name.strip_suffix(last)?)),
        (None, Some(past)) => Some(format!("{}{past}", name.strip_prefix(first)?)),
        (None, None) => None,
    }
}

/// Endings that make the name of a thing of a verb: `delivery`, `approval`, `creation`, `payment`; the verb alone,
/// as in `report`, is one too.
const OF_THINGS: &[&str] =
    &["", "e", "y", "al", "ion", "ation", "lation", "ment", "ement", "pment", "ance"];

/// The name as the past form of the verb of its action, where it ends in a thing of that verb: `CountReport` of
/// `report_count`, `JobDelivery` of `deliver_job`.
pub(crate) fn thing_of_action(name: &str, action: &str) -> Option<String> {
    let words = words(name);
    let last = *words.last()?;
    let verb = action.split('_').next()?;
    let is_listed = verbs::by_base(verb).is_some();
    let stem = verb.strip_suffix('e').unwrap_or(verb);
    let past = verbs::participle(verb);
    let spelled = last.to_ascii_lowercase();
    let is_thing = spelled.strip_prefix(stem).is_some_and(|it| {
        if is_listed { OF_THINGS.contains(&it) } else { spelled == verb && spelled != past }
    });
    if words.len() < 2 || !is_thing || words.iter().any(|it| is_fact(it)) {
        return None;
    }
    Some(format!("{}{}", name.strip_suffix(last)?, capitalized(&past)))
}

/// The name with the word right that is, but for one letter, one of those that its action is called by, in the past
/// form too, or of those of an entity: `FruitRepriecd` of `reprice_fruit`, `DeilveryReceived` of `Delivery`.
pub(crate) fn with_right_word(name: &str, action: &str, entities: &[&str]) -> Option<String> {
    let nouns = || entities.iter().flat_map(|it| words(it));
    let is_known = |word: &&str| {
        nouns().any(|it| it.eq_ignore_ascii_case(word)) || verbs::by_past(word).is_some()
    };
    // Most names are of an entity and of a verb that everybody knows.
    let unknown: Vec<&str> = words(name).into_iter().filter(|it| !is_known(it)).collect();
    if unknown.is_empty() {
        return None;
    }
    let of_action = || action.split('_').filter(|it| !it.is_empty());
    let verb = of_action().next().unwrap_or_default();
    let forms: Vec<String> =
        of_action().flat_map(|it| [verbs::participle(it), it.to_owned()]).collect();
    let nouns: Vec<String> = nouns().map(str::to_ascii_lowercase).collect();
    unknown.into_iter().find_map(|word| {
        let spelled = word.to_ascii_lowercase();
        if forms.contains(&spelled) {
            return None;
        }
        let mut all = forms.iter().chain(&nouns);
        let right = verbs::right_form(verb, &spelled);
        let right = right.or_else(|| Some(all.find(|it| is_slip_of(&spelled, it))?.clone()))?;
        Some(name.replacen(word, &capitalized(&right), 1))
    })
}

/// Whether a word is another one with a slip, and no other form of it: `Recips` of `recip`, `Close` of `closed`,
/// `Labelled` of `labeled`, `Organised` of `organized`.
fn is_slip_of(word: &str, right: &str) -> bool {
    if one_slip_from(word, [right]).is_none() {
        return false;
    }
    if word.len() == right.len() {
        return verbs::is_swapped(word, right) || is_mistyped(word, right);
    }
    let (short, long) = if word.len() < right.len() { (word, right) } else { (right, word) };
    let at = short.bytes().zip(long.bytes()).take_while(|it| it.0 == it.1).count();
    let (before, rest) = long.split_at_checked(at).unwrap_or_default();
    let is_double = before.ends_with(|it| rest.starts_with(it));
    let is_base = rest == "d" && word.len() < right.len();
    let is_form = rest == "s" || is_base || (is_double && rest.get(1..) == Some("ed"));
    // In shorter words a letter twice is all that is surely a slip.
    !is_form && (right.len() >= SHORTEST || (is_double && word.len() > right.len()))
}

/// Whether a long word is another one but for a letter in it.
fn is_mistyped(word: &str, right: &str) -> bool {
    let other = word.bytes().zip(right.bytes()).enumerate().find(|it| it.1.0 != it.1.1);
    right.len() >= LONG
        && other.is_some_and(|(at, letters)| {
            at + 1 < right.len() && !matches!(letters, (b's', b'z') | (b'z', b's'))
        })
}

/// Longer words have hardly any neighbours.
const LONG: usize = 7;

/// Shorter words have too many neighbours.
const SHORTEST: usize = 5;

/// Whether a word says that something has happened.
fn is_fact(word: &str) -> bool {
    verbs::by_past(word).is_some() || looks_past(word)
}

/// Whether a word has the ending of a participle: a verb that the table does not have.
fn looks_past(word: &str) -> bool {
    word.len() > 4 && word.ends_with("ed")
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|it| it.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
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
    action.impact.as_deref()?.primary.as_ref()?.operation.as_ref()?.value
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
    fn words_with_a_slip() {
        let of = |name, action| with_right_word(name, action, &["Delivery", "LogEntry"]);
        for (name, action, right) in [
            ("DeliveryRepriecd", "reprice_delivery", Some("DeliveryRepriced")),
            ("DeliveryAnnuonced", "announce_delivery", Some("DeliveryAnnounced")),
            ("DeilveryReceived", "receive_delivery", Some("DeliveryReceived")),
            ("DeliveryAdmited", "admit_delivery", Some("DeliveryAdmitted")),
            ("DeliveryBuilded", "build_delivery", Some("DeliveryBuilt")),
            ("BoatScrapped", "scrap_boat", None),
            ("DeliveryLabelled", "label_delivery", None),
            ("DeliveryOrganised", "organize_delivery", None),
            ("MessageWrote", "write_message", None),
            ("DeliveryBuilt", "rebuild_all", None),
            ("DelivryCounted", "count", Some("DeliveryCounted")),
            ("DeliveryRemved", "remove_it", Some("DeliveryRemoved")),
            ("LogEntryAdded", "add_entries", None),
            ("DeliveriesCounted", "count", None),
            ("DeliveryReviewed", "receive_delivery", None),
            ("EntrysLogged", "log", None),
            ("DelivreyLogged", "log", Some("DeliveryLogged")),
            ("DeliverCounted", "count", Some("DeliveryCounted")),
            ("DelivexyCounted", "count", Some("DeliveryCounted")),
            ("DeliveryCreaated", "create_delivery", Some("DeliveryCreated")),
            ("DeliveryCloed", "close_delivery", Some("DeliveryClosed")),
            ("DeliveryClosedd", "close_delivery", Some("DeliveryClosed")),
            ("DeliveryClose", "close_delivery", None),
            ("LogEntryNotes", "note_entry", None),
        ] {
            assert_eq!(of(name, action).as_deref(), right, "{name}");
        }
    }

    #[test]
    fn tenses() {
        for (name, expected) in [
            ("PostCreate", Some("PostCreated")),
            ("CreatePost", Some("PostCreated")),
            ("PaymentSend", Some("PaymentSent")),
            ("PostCreated", None),
            ("UserAddressAdded", None),
            ("AddOnPurchased", None),
            ("Create", None),
            ("OrderSent", None),
            ("UserSignedIn", None),
            ("OrderPaied", Some("OrderPaid")),
            ("OrderShiped", Some("OrderShipped")),
            ("BoatRegistering", Some("BoatRegistered")),
            ("BoatRegisters", Some("BoatRegistered")),
            ("RegisteringBoat", Some("BoatRegistered")),
            ("HotelBooking", None),
            ("WithdrawA", Some("AWithdrawn")),
            ("WithdrawMoney", Some("MoneyWithdrawn")),
            ("OrderPay", Some("OrderPaid")),
            ("CreateOrder", Some("OrderCreated")),
            ("FiledClaim", Some("ClaimFiled")),
            ("FailedPaymentRetried", None),
            ("OrderCreate", Some("OrderCreated")),
            ("CustomerOrder", None),
            ("PostReset", None),
            ("OrderLost", None),
            ("PriceQuoted", None),
            ("InventoryLow", None),
            ("StockLevel", None),
        ] {
            assert_eq!(in_past_tense(name).as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn things_of_an_action() {
        for (name, action, expected) in [
            ("CountReport", "report_count", Some("CountReported")),
            ("JobDelivery", "deliver_job", Some("JobDelivered")),
            ("OrderCancellation", "cancel_order", Some("OrderCancelled")),
            ("InvoicePayment", "pay_invoice", Some("InvoicePaid")),
            ("OrderShipment", "ship_order", Some("OrderShipped")),
            ("CountReported", "report_count", None),
            ("UserAddress", "add_address", None),
            ("ReportSent", "report_count", None),
            ("StockLevel", "count_stock", None),
            ("PriceReset", "reset_price", None),
        ] {
            assert_eq!(thing_of_action(name, action).as_deref(), expected, "{name}");
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
