//! What belongs to files, by their numbers, found without hashing and cheap to change: copies share all
//! pages but the changed one.

use std::sync::Arc;

use crate::FileId;

/// Values on a page: so many that the list of pages stays short, so few that a page is copied at once.
const PAGE: usize = 64;

type Page<V> = [Option<V>; PAGE];

/// A persistent map from files. Numbers are given one after the other, so there are few holes.
#[derive(Debug, Clone)]
pub(super) struct FileMap<V> {
    /// A page without values takes no memory.
    pages: Vec<Option<Arc<Page<V>>>>,
}

impl<V> Default for FileMap<V> {
    fn default() -> Self {
        Self { pages: Vec::new() }
    }
}

impl<V: Clone> FileMap<V> {
    /// The value of a file.
    pub(super) fn get(&self, file: FileId) -> Option<&V> {
        let (page, place) = place(file);
        self.pages.get(page)?.as_ref()?.get(place)?.as_ref()
    }

    /// Sets the value of a file.
    pub(super) fn insert(&mut self, file: FileId, value: V) {
        let (page, place) = place(file);
        if self.pages.len() <= page {
            self.pages.resize(page + 1, None);
        }
        let Some(page) = self.pages.get_mut(page) else { return };
        let page = page.get_or_insert_with(|| Arc::new([const { None }; PAGE]));
        if let Some(held) = Arc::make_mut(page).get_mut(place) {
            *held = Some(value);
        }
    }

    /// Removes the value of a file.
    pub(super) fn remove(&mut self, file: FileId) {
        let (number, place) = place(file);
        let Some(Some(page)) = self.pages.get_mut(number) else { return };
        let values = Arc::make_mut(page);
        if let Some(held) = values.get_mut(place) {
            *held = None;
        }
        if values.iter().all(Option::is_none)
            && let Some(page) = self.pages.get_mut(number)
        {
            *page = None;
        }
    }
}

/// The page of a file, and its place there.
fn place(file: FileId) -> (usize, usize) {
    let number = file.0 as usize;
    (number / PAGE, number % PAGE)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rustc_hash::FxHashMap;

    use super::*;

    proptest! {
        /// Steps in which a value is set or removed, with a copy that must not see those after it.
        #[test]
        fn it_holds_what_a_map_holds(
            steps in proptest::collection::vec((0_u32..300, proptest::option::of(0_u8..)), 0..80),
            copied in 0_usize..80,
        ) {
            let (mut map, mut expected) = (FileMap::default(), FxHashMap::default());
            let mut copies = None;
            for (at, (file, value)) in steps.into_iter().enumerate() {
                if at == copied {
                    copies = Some((map.clone(), expected.clone()));
                }
                match value {
                    Some(it) => {
                        map.insert(FileId(file), it);
                        expected.insert(file, it);
                    }
                    None => {
                        map.remove(FileId(file));
                        expected.remove(&file);
                    }
                }
            }
            for (map, expected) in copies.into_iter().chain([(map, expected)]) {
                for file in 0..400 {
                    prop_assert_eq!(map.get(FileId(file)), expected.get(&file));
                }
            }
        }
    }

    #[test]
    fn pages_without_values_are_gone() {
        let mut map = FileMap::default();
        map.insert(FileId(1_000), ());
        map.remove(FileId(1_000));
        assert!(map.pages.iter().all(Option::is_none));
    }
}
