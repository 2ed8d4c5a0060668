//! An action whose name may change while somebody looks at what is made of it.
//!
//! Invariant: a place leads to the action of its name; where that is gone, to the one that stands in its
//! stead and has a name that no action had. Anything else is gone.

use crate::{Analysis, FileId};

/// An action by its name, its number and its neighbours, as they were when it was last there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionPlace {
    names: Vec<String>,
    index: usize,
}

/// What has become of an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActionNow {
    /// It is there, perhaps by another name.
    There(ActionPlace),
    /// It has no name: one is being typed.
    Unnamed,
    /// It was removed, or nobody can tell which one it is.
    Gone,
}

impl ActionPlace {
    /// The action's name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.names.get(self.index).map_or("", String::as_str)
    }
}

impl Analysis {
    /// The place of an action that is there.
    #[must_use]
    pub fn action_place(&self, file: FileId, name: &str) -> Option<ActionPlace> {
        let names = self.action_names(file);
        let index = names.iter().position(|it| it == name)?;
        Some(ActionPlace { names, index })
    }

    /// Where the action of a place is now.
    #[must_use]
    pub fn follow_action(&self, file: FileId, place: &ActionPlace) -> ActionNow {
        let names = self.action_names(file);
        if let Some(index) = names.iter().position(|it| it == place.name()) {
            return ActionNow::There(ActionPlace { names, index });
        }
        match names.get(place.index) {
            Some(name) if names.len() == place.names.len() => {
                if name.is_empty() {
                    ActionNow::Unnamed
                } else if place.names.contains(name) {
                    ActionNow::Gone
                } else {
                    ActionNow::There(ActionPlace { names, index: place.index })
                }
            }
            _ => ActionNow::Gone,
        }
    }

    /// The names of the actions that a file declares, in their order; those that are not written yet are
    /// empty.
    pub(crate) fn action_names(&self, file: FileId) -> Vec<String> {
        let entity = self.workspace().file(file).and_then(|it| it.entity());
        let actions = entity.into_iter().flat_map(|it| &it.actions);
        actions.map(|it| it.name.text.to_string()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::AnalysisHost;

    /// What becomes of the first action of `a, b` when the actions are others.
    fn after(names: &[&str]) -> String {
        let mut host = AnalysisHost::new();
        let text = |names: &[&str]| {
            let actions = names.iter().map(|it| format!("  - name: {it}\n    steps: []\n"));
            format!("entity: Post\nactions:\n{}", actions.collect::<String>())
        };
        let file = host.set_file("post.yaml", text(&["a", "b"]));
        let place = host.analysis().action_place(file, "a").unwrap();
        host.set_file("post.yaml", text(names));
        match host.analysis().follow_action(file, &place) {
            ActionNow::There(it) => it.name().to_owned(),
            it => format!("{it:?}"),
        }
    }

    #[test]
    fn an_action_is_followed_through_a_new_name() {
        assert_eq!(after(&["a", "b"]), "a");
        assert_eq!(after(&["x", "b"]), "x");
        assert_eq!(after(&["b", "a"]), "a");
        assert_eq!(after(&["n", "b", "a"]), "a");
        assert_eq!(after(&["", "b"]), "Unnamed");
    }

    #[test]
    fn another_action_is_not_taken_for_it() {
        assert_eq!(after(&["b"]), "Gone");
        assert_eq!(after(&["b", "c"]), "Gone");
        assert_eq!(after(&["n", "m", "b"]), "Gone");
        assert_eq!(after(&[]), "Gone");
    }
}
