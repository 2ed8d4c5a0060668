//! Generated workspaces: 1.2 kB an entity, one finding in each file, one entity that others use.

use serde_json::{Value, json};
use std::path::PathBuf;

/// A folder, gone with the value.
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    pub(crate) fn root(&self) -> String {
        format!("file://{}", self.0.path().display())
    }

    /// The file of an entity.
    pub(crate) fn path(&self, number: usize) -> PathBuf {
        self.0.path().join(format!("d{}/entity{number}.yaml", number / 100))
    }
}

/// Writes a workspace.
pub(crate) fn write(size: usize) -> Folder {
    let folder = Folder(tempfile::tempdir().unwrap());
    for number in 0..size {
        let path = folder.path(number);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, entity(number, size)).unwrap();
    }
    folder
}

/// Line and column behind a part of a text.
pub(crate) fn place(text: &str, needle: &str) -> (usize, usize) {
    let (line, found) = text.lines().enumerate().find(|it| it.1.contains(needle)).unwrap();
    (line, found.find(needle).unwrap() + needle.len())
}

/// Changes that write a word letter by letter and take it away again, without end.
pub(crate) fn keys(word: &str, line: usize, column: usize) -> impl Iterator<Item = Value> {
    let letters: Vec<String> = word.chars().map(String::from).collect();
    let at = move |it: usize| json!({ "line": line, "character": column + it });
    let count = letters.len();
    (0..).map(move |key| match key % (2 * count) {
        it if it < count => {
            json!({ "range": { "start": at(it), "end": at(it) }, "text": letters[it] })
        }
        it => {
            let end = 2 * count - it;
            json!({ "range": { "start": at(end - 1), "end": at(end) }, "text": "" })
        }
    })
}

fn entity(number: usize, size: usize) -> String {
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
