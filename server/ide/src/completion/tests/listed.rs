//! What a list has already is not offered for it again.

use insta::assert_snapshot;

use super::{in_step, labels};

fn values(step: &str) -> String {
    let all = in_step(step);
    let values = all.split(' ').filter(|it| ["draft", "published", "ann", "reason"].contains(it));
    values.collect::<Vec<_>>().join(" ")
}

#[test]
fn values_behind_in() {
    assert_snapshot!(values("validate: status IN ('draft', $0"), @"published reason ann");
    assert_snapshot!(values("validate: status IN ('draft', $0)"), @"published reason ann");
    assert_snapshot!(values("validate: status IN ($0, 'draft')"), @"published reason ann");
    assert_snapshot!(values("validate: status NOT IN ('draft', '$0')"), @"published");
    assert_snapshot!(values("validate: status IN ('draft', 'pub$0lished')"), @"published");
    assert_snapshot!(values("validate: \"status IN ('draft', $0)\""), @"published reason ann");
    assert_snapshot!(values("validate: 'status IN ($0, ''draft'')'"), @"published reason ann");
    assert_snapshot!(values("validate: status IN (ann, $0"), @"draft published reason");
    assert_snapshot!(values("validate: status IN ('draft') AND status = '$0"), @"draft published");
    assert_snapshot!(values("validate: (SELECT count(*) FROM blog.tb_post WHERE status IN ('draft', '$0')) > 1"), @"published");
}

#[test]
fn cases_of_a_switch() {
    assert_snapshot!(values("switch: status\n        cases:\n          - when: draft\n          - when: $0"), @"published reason ann");
    assert_snapshot!(values("switch: status\n        cases:\n          - when: $0\n          - when: \"'draft'\""), @"published reason ann");
}

#[test]
fn entities() {
    let field = |ty: &str| {
        labels(&format!(
            "entity: Post\nfields:\n  a: {ty}\n#- /user.yaml\nentity: User\n#- /tag.yaml\nentity: Tag\nschema: crm\n"
        ))
    };
    assert_snapshot!(field("ref(User|$0)"), @"Tag Post");
    assert_snapshot!(field("ref(User | $0"), @"Tag Post");
    assert_snapshot!(field("ref($0|User)"), @"Tag Post");
    assert_snapshot!(field("list(ref(crm.Tag|$0))"), @"User Post");
    assert_snapshot!(field("ref(Us$0er|Tag)"), @"User Post");
    let cascade = |list: &str| {
        in_step(&format!("insert: Post\n    cascade:\n      include_entities: {list}"))
    };
    assert_snapshot!(cascade("[User, $0]"), @"Post Company");
    assert_snapshot!(cascade("\n        - User\n        - $0"), @"Post Company");
}

#[test]
fn entities_of_an_impact_block_come_last() {
    let step = "update: User SET post_count = 1 WHERE id = author.id\n    impact:\n      side_effects:\n        - entity: User\n        - entity: $0";
    assert_snapshot!(in_step(step), @"Post Company User");
}

#[test]
fn members_of_a_payload() {
    assert_snapshot!(in_step("insert: Post\n    cdc:\n      payload: [author.name, author.$0]"), @"role post_count company id tenant_id identifier created_at created_by updated_at updated_by deleted_at deleted_by");
}

#[test]
fn codes_of_a_suppression() {
    let codes = |list: &str| labels(&format!("entity: Post\n# specql: allow({list}"));
    assert!(codes("$0").starts_with("invalid-yaml unreadable-file"));
    assert!(codes("invalid-yaml, $0)").starts_with("unreadable-file"));
    assert!(codes("$0, invalid-yaml)").starts_with("unreadable-file"));
    assert!(codes("invalid-y$0aml").starts_with("invalid-yaml"));
}

#[test]
fn fields_that_are_set_on_either_side() {
    assert_snapshot!(in_step("insert: Post($0, title, author)"), @"status published");
    assert_snapshot!(in_step("update: Post SET $0, title = lower(status, published), author = reason WHERE status = 'draft'"), @"status published");
    assert_snapshot!(in_step("update: Post SET ti$0tle = 'x', status"), @"title published author");
    assert_snapshot!(in_step("call: archive_post($0, reason = 'x')\n  - name: archive_post\n    params:\n      reason: text!\n      why: text"), @"why id title status published author");
}
