//! A state that was changed step by step answers like a new one that is given the same files.

use std::{collections::BTreeMap, sync::Arc};

use proptest::prelude::*;
use specql_ide::{Analysis, AnalysisHost, FileId, LensKind};

const PATHS: [&str; 5] = ["/a.yaml", "/b.yaml", "/c.yaml", "/d.yaml", "/specql.config.yaml"];

/// Texts that depend on one another: each names an entity, an action or a setting of others.
const TEXTS: [&str; 9] = [
    "entity: User\nschema: blog\nfields:\n  name: text\n  post_count: integer\n",
    "entity: User\nschema: crm\nfields:\n  name: text\n",
    "entity: Post\nschema: blog\nfields:\n  title: text!\n  author: ref(User)!\nactions:\n  \
     - name: create_post\n    steps:\n      - insert: Post\n      \
     - update: User SET post_count = post_count + 1\n    impact:\n      primary:\n        \
     entity: Post\n        operation: CREATE\n",
    "entity: Post\nfields:\n  titel: text\n  author: ref(blog.User)\nactions:\n  \
     - name: create_post\n    steps:\n      - insert: Post(title)\n      - call: greet\n",
    "entity: Comment\nschema: blog\nfields:\n  post: ref(Post)\n  text: text\nactions:\n  \
     - name: greet\n    steps:\n      - update: Post SET title = 'x'\n      - call: create_post\n    \
     cdc:\n      enabled: true\n      event_type: PostCreated\n",
    "rules:\n  missing-impact: error\n",
    "rules:\n  missing-impact: off\n  unknown-entity: info\n",
    "services:\n  web: 1\n",
    "entity:\n\tfields: [",
];

#[derive(Debug, Clone)]
enum Change {
    Set(usize, usize),
    SetMany(Vec<(usize, usize)>),
    Remove(usize),
    /// A snapshot in between, so that nothing depends on when work is done.
    Look,
}

fn change() -> impl Strategy<Value = Change> {
    let file = || (0..PATHS.len(), 0..TEXTS.len());
    prop_oneof![
        4 => file().prop_map(|(path, text)| Change::Set(path, text)),
        1 => prop::collection::vec(file(), 0..4).prop_map(Change::SetMany),
        2 => (0..PATHS.len()).prop_map(Change::Remove),
        2 => Just(Change::Look),
    ]
}

/// Everything a client sees, with paths for numbers: numbers depend on the order of changes.
fn answers(analysis: &Analysis) -> Vec<String> {
    let path = |file: FileId| analysis.path(file).unwrap_or("?").to_owned();
    let mut res = vec![format!("{} entities", analysis.entity_count())];
    for file in analysis.files() {
        res.push(path(file));
        for it in analysis.diagnostics(file) {
            let related: Vec<_> =
                it.related.iter().map(|it| (path(it.file), it.range, &it.message)).collect();
            let fixes: Vec<_> = it
                .fixes
                .iter()
                .map(|it| {
                    let edits: Vec<_> =
                        it.edits.iter().map(|it| (path(it.file), &it.edit)).collect();
                    (&it.title, it.applicability, edits)
                })
                .collect();
            let what = (it.code, it.level, it.range, &it.message, &it.help, &it.tags);
            res.push(format!("{what:?} {related:?} {fixes:?}"));
        }
        for it in analysis.code_lenses(file) {
            match &it.kind {
                LensKind::Preview(title, target) => {
                    res.push(format!("{:?} {title}", it.range));
                    res.extend(analysis.preview(target).map(|it| it.text));
                }
                LensKind::Uses(of) => {
                    let uses = analysis.uses(file, it.range.start(), *of).into_iter();
                    let uses: Vec<_> =
                        uses.map(|it| (path(it.file), it.range, it.access, it.action)).collect();
                    res.push(format!("{:?} {uses:?}", it.range));
                }
            }
        }
        let symbols = analysis.document_symbols(file);
        res.push(format!("{symbols:?}"));
    }
    res
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changes_lead_where_a_new_state_begins(changes in prop::collection::vec(change(), 1..24)) {
        let mut host = AnalysisHost::new();
        let mut files: BTreeMap<&str, &str> = BTreeMap::new();
        for it in changes {
            match it {
                Change::Set(path, text) => {
                    host.set_file(PATHS[path], TEXTS[text]);
                    files.insert(PATHS[path], TEXTS[text]);
                }
                Change::SetMany(many) => {
                    let texts = many.iter().map(|(path, text)| {
                        (PATHS[*path].to_owned(), Arc::<str>::from(TEXTS[*text]))
                    });
                    host.set_files(texts.collect());
                    files.extend(many.iter().map(|(path, text)| (PATHS[*path], TEXTS[*text])));
                }
                Change::Remove(path) => {
                    let was_there = files.remove(PATHS[path]).is_some();
                    prop_assert_eq!(host.remove_file(PATHS[path]).is_some(), was_there);
                }
                Change::Look => {
                    host.analysis();
                }
            }
        }
        let mut new = AnalysisHost::new();
        for (path, text) in &files {
            new.set_file(path, *text);
        }
        let (changed, new) = (answers(&host.analysis()), answers(&new.analysis()));
        for (changed, new) in changed.iter().flat_map(|it| it.lines()).zip(new.iter().flat_map(|it| it.lines())) {
            prop_assert_eq!(changed, new);
        }
        prop_assert_eq!(changed.len(), new.len());
    }
}

#[test]
fn a_snapshot_does_not_see_later_changes() {
    let mut host = AnalysisHost::new();
    let file = host.set_file("/a.yaml", "entity: User\n");
    let before = host.analysis();
    host.set_file("/a.yaml", "entity: Person\n");
    assert_eq!(&**before.text(file).unwrap(), "entity: User\n");
    assert_eq!(&**host.analysis().text(file).unwrap(), "entity: Person\n");
}

#[test]
fn a_file_that_comes_back_has_its_number_and_no_other_file_gets_it() {
    let mut host = AnalysisHost::new();
    let first = host.set_file("/a.yaml", "entity: User\n");
    assert_eq!(host.remove_file("/a.yaml"), Some(first));
    assert_eq!((host.file_id("/a.yaml"), host.remove_file("/a.yaml")), (None, None));
    assert_ne!(host.set_file("/b.yaml", ""), first);
    assert_eq!(host.set_file("/a.yaml", ""), first);
}

#[test]
fn a_snapshot_may_go_to_other_threads() {
    fn is_shared<T: Clone + Send + Sync + 'static>() {}
    is_shared::<Analysis>();
}
