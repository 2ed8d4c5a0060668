//! Texts that the benchmarks read: entity files of a wanted size, workspaces of a wanted number of entities,
//! and shapes made to be hard.

use std::sync::Arc;

use specql_ide::AnalysisHost;

/// A real entity file with every kind of block.
const ORDER: &str = include_str!("../../examples/shop/entities/order.yaml");

/// An entity file of at least `size` bytes: the head of a real one, and its actions again and again.
#[must_use]
pub fn entity_file(size: usize) -> String {
    let at = ORDER.find("actions:\n").map_or(0, |it| it + "actions:\n".len());
    let (head, actions) = ORDER.split_at(at);
    let mut text = String::with_capacity(size + ORDER.len());
    text.push_str(head);
    while text.len() < size {
        text.push_str(actions);
    }
    text
}

/// Shapes that are hard for a parser of layout, each of about `size` bytes.
#[must_use]
pub fn hostile_shapes(size: usize) -> Vec<(&'static str, String)> {
    let lines = |line: &str| line.repeat(size / line.len());
    vec![
        ("nested_blocks", nested_blocks(size)),
        ("brackets", lines("[")),
        ("one_line", format!("a: {}", lines("x "))),
        ("dashes", lines("-\n")),
        ("dashes_in_a_line", lines("- ")),
        ("unclosed_quotes", lines("a: \"x\n")),
        ("junk", lines("%% ?\n")),
        ("bare_words", lines("nam\n")),
        ("comments", lines("# c\n")),
        ("blank_lines", lines("\n")),
    ]
}

/// Keys below keys, 10,000 levels or as many as fit.
fn nested_blocks(size: usize) -> String {
    let mut text = String::with_capacity(size);
    for level in 0..10_000 {
        if text.len() + level + 3 > size {
            break;
        }
        text.extend(std::iter::repeat_n(' ', level));
        text.push_str("a:\n");
    }
    text
}

/// An entity with ten fields, a reference to its neighbour and two actions.
#[must_use]
pub fn entity(number: usize, of: usize) -> String {
    let neighbour = (number + 1) % of;
    let fields: String = (0..8).map(|it| format!("  field_{it}: text\n")).collect();
    format!(
        "entity: Entity{number}\nschema: s{}\nfields:\n  title: text!\n  status: enum(draft, sent) = draft\n\
         \x20 neighbour: ref(Entity{neighbour})\n  total: integer = 0\n{fields}actions:\n\
         \x20 - name: send_{number}\n    steps:\n      - validate: status = 'draft'\n        error: sent_already\n\
         \x20     - update: Entity{number} SET status = 'sent'\n\
         \x20     - update: Entity{neighbour} SET total = total + 1\n    impact:\n      primary:\n\
         \x20       entity: Entity{number}\n        operation: UPDATE\n        fields: [status]\n\
         \x20     side_effects:\n        - entity: Entity{neighbour}\n          operation: UPDATE\n\
         \x20         fields: [total]\n    cdc:\n      enabled: true\n      event_type: Entity{number}Updated\n",
        number % 7
    )
}

/// So many of them, each with a reference to the next.
#[must_use]
pub fn workspace(size: usize) -> AnalysisHost {
    let mut host = AnalysisHost::new();
    let file = |it| (format!("entities/{it}.yaml"), Arc::from(entity(it, size)));
    host.set_files((0..size).map(file).collect());
    host
}

/// Entity `number` of a workspace of `size` around one hub: 1.2 kB, one finding of an action without `impact`. Entity 0 is used
/// by the thousand after it.
#[must_use]
pub fn entity_around_hub(number: usize, size: usize) -> String {
    let name = format!("Entity{number}");
    let other = if size > 2 { (number * 7 + 3) % size } else { 0 };
    let uses = (1..=1_000).contains(&number);
    let when = |it: bool, text: &str| if it { text.to_owned() } else { String::new() };
    let hub = when(number > 0, "  hub: ref(Entity0)!\n");
    let touches_hub = when(
        uses,
        "      - update: Entity0 SET counter = counter + 1, started_at = now() WHERE id = input.hub\n",
    );
    let side_effect = |fields: &str| {
        let entry = "      side_effects:\n        - entity: Entity0\n          operation: UPDATE\n";
        when(uses, &format!("{entry}          fields: [{fields}]\n"))
    };
    let closes_hub = when(
        uses,
        "      - if: hub.status = 'active'\n        then:\n          \
         - update: Entity0 SET status = 'draft' WHERE id = hub\n",
    );
    format!(
        "# Entity {number} of a generated workspace.\nentity: {name}\nschema: bench\n\nfields:\n  title: text!\n  \
         slug: slug\n  status: enum(draft, active, closed) = draft\n  amount: decimal(10,2)\n  counter: integer = 0!\n  \
         started_at: datetime\n{hub}  other: ref(Entity{other})\n\nactions:\n  - name: create_{number}\n    \
         description: Create one\n    steps:\n      - validate: title IS NOT NULL AND amount >= 0\n        \
         error: title_required\n      - insert: {name}\n{touches_hub}    impact:\n      primary:\n        \
         entity: {name}\n        operation: CREATE\n{}      cache_invalidations:\n        - query: entity{number}s\n          \
         strategy: REFETCH\n    cdc:\n      enabled: true\n      event_type: {name}Created\n      \
         payload: [title, status]\n  - name: close_{number}\n    steps:\n      - validate: status <> 'closed'\n        \
         error: closed\n      - update: {name} SET status = 'closed', counter = counter + 1\n{closes_hub}    impact:\n      \
         primary:\n        entity: {name}\n        operation: UPDATE\n        fields: [status, counter]\n{}    cdc:\n      \
         enabled: true\n      event_type: {name}Closed\n  - name: touch_{number}\n    steps:\n      \
         - update: {name} SET counter = counter + 1\n",
        side_effect("counter, started_at"),
        side_effect("status"),
    )
}
