//! Random workspaces without findings, in which most of the language occurs.
//!
//! Invariant: the same seed gives the same workspace.

use std::fmt::Write;

const NOUNS: [&str; 12] = [
    "Ticket", "Parcel", "Lesson", "Invoice", "Garden", "Ferry", "Recipe", "Camera", "Contract",
    "Museum", "Voyage", "Meadow",
];
const TEXTS: [&str; 6] = ["label", "summary", "motto", "remark", "heading", "caption"];
const NUMBERS: [&str; 5] = ["quantity", "weight", "floors", "stamina", "length_cm"];
const AMOUNTS: [&str; 3] = ["price", "deposit", "budget"];
const FLAGS: [&str; 4] = ["active", "hidden", "verified", "urgent"];
const STATES: [[&str; 3]; 4] = [
    ["draft", "open", "closed"],
    ["planned", "running", "finished"],
    ["new", "accepted", "rejected"],
    ["idle", "busy", "broken"],
];

/// What one entity is made of.
struct Shape {
    name: &'static str,
    text: &'static str,
    number: &'static str,
    amount: &'static str,
    flag: &'static str,
    states: [&'static str; 3],
}

fn pick<T: Copy>(rng: &mut fastrand::Rng, of: &[T]) -> T {
    of[rng.usize(..of.len())]
}

/// Two entities, of which the first one refers to the second, and a configuration.
pub(super) fn workspace(seed: u64) -> Vec<(String, String)> {
    let mut rng = fastrand::Rng::with_seed(seed);
    let mut names = NOUNS;
    rng.shuffle(&mut names);
    let mut shape = |name| Shape {
        name,
        text: pick(&mut rng, &TEXTS),
        number: pick(&mut rng, &NUMBERS),
        amount: pick(&mut rng, &AMOUNTS),
        flag: pick(&mut rng, &FLAGS),
        states: pick(&mut rng, &STATES),
    };
    let (own, other) = (shape(names[0]), shape(names[1]));
    let schema = pick(&mut rng, &["depot", "town", "archive"]);
    vec![
        ("specql.config.yaml".to_owned(), CONFIG.to_owned()),
        (format!("{}.yaml", snake(own.name)), owner(&own, &other, schema, &mut rng)),
        (format!("{}.yaml", snake(other.name)), owned(&other, schema)),
    ]
}

const CONFIG: &str = "\
audit:
  retention: 2 years
outbox:
  retention: 30 days
kafka:
  topic: \"random.{entity}\"
";

fn snake(name: &str) -> String {
    name.to_lowercase()
}

/// The entity that is referred to.
fn owned(it: &Shape, schema: &str) -> String {
    let Shape { name, text, number, amount, flag, states: [one, two, three] } = it;
    let lower = snake(name);
    format!(
        "\
entity: {name}
schema: {schema}
fields:
  {text}: text!
  code: {{type: slug, nullable: false, unique: true}}
  {number}: integer = 0!
  {amount}: money
  {flag}: boolean = true
  state: enum({one}, {two}, {three}) = {one}!
actions:
  - name: settle_{lower}
    params:
      reason: text!
      most: integer
    steps:
      - validate: $reason <> '' AND {number} < $most
      - update: {name} SET state = '{three}', {amount} = {amount} * 2
    impact:
      primary:
        entity: {name}
        operation: UPDATE
        fields: [state, {amount}]
  - name: save_{lower}
    steps:
      - upsert: {name}(code, {text})
        conflict_target: code
    impact:
      primary:
        entity: {name}
        operation: UPSERT
        fields: [code, {text}]
"
    )
}

/// The entity whose actions write both.
fn owner(it: &Shape, other: &Shape, schema: &str, rng: &mut fastrand::Rng) -> String {
    let Shape { name, text, number, amount, flag, states: [one, two, three] } = it;
    let (lower, target) = (snake(name), snake(other.name));
    let (theirs, their_number, their_state) = (other.name, other.number, other.states[1]);
    let mut file = format!(
        "\
entity: {name}
schema: {schema}
fields:
  {text}: text!
  {number}: integer = 0!
  {amount}: money
  {flag}: boolean = false
  due: date
  seen_at: datetime
  state: enum({one}, {two}, {three}) = {one}!
  tags: list(text)
  {target}: ref({theirs})!
actions:
  - name: create_{lower}
    steps:
      - validate: {text} IS NOT NULL
      - insert: {name}({text}, {amount}, {target})
      - update: {theirs} SET {their_number} = {their_number} + 1
    impact:
      primary:
        entity: {name}
        operation: CREATE
        fields: [{text}, {amount}, {target}]
        include_relations: [{target}]
      side_effects:
        - entity: {theirs}
          operation: UPDATE
          fields: [{their_number}]
          collection: changedRows
      cache_invalidations:
        - query: {lower}List
          strategy: INVALIDATE
    cdc:
      enabled: true
      event_type: {name}Created
      include_side_effects: true
      payload: [{text}, {target}.{other_text}]
",
        other_text = other.text
    );
    write!(
        file,
        "  - name: close_{lower}
    params:
      note: text
    steps:
      - validate: state = '{two}' AND {number} > 0
        error: not_open
      - find: {theirs} WHERE id = {target}
        as: partner
      - if: partner.{their_number} > 10 AND $note <> ''
        then:
          - reject: too_many
      - update: {name} SET state = '{three}', {number} = {number} + 1, {flag} = true
      - call: settle_{target}(id = {target}, reason = 'closed', most = 5)
    impact:
      primary:
        entity: {name}
        operation: UPDATE
        fields: [state, {number}, {flag}]
      side_effects:
        - entity: {theirs}
          operation: UPDATE
          fields: [state, {their_amount}]
    cdc:
      enabled: true
      event_type: {name}Closed
  - name: drop_{lower}
    steps:
      - validate: NOT EXISTS {theirs} WHERE state = '{their_state}' AND id = input.{target}
      - delete: {name}
    impact:
      primary:
        entity: {name}
        operation: DELETE
",
        their_amount = other.amount
    )
    .unwrap();
    if rng.bool() {
        write!(
            file,
            "  - name: touch_{lower}
    steps:
      - foreach: row in {theirs} WHERE state = '{their_state}'
        do:
          - update: {theirs} SET {their_number} = row.{their_number} + 1 WHERE id = row.id
      - update: {name} SET seen_at = now(), {text} = upper({text})
    impact:
      primary:
        entity: {name}
        operation: UPDATE
        fields: [seen_at, {text}]
      side_effects:
        - entity: {theirs}
          operation: UPDATE
          fields: [{their_number}]
          condition: {number} > 0
"
        )
        .unwrap();
    }
    file
}
