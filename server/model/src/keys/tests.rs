//! Tests of the vocabulary.

use std::collections::BTreeSet;

use super::*;

/// Every mapping that can be reached from a root.
fn reachable(root: &'static MappingSpec) -> Vec<&'static MappingSpec> {
    let mut found: Vec<&'static MappingSpec> = vec![root];
    let mut seen = BTreeSet::from([std::ptr::from_ref(root) as usize]);
    let mut next = 0;
    while let Some(spec) = found.get(next).copied() {
        next += 1;
        let mut shapes: Vec<&'static Shape> = spec.keys.iter().flat_map(|it| it.shapes).collect();
        shapes.extend(spec.open);
        if std::ptr::eq(spec, &raw const STEP) {
            for keyword in STEP_ORDER {
                let step = step_spec(keyword);
                if seen.insert(std::ptr::from_ref(step) as usize) {
                    found.push(step);
                }
            }
        }
        while let Some(shape) = shapes.pop() {
            match shape {
                Shape::Steps => shapes.extend(STEP_ITEM.alternatives()),
                Shape::List(item) => shapes.push(item),
                Shape::OneOf(inner) => shapes.extend(inner.iter()),
                Shape::Mapping(inner) if seen.insert(std::ptr::from_ref(*inner) as usize) => {
                    found.push(inner);
                }
                _ => {}
            }
        }
    }
    found
}

#[test]
fn keys_are_unique_and_documented() {
    for root in [&ENTITY_FILE, &CONFIG] {
        for spec in reachable(root) {
            let mut names = BTreeSet::new();
            for key in spec.keys {
                assert!(!key.documentation.is_empty(), "{}.{}", spec.name, key.name);
                for name in [key.name].iter().chain(key.aliases) {
                    assert!(names.insert(*name), "`{name}` twice in {}", spec.name);
                }
            }
        }
    }
}

#[test]
fn every_keyword_has_a_specification_that_begins_with_it() {
    for keyword in STEP_KEYWORDS {
        assert_eq!(step_spec(keyword).keys.first().map(|it| it.name), Some(*keyword));
        assert!(STEP.key(keyword).is_some_and(|it| it.support == Support::Full));
    }
    for keyword in STEP_ORDER {
        assert!(STEP.key(keyword).is_some(), "{keyword}");
    }
    assert_eq!(STEP_ORDER.len(), STEP.keys.len());
}
