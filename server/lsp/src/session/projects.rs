//! The projects of a session: one for each workspace on the disk, and one for what lies on none.

use crate::convert::file_key::FileKey;
use crate::session::project::{Project, ProjectId};
use rustc_hash::FxHashMap;
use specql_project::Root;

/// All projects.
#[derive(Debug)]
pub(crate) struct Projects {
    outside: Project,
    workspaces: Vec<Project>,
    /// The projects of open files.
    homes: FxHashMap<FileKey, ProjectId>,
    last_id: u32,
}

impl Projects {
    pub(crate) fn new() -> Self {
        Self {
            outside: Project::outside(),
            workspaces: Vec::new(),
            homes: FxHashMap::default(),
            last_id: 0,
        }
    }

    /// The project of a workspace, made when there is none.
    pub(crate) fn of_root(&mut self, root: &Root) -> &mut Project {
        let index = self.workspaces.iter().position(|it| it.root.path() == Some(&*root.path));
        let index = index.unwrap_or_else(|| {
            self.last_id += 1;
            let id = ProjectId(self.last_id);
            self.workspaces.push(Project::of_workspace(id, root.path.clone()));
            self.workspaces.len() - 1
        });
        // It was found or has just been added.
        self.workspaces.get_mut(index).unwrap_or(&mut self.outside)
    }

    /// The project of a workspace that is known.
    pub(crate) fn find(&mut self, root: &Root) -> Option<&mut Project> {
        self.workspaces.iter_mut().find(|it| it.root.path() == Some(&*root.path))
    }

    /// Takes the others away.
    pub(crate) fn retain(&mut self, stays: impl Fn(&Project) -> bool) {
        self.workspaces.retain(stays);
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Project> {
        std::iter::once(&self.outside).chain(&self.workspaces)
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Project> {
        std::iter::once(&mut self.outside).chain(&mut self.workspaces)
    }

    /// A project that has not been taken away.
    pub(crate) fn get_mut(&mut self, id: ProjectId) -> Option<&mut Project> {
        self.iter_mut().find(|it| it.id == id)
    }

    /// Gives an open file to a project. Gives the project it was in before, open or read from the disk, if that
    /// is another.
    pub(crate) fn settle(&mut self, key: FileKey, id: ProjectId) -> Option<&mut Project> {
        let holder = self.holder(&key);
        let old = self.homes.insert(key, id).or(holder).filter(|it| *it != id)?;
        self.get_mut(old)
    }

    /// The projects of all open files.
    pub(crate) fn homes(&self) -> FxHashMap<FileKey, ProjectId> {
        self.homes.clone()
    }

    /// Notes that a file is no longer open.
    pub(crate) fn unsettle(&mut self, key: &FileKey) {
        self.homes.remove(key);
    }

    /// The project a file is in: that of an open file, else the one that read it from the disk, else
    /// the one outside of all.
    pub(crate) fn home_mut(&mut self, key: &FileKey) -> &mut Project {
        let id = match self.homes.get(key) {
            Some(id) => *id,
            None => self.holder(key).unwrap_or_default(),
        };
        match self.workspaces.iter_mut().find(|it| it.id == id) {
            Some(it) => it,
            None => &mut self.outside,
        }
    }

    /// The project that read a file from the disk.
    pub(crate) fn holder(&self, key: &FileKey) -> Option<ProjectId> {
        self.iter().find(|it| it.indexed.contains_key(key)).map(|it| it.id)
    }

    /// The only project of a workspace, if there is one.
    pub(crate) fn single(&self) -> Option<ProjectId> {
        match self.workspaces.as_slice() {
            [one] => Some(one.id),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use specql_project::Depth;

    #[test]
    fn an_open_file_is_in_the_project_it_was_given_to() {
        let mut projects = Projects::new();
        let root = |path: &str| Root { path: path.into(), depth: Depth::All };
        let (a, b) = (projects.of_root(&root("/a")).id, projects.of_root(&root("/a/b")).id);
        assert_eq!(projects.of_root(&root("/a")).id, a);
        let key = FileKey::of_path("/a/b/c.yaml".into());
        assert_eq!(projects.home_mut(&key).root.path(), None);
        assert!(projects.settle(key.clone(), a).is_none());
        assert_eq!(projects.home_mut(&key).id, a);
        assert_eq!(projects.settle(key.clone(), b).map(|it| it.id), Some(a));
        assert_eq!(projects.home_mut(&key).id, b);
        assert_eq!(projects.single(), None);
        projects.retain(|it| it.id != b);
        assert_eq!(projects.home_mut(&key).root.path(), None);
        assert_eq!(projects.single(), Some(a));
    }
}
