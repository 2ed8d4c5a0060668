//! Verbs of actions and events: one table of their forms for rules, fixes and completion.
//!
//! Invariant: of every verb the table has the past participle that events are named with; a participle
//! that is formed by the rule of the language and contradicts the table is a misspelling.

/// A verb by its two forms, in lower case; several participles where several spellings are right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verb {
    /// The form of a command: `pay`.
    pub base: &'static str,
    /// The form of a fact, the preferred spelling first: `paid`.
    pub past: &'static [&'static str],
    /// The form of a command is the name of a thing as well: `order`.
    pub is_noun: bool,
}

const fn verb(base: &'static str, past: &'static [&'static str]) -> Verb {
    Verb { base, past, is_noun: false }
}

const fn noun(base: &'static str, past: &'static [&'static str]) -> Verb {
    Verb { base, past, is_noun: true }
}

/// Verbs that the names of actions and events are made of.
pub const VERBS: &[Verb] = &[
    verb("abort", &["aborted"]),
    verb("accept", &["accepted"]),
    verb("acknowledge", &["acknowledged"]),
    verb("activate", &["activated"]),
    verb("add", &["added"]),
    verb("adjust", &["adjusted"]),
    verb("allocate", &["allocated"]),
    verb("apply", &["applied"]),
    verb("appoint", &["appointed"]),
    verb("approve", &["approved"]),
    verb("archive", &["archived"]),
    verb("assign", &["assigned"]),
    verb("attach", &["attached"]),
    verb("authorize", &["authorized", "authorised"]),
    verb("authorise", &["authorised", "authorized"]),
    verb("begin", &["begun"]),
    noun("bill", &["billed"]),
    noun("block", &["blocked"]),
    noun("book", &["booked"]),
    verb("borrow", &["borrowed"]),
    verb("bring", &["brought"]),
    verb("buy", &["bought"]),
    verb("calculate", &["calculated"]),
    verb("cancel", &["cancelled", "canceled"]),
    verb("capture", &["captured"]),
    verb("change", &["changed"]),
    noun("charge", &["charged"]),
    noun("claim", &["claimed"]),
    verb("clear", &["cleared"]),
    verb("close", &["closed"]),
    verb("collect", &["collected"]),
    verb("commit", &["committed"]),
    verb("complete", &["completed"]),
    verb("confirm", &["confirmed"]),
    verb("convert", &["converted"]),
    noun("copy", &["copied"]),
    verb("correct", &["corrected"]),
    verb("create", &["created"]),
    noun("credit", &["credited"]),
    verb("deactivate", &["deactivated"]),
    noun("debit", &["debited"]),
    verb("decline", &["declined"]),
    verb("decrease", &["decreased"]),
    verb("delete", &["deleted"]),
    verb("deliver", &["delivered"]),
    verb("deny", &["denied"]),
    noun("deposit", &["deposited"]),
    verb("disable", &["disabled"]),
    verb("discard", &["discarded"]),
    verb("discontinue", &["discontinued"]),
    verb("dispatch", &["dispatched"]),
    verb("draw", &["drawn"]),
    verb("drop", &["dropped"]),
    verb("edit", &["edited"]),
    verb("enable", &["enabled"]),
    verb("enrol", &["enrolled"]),
    verb("enroll", &["enrolled"]),
    verb("enter", &["entered"]),
    verb("escalate", &["escalated"]),
    verb("expire", &["expired"]),
    verb("extend", &["extended"]),
    verb("fail", &["failed"]),
    verb("find", &["found"]),
    verb("finish", &["finished"]),
    noun("flag", &["flagged"]),
    verb("follow", &["followed"]),
    verb("freeze", &["frozen"]),
    verb("fulfil", &["fulfilled"]),
    verb("fulfill", &["fulfilled"]),
    verb("generate", &["generated"]),
    verb("get", &["got", "gotten"]),
    verb("give", &["given"]),
    verb("grant", &["granted"]),
    verb("hide", &["hidden"]),
    verb("hire", &["hired"]),
    noun("hold", &["held"]),
    verb("import", &["imported"]),
    verb("increase", &["increased"]),
    verb("insert", &["inserted"]),
    verb("install", &["installed"]),
    verb("invite", &["invited"]),
    noun("invoice", &["invoiced"]),
    noun("issue", &["issued"]),
    verb("join", &["joined"]),
    verb("keep", &["kept"]),
    verb("leave", &["left"]),
    verb("lend", &["lent"]),
    noun("like", &["liked"]),
    noun("link", &["linked"]),
    noun("lock", &["locked"]),
    verb("lose", &["lost"]),
    verb("make", &["made"]),
    verb("mark", &["marked"]),
    verb("merge", &["merged"]),
    verb("migrate", &["migrated"]),
    verb("modify", &["modified"]),
    verb("move", &["moved"]),
    verb("notify", &["notified"]),
    noun("offer", &["offered"]),
    verb("open", &["opened"]),
    noun("order", &["ordered"]),
    noun("pack", &["packed"]),
    verb("pause", &["paused"]),
    verb("pay", &["paid"]),
    verb("pick", &["picked"]),
    noun("place", &["placed"]),
    noun("plan", &["planned"]),
    noun("post", &["posted"]),
    noun("process", &["processed"]),
    verb("promote", &["promoted"]),
    verb("publish", &["published"]),
    noun("purchase", &["purchased"]),
    verb("put", &["put"]),
    verb("qualify", &["qualified"]),
    verb("read", &["read"]),
    verb("rebuild", &["rebuilt"]),
    verb("receive", &["received"]),
    verb("recalculate", &["recalculated"]),
    noun("record", &["recorded"]),
    verb("refund", &["refunded"]),
    verb("register", &["registered"]),
    verb("reject", &["rejected"]),
    verb("release", &["released"]),
    verb("remove", &["removed"]),
    verb("rename", &["renamed"]),
    verb("renew", &["renewed"]),
    verb("reopen", &["reopened"]),
    verb("replace", &["replaced"]),
    noun("reply", &["replied"]),
    noun("report", &["reported"]),
    noun("request", &["requested"]),
    verb("reschedule", &["rescheduled"]),
    verb("reserve", &["reserved"]),
    verb("reset", &["reset"]),
    verb("resolve", &["resolved"]),
    verb("restock", &["restocked"]),
    verb("restore", &["restored"]),
    verb("resume", &["resumed"]),
    noun("return", &["returned"]),
    verb("reverse", &["reversed"]),
    noun("review", &["reviewed"]),
    verb("revoke", &["revoked"]),
    noun("run", &["run"]),
    verb("schedule", &["scheduled"]),
    verb("sell", &["sold"]),
    verb("send", &["sent"]),
    noun("set", &["set"]),
    verb("settle", &["settled"]),
    verb("ship", &["shipped"]),
    noun("show", &["shown"]),
    noun("sign", &["signed"]),
    verb("split", &["split"]),
    verb("start", &["started"]),
    verb("stop", &["stopped"]),
    verb("submit", &["submitted"]),
    verb("subscribe", &["subscribed"]),
    verb("suspend", &["suspended"]),
    verb("sync", &["synced"]),
    verb("take", &["taken"]),
    noun("tag", &["tagged"]),
    verb("terminate", &["terminated"]),
    noun("transfer", &["transferred"]),
    verb("unassign", &["unassigned"]),
    verb("unblock", &["unblocked"]),
    verb("unlock", &["unlocked"]),
    verb("unpublish", &["unpublished"]),
    verb("unsubscribe", &["unsubscribed"]),
    verb("update", &["updated"]),
    verb("upload", &["uploaded"]),
    verb("upsert", &["upserted"]),
    noun("use", &["used"]),
    verb("validate", &["validated"]),
    verb("verify", &["verified"]),
    noun("view", &["viewed"]),
    noun("void", &["voided"]),
    verb("win", &["won"]),
    verb("withdraw", &["withdrawn"]),
    verb("write", &["written"]),
];

/// The verb with a base form, in any case.
#[must_use]
pub fn by_base(word: &str) -> Option<&'static Verb> {
    VERBS.iter().find(|it| it.base.eq_ignore_ascii_case(word))
}

/// The verb with a participle, in any case.
#[must_use]
pub fn by_past(word: &str) -> Option<&'static Verb> {
    VERBS.iter().find(|it| it.past.iter().any(|past| past.eq_ignore_ascii_case(word)))
}

/// The verb of a word that says what goes on, or what somebody does: `registering`, `registers`.
#[must_use]
pub fn by_present(word: &str) -> Option<&'static Verb> {
    let word = word.to_ascii_lowercase();
    let is_going_on = |base: &str| {
        word.strip_suffix("ing").is_some_and(|stem| {
            let doubled = || base.chars().last().and_then(|last| stem.strip_suffix(last));
            stem == base || base.strip_suffix('e') == Some(stem) || doubled() == Some(base)
        })
    };
    let is_done_by_one = |base: &str| {
        let without = |end| word.strip_suffix(end);
        let of_y = || without("ies").zip(base.strip_suffix('y')).is_some_and(|it| it.0 == it.1);
        without("s") == Some(base) || without("es") == Some(base) || of_y()
    };
    VERBS.iter().find(|it| is_going_on(it.base) || is_done_by_one(it.base))
}

/// The participle of any verb: that of the table, also behind a syllable such as `re` in `rebuild`, else by the rule of
/// the language.
#[must_use]
pub fn participle(base: &str) -> String {
    let base = base.to_ascii_lowercase();
    known(&base).unwrap_or_else(|| regular(&base))
}

/// The participle of a verb whose spelling is not left to a guess.
fn known(base: &str) -> Option<String> {
    let listed = |it: &str| match by_base(it) {
        Some(Verb { past: [first, ..], .. }) => Some(*first),
        _ => IRREGULAR.iter().find(|pair| pair.0 == it).map(|pair| pair.1),
    };
    let with_syllable = |syllable: &&str| {
        let rest = base.strip_prefix(*syllable)?;
        Some(format!("{syllable}{}", listed(rest)?))
    };
    listed(base)
        .map(str::to_owned)
        .or_else(|| PREFIXES.iter().find_map(with_syllable))
        .or_else(|| doubles(base).then(|| regular(base)))
}

/// What stands before a verb and leaves its forms as they are.
const PREFIXES: &[&str] =
    &["re", "un", "over", "under", "pre", "out", "mis", "with", "fore", "up", "sub"];

/// Verbs with a participle of their own that are no words of the table: an event is seldom named after them, and the
/// form of a command is often the name of a thing.
const IRREGULAR: &[(&str, &str)] = &[
    ("arise", "arisen"),
    ("awake", "awoken"),
    ("bear", "borne"),
    ("beat", "beaten"),
    ("bend", "bent"),
    ("bet", "bet"),
    ("bid", "bid"),
    ("bind", "bound"),
    ("bite", "bitten"),
    ("break", "broken"),
    ("broadcast", "broadcast"),
    ("build", "built"),
    ("burst", "burst"),
    ("bus", "bused"),
    ("cast", "cast"),
    ("catch", "caught"),
    ("choose", "chosen"),
    ("cost", "cost"),
    ("cut", "cut"),
    ("dig", "dug"),
    ("do", "done"),
    ("draw", "drawn"),
    ("drink", "drunk"),
    ("drive", "driven"),
    ("eat", "eaten"),
    ("fall", "fallen"),
    ("feed", "fed"),
    ("fight", "fought"),
    ("find", "found"),
    ("fly", "flown"),
    ("forget", "forgotten"),
    ("freeze", "frozen"),
    ("give", "given"),
    ("go", "gone"),
    ("grind", "ground"),
    ("grow", "grown"),
    ("hang", "hung"),
    ("hear", "heard"),
    ("hide", "hidden"),
    ("hit", "hit"),
    ("hold", "held"),
    ("keep", "kept"),
    ("know", "known"),
    ("lay", "laid"),
    ("lead", "led"),
    ("leave", "left"),
    ("lend", "lent"),
    ("let", "let"),
    ("light", "lit"),
    ("lose", "lost"),
    ("make", "made"),
    ("meet", "met"),
    ("mimic", "mimicked"),
    ("mow", "mown"),
    ("panic", "panicked"),
    ("pay", "paid"),
    ("put", "put"),
    ("quit", "quit"),
    ("read", "read"),
    ("rid", "rid"),
    ("ride", "ridden"),
    ("ring", "rung"),
    ("rise", "risen"),
    ("run", "run"),
    ("saw", "sawn"),
    ("say", "said"),
    ("see", "seen"),
    ("seek", "sought"),
    ("sell", "sold"),
    ("send", "sent"),
    ("set", "set"),
    ("sew", "sewn"),
    ("shake", "shaken"),
    ("shed", "shed"),
    ("shoot", "shot"),
    ("show", "shown"),
    ("shut", "shut"),
    ("sing", "sung"),
    ("sit", "sat"),
    ("ski", "skied"),
    ("sleep", "slept"),
    ("speak", "spoken"),
    ("spend", "spent"),
    ("spin", "spun"),
    ("spit", "spat"),
    ("split", "split"),
    ("spread", "spread"),
    ("stand", "stood"),
    ("steal", "stolen"),
    ("stick", "stuck"),
    ("swear", "sworn"),
    ("sweep", "swept"),
    ("swim", "swum"),
    ("take", "taken"),
    ("teach", "taught"),
    ("tear", "torn"),
    ("tell", "told"),
    ("think", "thought"),
    ("throw", "thrown"),
    ("thrust", "thrust"),
    ("undo", "undone"),
    ("wake", "woken"),
    ("wear", "worn"),
    ("win", "won"),
    ("wind", "wound"),
    ("write", "written"),
];

/// Verbs of several syllables with the stress on the last one, whose last letter is doubled.
const STRESSED: &[&str] = &[
    "abet", "acquit", "admit", "allot", "commit", "compel", "concur", "confer", "control", "debug",
    "defer", "deter", "embed", "emit", "enrol", "equip", "expel", "format", "incur", "infer",
    "occur", "omit", "outfit", "patrol", "permit", "prefer", "program", "propel", "rebut", "recur",
    "refer", "regret", "remit", "repel", "retrofit", "submit", "transfer", "transmit",
];

/// Whether the last letter of a verb is doubled before `ed`: `map`, `admit`, `resubmit`.
fn doubles(base: &str) -> bool {
    let letters: Vec<char> = base.replace("qu", "q").chars().collect();
    let is_vowel = |it: &char| "aeiouy".contains(*it);
    let ends = match letters.as_slice() {
        [.., before, vowel, last] => {
            !is_vowel(before) && is_vowel(vowel) && !is_vowel(last) && !"wx".contains(*last)
        }
        _ => false,
    };
    let syllables = letters.iter().filter(|it| is_vowel(it)).count();
    let is_stressed = |it: &str| STRESSED.contains(&it);
    let rest = || PREFIXES.iter().find_map(|it| base.strip_prefix(it));
    let is_one = |it: &str| it.chars().filter(is_vowel).count() == 1 && it.len() > 2;
    ends && (syllables == 1
        || is_stressed(base)
        || rest().is_some_and(|it| is_stressed(it) || is_one(it)))
}

/// The verb that a misspelled participle is meant for: `paied`, `shiped`, `sended`, `withdrew`.
#[must_use]
pub fn misspelled(word: &str) -> Option<&'static Verb> {
    let word = word.to_ascii_lowercase();
    if by_past(&word).is_some() || by_base(&word).is_some() {
        return None;
    }
    let wrong = |it: &&Verb| wrong_forms(it.base).contains(&word);
    VERBS.iter().find(wrong).or_else(|| near(&word))
}

/// The right participle of a verb that stands in a wrong form: `admited`, `builded`, `skiped`.
#[must_use]
pub fn right_form(base: &str, word: &str) -> Option<String> {
    let (base, word) = (base.to_ascii_lowercase(), word.to_ascii_lowercase());
    let right = known(&base).filter(|it| *it != word)?;
    let is_right = by_base(&base).is_some_and(|it| it.past.contains(&word.as_str()));
    let is_wrong = wrong_forms(&base).contains(&word) || word == format!("{base}ed");
    (is_wrong && !is_right).then_some(right)
}

/// What authors write who miss the doubled letter, the changed one, or that a verb is irregular.
fn wrong_forms(base: &str) -> Vec<String> {
    let mut res = vec![format!("{base}ed"), format!("{base}d"), regular(base)];
    if let Some(stem) = base.strip_suffix('e') {
        res.push(format!("{stem}eed"));
    }
    if let Some(stem) = base.strip_suffix('y') {
        res.push(format!("{stem}ied"));
    }
    res.extend(base.chars().last().map(|last| format!("{base}{last}ed")));
    if base == "pay" {
        res.push("paied".to_owned());
    }
    if base == "withdraw" {
        res.extend(["withdrew".to_owned(), "withdrawed".to_owned()]);
    }
    res
}

/// The verb whose participle has two neighbours swapped (`recieved`), or lacks a letter of eight or more.
fn near(word: &str) -> Option<&'static Verb> {
    let is_slip = |past: &str| is_swapped(word, past) || (past.len() >= 8 && lacks_one(word, past));
    VERBS.iter().find(|it| it.past.iter().any(|past| is_slip(past)))
}

/// Whether a word is another one with two neighbours swapped.
#[must_use]
pub fn is_swapped(word: &str, right: &str) -> bool {
    let differs = |(left, right): (u8, u8)| left != right;
    let at = word.bytes().zip(right.bytes()).position(differs);
    let swapped = at.and_then(|at| {
        let mut bytes = word.as_bytes().to_vec();
        (at + 1 < bytes.len()).then(|| bytes.swap(at, at + 1))?;
        Some(bytes)
    });
    swapped.is_some_and(|it| it == right.as_bytes())
}

fn lacks_one(word: &str, right: &str) -> bool {
    let same = word.bytes().zip(right.bytes()).take_while(|it| it.0 == it.1).count();
    word.len() + 1 == right.len() && same > 0 && word.get(same..) == right.get(same + 1..)
}

fn regular(base: &str) -> String {
    if let Some(last) = base.chars().last().filter(|_| doubles(base)) {
        return format!("{base}{last}ed");
    }
    let ends_with_vowel_y = ["ay", "ey", "oy", "uy"].iter().any(|it| base.ends_with(it));
    match base.strip_suffix('y') {
        _ if base.ends_with('e') => format!("{base}d"),
        Some(stem) if !ends_with_vowel_y => format!("{stem}ied"),
        _ => format!("{base}ed"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn participles() {
        for (base, past) in
            [("create", "created"), ("pay", "paid"), ("ship", "shipped"), ("blog", "blogged")]
        {
            assert_eq!(participle(base), past);
        }
        for (base, past) in [
            ("tidy", "tidied"),
            ("admit", "admitted"),
            ("resubmit", "resubmitted"),
            ("rebuild", "rebuilt"),
            ("override", "overridden"),
            ("skip", "skipped"),
            ("unwrap", "unwrapped"),
            ("quiz", "quizzed"),
            ("wait", "waited"),
            ("repeat", "repeated"),
            ("fix", "fixed"),
            ("visit", "visited"),
            ("develop", "developed"),
            ("register", "registered"),
            ("reindex", "reindexed"),
            ("sync", "synced"),
        ] {
            assert_eq!(participle(base), past);
        }
    }

    #[test]
    fn what_goes_on() {
        for (word, verb) in [
            ("registering", Some("register")),
            ("Shipping", Some("ship")),
            ("creating", Some("create")),
            ("cancelling", Some("cancel")),
            ("canceling", Some("cancel")),
            ("pays", Some("pay")),
            ("finishes", Some("finish")),
            ("denies", Some("deny")),
            ("created", None),
            ("thing", None),
            ("address", None),
        ] {
            assert_eq!(by_present(word).map(|it| it.base), verb, "{word}");
        }
    }

    #[test]
    fn misspellings_lead_to_their_verb() {
        let base = |it: &str| misspelled(it).map(|it| it.base);
        for (word, verb) in [
            ("paied", "pay"),
            ("payed", "pay"),
            ("shiped", "ship"),
            ("sended", "send"),
            ("withdrew", "withdraw"),
            ("recieved", "receive"),
            ("submited", "submit"),
            ("modifyed", "modify"),
        ] {
            assert_eq!(base(word), Some(verb), "{word}");
        }
    }

    #[test]
    fn right_forms_and_other_words_are_left_alone() {
        for verb in VERBS {
            assert_eq!(misspelled(verb.base), None, "{}", verb.base);
            for past in verb.past {
                assert_eq!(misspelled(past), None, "{past}");
            }
        }
        for word in ["feed", "need", "bed", "seed", "speed", "counted", "invested", "order_item"] {
            assert_eq!(misspelled(word), None, "{word}");
        }
    }

    #[test]
    fn the_table_is_sorted_into_unique_verbs() {
        for (index, verb) in VERBS.iter().enumerate() {
            let again = VERBS.iter().skip(index + 1).any(|it| it.base == verb.base);
            assert!(!again && !verb.past.is_empty(), "{}", verb.base);
        }
    }
}
