//! How paths are shown: as the user, or an editor, spells them.

use camino::{Utf8Path, Utf8PathBuf};

/// Real paths and what they are called. The longest one that fits says how a file is shown.
#[derive(Debug, Clone, Default)]
pub struct Spelling(Vec<(Utf8PathBuf, Utf8PathBuf)>);

impl Spelling {
    /// Notes how a folder or a file is called; an empty name leaves it out.
    pub fn add(&mut self, real: Utf8PathBuf, called: Utf8PathBuf) {
        self.0.retain(|it| it.0 != real);
        self.0.push((real, called));
    }

    /// Forgets a name.
    pub fn remove(&mut self, real: &Utf8Path) {
        self.0.retain(|it| it.0 != real);
    }

    /// What a real path is called.
    #[must_use]
    pub fn of(&self, real: &Utf8Path) -> Utf8PathBuf {
        let fitting = self.0.iter().filter_map(|(from, to)| {
            let rest = real.strip_prefix(from).ok()?;
            Some((from.as_str().len(), rest, to))
        });
        match fitting.max_by_key(|it| it.0) {
            None => real.to_owned(),
            Some((_, rest, to)) if rest.as_str().is_empty() => to.clone(),
            Some((_, rest, to)) if to.as_str().is_empty() => rest.to_owned(),
            Some((_, rest, to)) => to.join(rest),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_name_that_fits_is_shown() {
        let mut spelling = Spelling::default();
        spelling.add("/home/me/work".into(), "".into());
        spelling.add("/home/me/other".into(), "../other".into());
        spelling.add("/home/me/work/a/b.yaml".into(), "link.yaml".into());
        for (real, shown) in [
            ("/home/me/work/a/c.yaml", "a/c.yaml"),
            ("/home/me/work/a/b.yaml", "link.yaml"),
            ("/home/me/other/c.yaml", "../other/c.yaml"),
            ("/home/me/workshop/c.yaml", "/home/me/workshop/c.yaml"),
        ] {
            assert_eq!(spelling.of(real.into()), shown);
        }
    }
}
