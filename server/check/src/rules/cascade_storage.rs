//! `audit.cascade_storage` says where the cascade is kept, and another setting keeps none.

use specql_model::{Config, FileKind};

use crate::{Context, Diagnostic, Level, Rule};

pub(crate) const RULE: Rule = Rule {
    code: "cascade-storage",
    level: Level::Warning,
    summary: "a place for cascades that are not kept",
    run: cascade_storage,
    page: include_str!("../../../../docs/rules/cascade-storage.md"),
};

fn cascade_storage(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    let FileKind::Config(config) = &ctx.file.kind else { return };
    let audit = ctx.file.parse().yaml().root.get("audit");
    let Some(value) = audit.and_then(|it| it.get("cascade_storage")).filter(|it| !it.is_null())
    else {
        return;
    };
    let Some(why) = why(config) else { return };
    let message = format!("{why}, so no cascade is kept and this says nothing");
    acc.push(ctx.finding(&RULE, value.range, message));
}

fn why(config: &Config) -> Option<&'static str> {
    if config.audit_enabled == Some(false) {
        Some("`audit.enabled` is `false`")
    } else if config.audit_include_cascade == Some(false) {
        Some("`audit.include_cascade` is `false`")
    } else if config.cascade.enabled == Some(false) {
        Some("`cascade` is off")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    #[test]
    fn cascades_that_are_not_kept() {
        check_diagnostics(
            r#"
#- /specql.config.yaml
audit:
  include_cascade: false
  cascade_storage: column
  #                ^^^^^^ warning[cascade-storage]: `audit.include_cascade` is `false`, so no cascade is kept and this says nothing
"#,
        );
        check_diagnostics("#- /specql.config.yaml\naudit: {cascade_storage: embedded}\n");
    }
}
