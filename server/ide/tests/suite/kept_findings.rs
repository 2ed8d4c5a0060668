//! Findings that are kept over an edit are those of a new state, and few are made again.
//!
//! `SPECQL_SESSION_STEPS` sets the length of the random sessions, `SPECQL_SESSIONS` their number.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use proptest::{prelude::*, sample::select};
use specql_ide::{Analysis, AnalysisHost, Asked, Diagnostic, FileId};

/// A client that keeps what was found and asks only for what may have changed.
#[derive(Default)]
struct Client {
    host: AnalysisHost,
    files: BTreeMap<String, String>,
    kept: BTreeMap<String, Vec<String>>,
}

impl Client {
    fn set(&mut self, path: &str, text: &str) {
        self.host.set_file(path, text);
        self.files.insert(path.to_owned(), text.to_owned());
    }

    fn set_many(&mut self, files: &[(String, String)]) {
        let texts = files.iter().map(|(path, text)| (path.clone(), Arc::from(text.as_str())));
        self.host.set_files(texts.collect());
        self.files.extend(files.iter().cloned());
    }

    fn remove(&mut self, path: &str) {
        self.host.remove_file(path);
        self.files.remove(path);
        self.kept.remove(path);
    }

    /// Checks what may have changed. Gives the paths.
    fn check(&mut self) -> BTreeSet<String> {
        let mut checked = BTreeSet::new();
        let files = self.host.take_unchecked();
        let analysis = self.host.analysis();
        for file in files {
            let (findings, reads) = analysis.check(file, Asked::default());
            self.host.note_checked(file, reads);
            let path = analysis.path(file).expect("it is there").to_owned();
            self.kept.insert(path.clone(), shown(&analysis, &findings));
            checked.insert(path);
        }
        checked
    }

    /// What a new state says, which keeps nothing.
    fn cold(&self) -> BTreeMap<String, Vec<String>> {
        let mut host = AnalysisHost::new();
        let texts = self.files.iter().map(|(path, text)| (path.clone(), Arc::from(text.as_str())));
        host.set_files(texts.collect());
        let analysis = host.analysis();
        let of =
            |it: FileId| (analysis.path(it).unwrap_or("?").to_owned(), analysis.diagnostics(it));
        let files = analysis.files().into_iter().map(of);
        files.map(|(path, it)| (path, shown(&analysis, &it))).collect()
    }
}

/// Findings as text, with paths for numbers.
fn shown(analysis: &Analysis, findings: &[Diagnostic]) -> Vec<String> {
    let path = |file: FileId| analysis.path(file).unwrap_or("?").to_owned();
    let one = |it: &Diagnostic| {
        let related: Vec<_> =
            it.related.iter().map(|it| (path(it.file), it.range, &it.message)).collect();
        let fixes: Vec<_> = it
            .fixes
            .iter()
            .map(|it| (&it.title, it.edits.iter().map(|it| &it.edit).collect::<Vec<_>>()))
            .collect();
        format!("{} {:?} {:?} {} {related:?} {fixes:?}", it.code, it.level, it.range, it.message)
    };
    findings.iter().map(one).collect()
}

const PATHS: [&str; 7] =
    ["/a.yaml", "/b.yaml", "/c.yaml", "/d.yaml", "/e.yaml", "/f.yaml", "/specql.config.yaml"];

/// Names that are equal, near and folded alike.
fn name() -> impl Strategy<Value = &'static str> {
    select(vec!["User", "Post", "Company", "Comment", "Pots", "User_", ""])
}

fn field() -> impl Strategy<Value = &'static str> {
    select(vec![
        "  title: text!\n",
        "  count: integer = 0\n",
        "  author: ref(User)\n",
        "  company: ref(Company)\n",
        "  post: ref(crm.Post)\n",
        "  status: enum(draft, sent)\n",
        "  other: ref(Pots)\n",
        "  \"broken: [\n",
        "# a line that moves what is below\n",
    ])
}

fn step() -> impl Strategy<Value = &'static str> {
    select(vec![
        "      - update: User SET count = count + 1\n",
        "      - update: Post SET title = 'x' WHERE id = author\n",
        "      - validate: author.company.title = 'x'\n",
        "      - validate: author.company.post.status = 'sent'\n",
        "      - insert: Comment(title, author)\n",
        "      - call: one\n",
        "      - call: crm.two\n",
        "      - delete: Company\n",
        "      - update: Usr SET count = 1\n",
    ])
}

fn rest() -> impl Strategy<Value = &'static str> {
    select(vec![
        "",
        "    impact:\n      primary:\n        entity: User\n        operation: UPDATE\n        fields: [count]\n",
        "    impact:\n      primary:\n        entity: Post\n        operation: CREATE\n    cdc:\n      enabled: true\n",
        "    impact:\n      primary:\n        operation: UPDATE\n    cdc:\n      enabled: true\n      event_type: PostUpdated\n      payload: [title, count]\n",
        "    cdc:\n      enabled: true\n      event_type: UserUpdated\n",
    ])
}

prop_compose! {
    fn action()(
        name in select(vec!["one", "two", "fn_one"]),
        steps in prop::collection::vec(step(), 0..3),
        rest in rest(),
    ) -> String {
        format!("  - name: {name}\n    steps:\n{}{rest}", steps.concat())
    }
}

prop_compose! {
    fn entity_text()(
        name in name(),
        schema in select(vec!["", "schema: crm\n", "schema: blog\n"]),
        fields in prop::collection::vec(field(), 0..4),
        actions in prop::collection::vec(action(), 0..3),
    ) -> String {
        format!("entity: {name}\n{schema}fields:\n{}actions:\n{}", fields.concat(), actions.concat())
    }
}

fn text() -> impl Strategy<Value = String> {
    let other = select(vec![
        "rules:\n  missing-impact: error\n",
        "rules:\n  unknown-entity: off\ncompat: off\n",
        "services: 1\n",
        "entity:\n\tfields: [",
    ]);
    prop_oneof![9 => entity_text(), 1 => other.prop_map(str::to_owned)]
}

#[derive(Debug, Clone)]
enum Change {
    Set(&'static str, String),
    /// A line is added at the front of a file, or taken away.
    Move(&'static str),
    SetMany(Vec<(&'static str, String)>),
    Remove(&'static str),
    Compare,
}

fn change() -> impl Strategy<Value = Change> {
    let path = || select(PATHS.to_vec());
    prop_oneof![
        8 => (path(), text()).prop_map(|(path, text)| Change::Set(path, text)),
        2 => path().prop_map(Change::Move),
        1 => prop::collection::vec((path(), text()), 0..4).prop_map(Change::SetMany),
        2 => path().prop_map(Change::Remove),
        2 => Just(Change::Compare),
    ]
}

fn apply(client: &mut Client, change: Change) {
    match change {
        Change::Set(path, text) => client.set(path, &text),
        Change::Move(path) => {
            let Some(text) = client.files.get(path).cloned() else { return };
            match text.strip_prefix("# moved\n") {
                Some(rest) => client.set(path, rest),
                None => client.set(path, &format!("# moved\n{text}")),
            }
        }
        Change::SetMany(many) => {
            let many: Vec<_> = many.into_iter().map(|(path, it)| (path.to_owned(), it)).collect();
            client.set_many(&many);
        }
        Change::Remove(path) => client.remove(path),
        Change::Compare => {}
    }
}

fn setting(name: &str, default: u32) -> u32 {
    std::env::var(name).ok().and_then(|it| it.parse().ok()).unwrap_or(default)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: setting("SPECQL_SESSIONS", 48), failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn what_is_kept_is_what_a_new_state_says(
        changes in prop::collection::vec(change(), 1..=setting("SPECQL_SESSION_STEPS", 40) as usize)
    ) {
        let mut client = Client::default();
        let last = changes.len();
        for (number, change) in (1..).zip(changes) {
            let compare = matches!(change, Change::Compare) || number == last;
            apply(&mut client, change);
            client.check();
            if compare {
                prop_assert_eq!(&client.kept, &client.cold());
            }
        }
    }
}

/// A workspace of `size` entities, of which 20 use the first one, all checked.
fn workspace(size: usize) -> Client {
    let mut client = Client::default();
    let files: Vec<_> = (0..size).map(|it| (path(it), generated(it, size))).collect();
    client.set_many(&files);
    assert_eq!(client.check().len(), size);
    client
}

fn path(number: usize) -> String {
    format!("/{number:05}.yaml")
}

fn generated(number: usize, size: usize) -> String {
    let uses = (1..=20).contains(&number);
    let hub = if uses { "  hub: ref(Entity0)\n" } else { "" };
    let write = if uses { "      - update: Entity0 SET count = 1 WHERE id = hub\n" } else { "" };
    let next = (number + 1) % size;
    format!(
        "entity: Entity{number}\nfields:\n  title: text\n  count: integer\n  next: ref(Entity{next})\n{hub}actions:\n\
         \x20 - name: act_{number}\n    steps:\n      - update: Entity{number} SET title = 'x'\n{write}\
         \x20   impact:\n      primary:\n        entity: Entity{number}\n        operation: UPDATE\n        fields: [title]\n\
         \x20     cache_invalidations:\n        - query: entity{number}s\n\
        \x20   cdc:\n      enabled: true\n      event_type: Entity{number}Updated\n      partition_key: title\n"
    )
}

/// How many files are checked after one replacement in one file.
fn checked(client: &mut Client, number: usize, from: &str, to: &str) -> BTreeSet<String> {
    let path = path(number);
    let text = client.files.get(&path).expect("it is there").replacen(from, to, 1);
    client.set(&path, &text);
    client.check()
}

#[test]
fn an_edit_checks_what_it_can_affect_whatever_the_size() {
    for size in [50, 400] {
        let mut client = workspace(size);
        let body = checked(&mut client, 7, "title = 'x'", "title = 'xy'");
        assert_eq!(body.len(), 1, "a step: {body:?}");
        let wrong = checked(&mut client, 8, "title = 'x'", "titel = nobody.nowhere");
        assert_eq!(wrong.len(), 1, "names that mean nothing: {wrong:?}");
        let body = checked(&mut client, 7, "title = 'xy'", "title = 'x'");
        assert_eq!(body.len(), 1, "a step, beside names that mean nothing: {body:?}");
        let event = checked(&mut client, 30, "Entity30Updated", "EntityThirtyUpdated");
        assert_eq!(event.len(), 1, "an event nobody else has: {event:?}");
        let event = checked(&mut client, 30, "EntityThirtyUpdated", "Entity31Updated");
        assert_eq!(event.len(), 2, "the event of another file: {event:?}");
        let field = checked(&mut client, 0, "  count:", "  counts:");
        assert_eq!(field.len(), 21, "the hub and those that use its fields: {field:?}");
        let action = checked(&mut client, 40, "act_40", "act_forty");
        assert_eq!(action.len(), 1, "an action nobody calls: {action:?}");
        let name = checked(&mut client, 40, "entity: Entity40", "entity: Entry40");
        assert_eq!(name.len(), 2, "an entity with one user: {name:?}");
        assert_eq!(client.kept, client.cold());
        let name = checked(&mut client, 40, "entity: Entry40", "entity: Entity40");
        assert_eq!(name.len(), 2, "and back: {name:?}");
        client.set("/specql.config.yaml", "rules:\n  missing-impact: off\n");
        assert_eq!(client.check().len(), size + 1, "settings are everybody's");
    }
}

#[test]
fn a_text_that_is_as_it_was_checks_nothing() {
    let mut client = workspace(10);
    let text = client.files.get(&path(3)).expect("it is there").clone();
    client.set(&path(3), &text);
    client.set_many(&[(path(4), client.files[&path(4)].clone())]);
    assert!(client.check().is_empty());
}
