//! Changes on the disk, noticed without anybody's help.
//!
//! Invariant: what happens in a watched folder is told within [`LONGEST`], or, where the system cannot
//! watch, at the next turn of the poll. What is told is a hint: the disk says what is true. Who needs the
//! disk as it is now takes what is [`Noticed`] and not told yet.

use std::{
    io,
    sync::mpsc::{self, Receiver, RecvTimeoutError, Sender},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

use camino::{Utf8Path, Utf8PathBuf};
use notify::{
    Event, EventKind, RecommendedWatcher, RecursiveMode,
    event::{AccessKind, AccessMode, ModifyKind},
};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::{Scan, file::is_source, scope::CONFIG_NAMES};

/// One save is several events; they are told together after so much silence.
const QUIET: Duration = Duration::from_millis(15);
/// The longest that an event waits for others.
const LONGEST: Duration = Duration::from_millis(150);
/// How often everything is looked at where the system cannot watch.
const POLL: Duration = Duration::from_millis(800);

/// What may have changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// These files.
    Files(Vec<Utf8PathBuf>),
    /// Which files there are, and which workspace each is in.
    Everything,
}

/// Watches the folders that a scan listed, those above, and those into which links lead.
pub struct Watcher {
    inner: Option<RecommendedWatcher>,
    folders: Arc<Mutex<Folders>>,
    events: Sender<Signal>,
    noticed: Noticed,
}

/// What a watcher has noticed and waits to tell, until a burst of events is over.
#[derive(Debug, Clone, Default)]
pub struct Noticed(Arc<Mutex<Burst>>);

#[derive(Debug, Default)]
struct Burst {
    files: FxHashSet<Utf8PathBuf>,
    everything: bool,
}

impl Noticed {
    /// Takes what is not told yet. It is told no more: who takes it acts on it.
    #[must_use]
    pub fn take(&self) -> Option<Change> {
        let burst = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if burst.everything {
            return Some(Change::Everything);
        }
        (!burst.files.is_empty()).then(|| Change::Files(burst.files.into_iter().collect()))
    }
}

#[derive(Debug, Default)]
struct Folders {
    /// Those whose files are looked at.
    listed: FxHashSet<Utf8PathBuf>,
    /// Those in which a configuration would govern them.
    above: FxHashSet<Utf8PathBuf>,
    /// Files that links lead to, and the links.
    targets: FxHashMap<Utf8PathBuf, Vec<Utf8PathBuf>>,
    /// Those that the system watches.
    watched: FxHashSet<Utf8PathBuf>,
}

enum Signal {
    Event(notify::Result<Event>),
    /// The system cannot watch.
    Poll,
}

impl Watcher {
    /// Starts to watch nothing. `tell` is called on a thread of its own, until the watcher is dropped.
    ///
    /// # Errors
    /// When there can be no thread.
    pub fn start(tell: impl Fn(Change) + Send + 'static) -> io::Result<Self> {
        let (events, queue) = mpsc::channel();
        let sender = events.clone();
        // Refused when the watcher is gone.
        let inner = notify::recommended_watcher(move |it| drop(sender.send(Signal::Event(it))));
        let inner = inner.inspect_err(|error| tracing::warn!(%error, "files are polled")).ok();
        Self::of(inner, events, queue, tell)
    }

    /// The same where the system is known to tell of nothing, as on a disk of another machine.
    ///
    /// # Errors
    /// When there can be no thread.
    pub fn poll(tell: impl Fn(Change) + Send + 'static) -> io::Result<Self> {
        let (events, queue) = mpsc::channel();
        Self::of(None, events, queue, tell)
    }

    fn of(
        inner: Option<RecommendedWatcher>,
        events: Sender<Signal>,
        queue: Receiver<Signal>,
        tell: impl Fn(Change) + Send + 'static,
    ) -> io::Result<Self> {
        let folders = Arc::<Mutex<Folders>>::default();
        if inner.is_none() {
            drop(events.send(Signal::Poll));
        }
        let noticed = Noticed::default();
        let told =
            Told { folders: Arc::clone(&folders), tell, polls: false, noticed: noticed.clone() };
        thread::Builder::new().name("watcher".into()).spawn(move || told.run(&queue))?;
        Ok(Self { inner, folders, events, noticed })
    }

    /// What is noticed, for who cannot wait until it is told.
    #[must_use]
    pub fn noticed(&self) -> Noticed {
        self.noticed.clone()
    }

    /// Watches what a scan listed and nothing else. Whether a folder is new: what came into it before
    /// now was not noticed, so the scan has to be repeated.
    pub fn follow(&mut self, scan: &Scan) -> bool {
        let mut above = FxHashSet::default();
        for folder in &scan.folders {
            above.extend(
                folder
                    .ancestors()
                    .skip(1)
                    .take_while(|it| !scan.folders.contains(*it))
                    .map(Utf8Path::to_owned),
            );
        }
        for folder in scan.absent.iter().flat_map(|it| it.ancestors()) {
            above.extend((!scan.folders.contains(folder)).then(|| folder.to_owned()));
        }
        let beside = scan.targets.keys().filter_map(|it| it.parent()).map(Utf8Path::to_owned);
        let wanted: FxHashSet<Utf8PathBuf> =
            scan.folders.union(&above).cloned().chain(beside).collect();
        let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        let gone: Vec<_> = folders.watched.difference(&wanted).cloned().collect();
        let new: Vec<_> = wanted.difference(&folders.watched).cloned().collect();
        folders.listed.clone_from(&scan.folders);
        folders.above = above;
        folders.targets.clone_from(&scan.targets);
        folders.watched = wanted;
        // The system's thread may wait for the lock to tell of something.
        drop(folders);
        let Some(inner) = &mut self.inner else { return false };
        for folder in gone {
            // It is no longer there, so neither is its watch.
            let _ = notify::Watcher::unwatch(inner, folder.as_std_path());
        }
        let mut fails = false;
        for folder in &new {
            let _ = notify::Watcher::unwatch(inner, folder.as_std_path());
            let res =
                notify::Watcher::watch(inner, folder.as_std_path(), RecursiveMode::NonRecursive);
            if let Err(error) = res {
                self.folders.lock().unwrap_or_else(PoisonError::into_inner).watched.remove(folder);
                // Above, nobody may be allowed to look; below, the folder may be gone again.
                fails |= scan.folders.contains(folder) && folder.is_dir();
                tracing::debug!(%folder, %error, "a folder cannot be watched");
            }
        }
        if fails {
            drop(self.events.send(Signal::Poll));
        }
        !new.is_empty()
    }
}

impl std::fmt::Debug for Watcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Watcher").field("folders", &self.folders).finish_non_exhaustive()
    }
}

/// The thread that tells.
struct Told<F> {
    folders: Arc<Mutex<Folders>>,
    tell: F,
    polls: bool,
    noticed: Noticed,
}

impl<F: Fn(Change)> Told<F> {
    fn run(mut self, queue: &Receiver<Signal>) {
        loop {
            let first = if self.polls {
                match queue.recv_timeout(POLL) {
                    Ok(it) => it,
                    Err(RecvTimeoutError::Timeout) => {
                        (self.tell)(Change::Everything);
                        continue;
                    }
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            } else {
                match queue.recv() {
                    Ok(it) => it,
                    Err(_) => return,
                }
            };
            if let Some(change) = self.gather(first, queue) {
                (self.tell)(change);
            }
        }
    }

    /// What a burst of events comes to, but for what somebody has taken meanwhile.
    fn gather(&mut self, first: Signal, queue: &Receiver<Signal>) -> Option<Change> {
        let end = Instant::now() + LONGEST;
        let mut next = Some(first);
        while let Some(signal) = next {
            match signal {
                Signal::Event(Ok(event)) => self.judge(event),
                // The system lost events.
                Signal::Event(Err(_)) => self.notice(|it| it.everything = true),
                Signal::Poll => self.polls = true,
            }
            let rest = end.saturating_duration_since(Instant::now());
            next = queue.recv_timeout(QUIET.min(rest)).ok().filter(|_| !rest.is_zero());
        }
        self.noticed.take()
    }

    fn notice(&self, note: impl FnOnce(&mut Burst)) {
        note(&mut self.noticed.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn judge(&self, event: Event) {
        if event.need_rescan() {
            self.notice(|it| it.everything = true);
        }
        let written = EventKind::Access(AccessKind::Close(AccessMode::Write));
        if matches!(event.kind, EventKind::Access(_)) && event.kind != written {
            return;
        }
        let vanishes =
            matches!(event.kind, EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_)));
        let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        for path in event.paths {
            let Ok(path) = Utf8PathBuf::from_path_buf(path) else { continue };
            // A folder that comes back under its name is another one, and not watched yet.
            if vanishes && folders.watched.contains(&path) {
                folders.watched.retain(|it| !it.starts_with(&path));
            }
            let links = folders.targets.get(&path).cloned().unwrap_or_default();
            let meaning = folders.meaning(&path);
            self.notice(|it| {
                it.files.extend(links);
                match meaning {
                    Some(Change::Everything) => it.everything = true,
                    Some(Change::Files(files)) => it.files.extend(files),
                    None => {}
                }
            });
        }
    }
}

impl Folders {
    /// What an event at a path is about, if anybody cares.
    fn meaning(&self, path: &Utf8Path) -> Option<Change> {
        let (name, folder) = (path.file_name()?, path.parent()?);
        let decides = CONFIG_NAMES.contains(&name) || [".gitignore", ".ignore"].contains(&name);
        let known = self.listed.contains(path) || self.above.contains(path);
        if self.listed.contains(folder) {
            if decides || known || name == ".git" {
                return Some(Change::Everything);
            }
            if is_source(path) && !path.is_dir() {
                return Some(Change::Files(vec![path.to_owned()]));
            }
            return path.is_dir().then_some(Change::Everything);
        }
        (self.above.contains(folder) && (decides || known)).then_some(Change::Everything)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Scope, test_support::Tree};

    fn watched(tree: &Tree) -> (Watcher, Receiver<Change>) {
        let (sender, changes) = mpsc::channel();
        let mut watcher = Watcher::start(move |it| drop(sender.send(it))).unwrap();
        let scope = Scope::new(vec![tree.at("w")]);
        assert!(watcher.follow(&scope.scan()));
        assert!(!watcher.follow(&scope.scan()));
        (watcher, changes)
    }

    fn next(changes: &Receiver<Change>) -> Change {
        changes.recv_timeout(Duration::from_secs(10)).unwrap()
    }

    #[test]
    fn a_file_is_told_by_its_name_and_whatever_decides_more_is_everything() {
        let tree = Tree::new(&["w/a/b.yaml", "w/.gitignore=build/", "w/build/c.yaml"]);
        let (_watcher, changes) = watched(&tree);
        let file = Change::Files(vec![tree.at("w/a/b.yaml")]);
        tree.write("w/a/b.yaml=entity: B");
        assert_eq!(next(&changes), file);
        // Nobody cares for these.
        tree.write("w/build/d.yaml");
        tree.write("w/a/notes.md");
        tree.write("other.yaml");
        std::fs::remove_file(tree.at("w/a/b.yaml")).unwrap();
        assert_eq!(next(&changes), file);
        for step in ["w/specql.config.yaml=", "w/.gitignore=", "w/new/d.yaml", "specql.config.yml="]
        {
            tree.write(step);
            while next(&changes) != Change::Everything {}
        }
        std::fs::remove_dir_all(tree.at("w")).unwrap();
        while next(&changes) != Change::Everything {}
    }

    /// Whoever cannot wait for the end of a burst has what happened before it asks, and nobody is told of
    /// that again.
    #[test]
    fn what_is_noticed_can_be_taken_before_it_is_told() {
        let tree = Tree::new(&["w/a.yaml"]);
        // Silence never comes, so nothing is told within the test.
        let (events, queue) = mpsc::channel();
        let told = Told {
            folders: Arc::default(),
            tell: |_| {},
            polls: false,
            noticed: Noticed::default(),
        };
        told.folders.lock().unwrap().listed.insert(tree.at("w"));
        let noticed = told.noticed.clone();
        assert_eq!(noticed.take(), None);
        let event = Event::new(EventKind::Create(notify::event::CreateKind::File))
            .add_path(tree.at("w/a.yaml").into());
        told.judge(event.clone());
        let file = Change::Files(vec![tree.at("w/a.yaml")]);
        assert_eq!(noticed.take(), Some(file));
        assert_eq!(noticed.take(), None);
        let mut told = told;
        drop(events.send(Signal::Event(Err(notify::Error::generic("lost")))));
        assert_eq!(told.gather(Signal::Event(Ok(event)), &queue), Some(Change::Everything));
    }

    #[test]
    fn a_folder_that_comes_back_is_watched_again() {
        let tree = Tree::new(&["w/a/b.yaml"]);
        let (mut watcher, changes) = watched(&tree);
        std::fs::remove_dir_all(tree.at("w/a")).unwrap();
        tree.write("w/a/b.yaml");
        while next(&changes) != Change::Everything {}
        let scan = Scope::new(vec![tree.at("w")]).scan();
        assert!(watcher.follow(&scan));
        while changes.recv_timeout(Duration::from_millis(300)).is_ok() {}
        tree.write("w/a/b.yaml=entity: B");
        assert_eq!(next(&changes), Change::Files(vec![tree.at("w/a/b.yaml")]));
    }

    #[test]
    fn the_folder_itself_may_go_and_come_back() {
        let tree = Tree::new(&["d/w/a.yaml"]);
        let (sender, changes) = mpsc::channel();
        let mut watcher = Watcher::start(move |it| drop(sender.send(it))).unwrap();
        let scope = Scope::new(vec![tree.at("d/w")]);
        watcher.follow(&scope.scan());
        std::fs::remove_dir_all(tree.at("d")).unwrap();
        while next(&changes) != Change::Everything {}
        watcher.follow(&scope.scan());
        while changes.recv_timeout(Duration::from_millis(300)).is_ok() {}
        tree.write("d/w/a.yaml");
        while next(&changes) != Change::Everything {}
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_a_link_leads_to_is_told_of_by_the_link() {
        let tree = Tree::new(&["common/a.yaml", "w/a.yaml->../common/a.yaml"]);
        let (_watcher, changes) = watched(&tree);
        tree.write("common/other.yaml");
        tree.write("common/a.yaml=entity: B");
        assert_eq!(next(&changes), Change::Files(vec![tree.at("w/a.yaml")]));
    }

    #[test]
    fn where_the_system_cannot_watch_everything_is_looked_at_again_and_again() {
        let (sender, changes) = mpsc::channel();
        let _watcher = Watcher::poll(move |it| drop(sender.send(it))).unwrap();
        let begun = Instant::now();
        assert_eq!(next(&changes), Change::Everything);
        assert_eq!(next(&changes), Change::Everything);
        assert!(begun.elapsed() >= POLL, "it must not be busy");
    }

    #[test]
    fn a_folder_that_is_moved_is_everything() {
        let tree = Tree::new(&["w/a/b.yaml"]);
        let (_watcher, changes) = watched(&tree);
        std::fs::rename(tree.at("w/a"), tree.at("w/c")).unwrap();
        assert_eq!(next(&changes), Change::Everything);
    }
}
