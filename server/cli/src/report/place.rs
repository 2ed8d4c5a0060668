//! Paths as somebody else counts them: from the folder of the repository, or that of a baseline.

use std::{
    env,
    path::{Component, Path, PathBuf},
};

/// The folder that paths are given from.
#[derive(Debug)]
pub(crate) struct Base {
    /// Where paths of the report begin.
    here: PathBuf,
    from: PathBuf,
}

impl Base {
    /// A folder that is there.
    pub(crate) fn new(folder: &Path) -> Self {
        let here = env::current_dir().unwrap_or_default();
        let from = folder.canonicalize().unwrap_or_else(|_| here.join(folder));
        Self { here, from }
    }

    /// The repository around the working directory; that itself where there is none.
    pub(crate) fn repository() -> Self {
        let here = env::current_dir().unwrap_or_default();
        let top = here.ancestors().find(|it| it.join(".git").exists());
        let from = top.unwrap_or(&here).to_owned();
        Self { here, from }
    }

    /// A path of the report with `/`, from this folder.
    pub(crate) fn of(&self, path: &str) -> String {
        let full = plain(&self.here.join(path));
        let common = full.components().zip(self.from.components()).take_while(|it| it.0 == it.1);
        let common = common.count();
        // Only what shares no folder at all, as on another drive, stays as it is.
        if common == 0 {
            return path.replace('\\', "/");
        }
        let up = self.from.components().skip(common).map(|_| "..".into());
        let down = full.components().skip(common);
        let down = down.map(|it| it.as_os_str().to_string_lossy().into_owned());
        up.chain(down).collect::<Vec<String>>().join("/")
    }
}

/// Without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut res = PathBuf::new();
    for it in path.components() {
        match it {
            Component::CurDir => {}
            Component::ParentDir => drop(res.pop()),
            it => res.push(it),
        }
    }
    res
}

#[cfg(test)]
mod tests {
    use super::Base;

    #[test]
    fn paths_are_counted_from_the_folder() {
        let base = |here: &str, from: &str| Base { here: here.into(), from: from.into() };
        assert_eq!(base("/w/api", "/w").of("a/b.yaml"), "api/a/b.yaml");
        assert_eq!(base("/w/api", "/w").of("../b.yaml"), "b.yaml");
        assert_eq!(base("/w", "/w").of("./b.yaml"), "b.yaml");
        assert_eq!(base("/w", "/w").of("/w/c/b.yaml"), "c/b.yaml");
        assert_eq!(base("/w", "/w/api").of("b.yaml"), "../b.yaml");
    }
}
