//! The projects, and which of them a file belongs to: the one with the innermost folder above it,
//! else the one outside of all folders.

use crate::convert::file_key::FileKey;
use crate::session::files::Depth;
use crate::session::project::{Project, ProjectId};
use camino::{Utf8Path, Utf8PathBuf};

/// All projects.
#[derive(Debug)]
pub(crate) struct Projects {
    outside: Project,
    folders: Vec<Project>,
    last_id: u32,
}

impl Projects {
    pub(crate) fn new() -> Self {
        Self { outside: Project::outside(), folders: Vec::new(), last_id: 0 }
    }

    /// Adds the project of a folder, unless there is one.
    pub(crate) fn add(&mut self, root: Utf8PathBuf, depth: Depth) {
        if !self.folders.iter().any(|it| it.root.path.as_ref() == Some(&root)) {
            self.last_id += 1;
            self.folders.push(Project::of_folder(ProjectId(self.last_id), root, depth));
        }
    }

    /// Takes the project of a folder away.
    pub(crate) fn remove(&mut self, root: &Utf8Path) -> Option<Project> {
        let index = self.folders.iter().position(|it| it.root.path.as_deref() == Some(root))?;
        Some(self.folders.remove(index))
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Project> {
        std::iter::once(&mut self.outside).chain(&mut self.folders)
    }

    /// The projects of folders.
    pub(crate) fn folders(&self) -> impl Iterator<Item = &Project> {
        self.folders.iter()
    }

    /// A project that has not been taken away.
    pub(crate) fn get_mut(&mut self, id: ProjectId) -> Option<&mut Project> {
        self.iter_mut().find(|it| it.id == id)
    }

    /// The project a file belongs to.
    pub(crate) fn home(&self, key: &FileKey) -> &Project {
        self.folder_above(key).and_then(|it| self.folders.get(it)).unwrap_or(&self.outside)
    }

    /// The project a file belongs to.
    pub(crate) fn home_mut(&mut self, key: &FileKey) -> &mut Project {
        match self.folder_above(key).and_then(|it| self.folders.get_mut(it)) {
            Some(it) => it,
            None => &mut self.outside,
        }
    }

    fn folder_above(&self, key: &FileKey) -> Option<usize> {
        let above = self.folders.iter().enumerate().filter(|(_, it)| it.root.contains(key));
        let depth = |it: &Project| it.root.path.as_ref().map_or(0, |root| root.as_str().len());
        above.max_by_key(|(_, it)| depth(it)).map(|(index, _)| index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_belongs_to_the_innermost_folder() {
        let mut projects = Projects::new();
        for root in ["/a", "/a/b", "/a"] {
            projects.add(root.into(), Depth::All);
        }
        let home = |projects: &Projects, path: &str| {
            projects.home(&FileKey::of_path(path.into())).root.path.clone()
        };
        assert_eq!(home(&projects, "/a/b/c.yaml"), Some("/a/b".into()));
        assert_eq!(home(&projects, "/a/bc.yaml"), Some("/a".into()));
        assert_eq!(home(&projects, "/c.yaml"), None);
        assert!(projects.remove("/a/b".into()).is_some());
        assert_eq!(home(&projects, "/a/b/c.yaml"), Some("/a".into()));
        assert_eq!(projects.folders().count(), 1);
    }
}
