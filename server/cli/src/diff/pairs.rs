//! Which workspace of a revision is which of now: the one in the same folder, else one that has moved.
//!
//! Invariant: a workspace is paired once, and what lies in the same folder on both sides is one workspace
//! whatever it holds.

use camino::Utf8PathBuf;
use specql_project::{LoadedWorkspace, Revision};

/// A workspace in both revisions.
pub(super) struct Pair<'a> {
    /// Its folder now, or where it was.
    pub(super) root: Utf8PathBuf,
    pub(super) now: Option<&'a LoadedWorkspace>,
    pub(super) then: Option<&'a LoadedWorkspace>,
}

/// The pairs in the order of their folders.
pub(super) fn of<'a>(workspaces: &'a [LoadedWorkspace], base: &'a Revision) -> Vec<Pair<'a>> {
    let mut then: Vec<_> = base.loaded.workspaces.iter().collect();
    let mut take = |wanted: &dyn Fn(&LoadedWorkspace) -> bool| {
        then.iter().position(|it| wanted(it)).map(|at| then.remove(at))
    };
    let mut pairs: Vec<Pair<'a>> = workspaces
        .iter()
        .map(|now| {
            let root = now.root.path.clone();
            let then = take(&|it| base.in_repository(&it.root.path) == root);
            Pair { root, now: Some(now), then }
        })
        .collect();
    // The most alike find each other first.
    let mut alike: Vec<(usize, usize, usize)> = Vec::new();
    for (at, pair) in pairs.iter().enumerate().filter(|(_, it)| it.then.is_none()) {
        let Some(now) = pair.now else { continue };
        let shared = then.iter().enumerate().map(|(of, it)| (shared(it, now), at, of));
        alike.extend(shared.filter_map(|(shared, at, of)| Some((shared?, at, of))));
    }
    alike.sort_by_key(|it| (std::cmp::Reverse(it.0), it.1, it.2));
    let mut moved = vec![false; then.len()];
    for (_, at, of) in alike {
        let (Some(pair), Some(is_moved)) = (pairs.get_mut(at), moved.get_mut(of)) else { continue };
        if pair.then.is_none() && !*is_moved {
            pair.then = then.get(of).copied();
            *is_moved = true;
        }
    }
    let gone =
        then.into_iter().zip(moved).filter(|(_, is_moved)| !is_moved && !base.is_elsewhere());
    pairs.extend(gone.map(|(then, _)| {
        let root = base.in_repository(&then.root.path);
        Pair { root, now: None, then: Some(then) }
    }));
    pairs.sort_by(|one, other| one.root.cmp(&other.root));
    pairs
}

/// How many entities two workspaces share; nothing when it is less than half of those of either.
fn shared(then: &LoadedWorkspace, now: &LoadedWorkspace) -> Option<usize> {
    let (then, now) = (then.analysis.entity_names(), now.analysis.entity_names());
    let shared = then.intersection(&now).count();
    (shared > 0 && 2 * shared >= then.len().max(now.len())).then_some(shared)
}
