//! From a step to its statements and back.

use specql_model::FileId;

use super::rendered;
use crate::Artifact;

const POST: &str = "\
entity: Post
fields:
  title: text!
actions:
  - name: rename
    steps:
      - validate: title <> 'x'
      - update: Post SET title = input.title
    impact:
      primary: {entity: Post, operation: UPDATE}
";

#[test]
fn a_step_leads_to_its_sql_and_back() {
    let rendered = rendered(&[POST], Artifact::Action);
    let offset = POST.find("update:").and_then(|it| u32::try_from(it).ok()).expect("it is there");
    let ranges = rendered.source_map.from_source(FileId(0), offset);
    let [range] = ranges.as_slice() else { panic!("{ranges:?}") };
    let sql = range.slice(&rendered.text);
    assert!(sql.trim_start().starts_with("-- update: Post SET title"), "{sql}");
    assert!(sql.contains("UPDATE public.tb_post AS t$ SET"), "{sql}");
    assert!(!sql.contains("validate"), "{sql}");
    let origin = rendered.source_map.to_source(range.start()).expect("it has one");
    assert_eq!(origin.range.slice(POST), "update: Post SET title = input.title");
}

#[test]
fn every_range_lies_in_the_text() {
    let rendered = rendered(&[POST], Artifact::Action);
    assert!(rendered.source_map.mappings().len() > 3);
    for it in rendered.source_map.mappings() {
        assert!(!it.sql.slice(&rendered.text).is_empty(), "{it:?}");
        assert!(!it.origin.range.slice(POST).is_empty(), "{it:?}");
    }
}
