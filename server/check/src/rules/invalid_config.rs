//! Something in `specql.config.yaml` that is not read: an unknown key, a wrong shape or word, a rule
//! that there is not. A second configuration in the folder is not read at all.

use specql_model::{
    Config, FileId, FileKind,
    keys::{Shape, Visit},
    names::is_plain_name,
    suggest,
};
use specql_syntax::{Name, yaml::Node};

use super::{missing_key, unknown_key, wrong_shape};
use crate::{
    Context, Diagnostic, Level, Rule,
    context::{did_you_mean, listed},
    levels::{fits, proposed},
    rule,
};

pub(crate) const RULE: Rule = Rule {
    code: "invalid-config",
    level: Level::Error,
    summary: "something in `specql.config.yaml` that is not read",
    run: invalid_config,
    page: include_str!("../../../../docs/rules/invalid-config.md"),
};

fn invalid_config(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    let FileKind::Config(config) = &ctx.file.kind else { return };
    if let Some(other) = ctx.workspace.config_file().filter(|it| it.id != ctx.file.id) {
        let name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
        let message = format!(
            "`{}` in the same folder is the configuration, so this file is not read; remove one of \
             the two",
            name(&other.path)
        );
        let range = ctx.first_line(ctx.file.parse().yaml().root.range);
        acc.push(ctx.finding(&RULE, range, message));
        return;
    }
    unknown_key::report(ctx, &RULE, acc);
    wrong_shape::report(ctx, &RULE, acc);
    missing_key::report(ctx, &RULE, acc);
    words(ctx, acc);
    plain_names(ctx, config, acc);
    globs(ctx, config, acc);
    let mut seen: Vec<&Name> = Vec::new();
    for code in config.rules.iter().map(|it| &it.code) {
        if rule(&code.text).is_some() || seen.contains(&code) {
            continue;
        }
        seen.push(code);
        let near = proposed(&code.text);
        let message = format!(
            "there is no rule `{}`, so this level is of no use{}",
            code.text,
            did_you_mean(near)
        );
        acc.push(ctx.finding(&RULE, code.range, message).fix(near.map(|it| ctx.rename(code, it))));
    }
}

/// Names that stand in the connector's configuration too, where nothing is quoted.
fn plain_names(ctx: &Context<'_>, config: &Config, acc: &mut Vec<Diagnostic>) {
    let names = [
        &config.outbox.schema,
        &config.outbox.table,
        &config.debezium.slot,
        &config.debezium.publication,
    ];
    for name in names.into_iter().flatten() {
        if !is_plain_name(&name.text) {
            let message = format!(
                "`{}` is no plain name of lower-case letters, digits and `_` of at most 40, so the default \
                 holds",
                name.text
            );
            acc.push(ctx.finding(&RULE, name.range, message));
        }
    }
}

/// Globs that fit no file, so that a level holds nowhere.
fn globs(ctx: &Context<'_>, config: &Config, acc: &mut Vec<Diagnostic>) {
    let workspace = ctx.workspace;
    let mut seen: Vec<&Name> = Vec::new();
    for glob in config.rules.iter().flat_map(|it| &it.paths) {
        let path_of = |id: FileId| workspace.file(id).map_or("", |it| &*it.path);
        let mut entities = workspace.entity_names();
        if seen.contains(&glob) || entities.any(|it| fits(&glob.text, path_of(it.0.0))) {
            continue;
        }
        seen.push(glob);
        let mut files = workspace.files().filter(|it| it.id != ctx.id()).peekable();
        if files.peek().is_some() && !files.any(|it| fits(&glob.text, &it.path)) {
            let message = format!(
                "`{}` fits no file of this workspace, so the level holds nowhere; paths begin at the folder \
                 of this file",
                glob.text
            );
            acc.push(ctx.finding(&RULE, glob.range, message).level(Level::Warning));
        }
    }
}

/// Words outside the vocabulary of their key.
fn words(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    ctx.walk_keys(&mut |visit| {
        if let Visit::Value { shapes, node, fits: true } = visit {
            acc.extend(word(ctx, shapes, node));
        }
    });
}

fn word(ctx: &Context<'_>, shapes: &'static [Shape], node: &Node) -> Option<Diagnostic> {
    let written = node.name()?;
    let known: Vec<&str> = shapes
        .iter()
        .flat_map(Shape::alternatives)
        .filter_map(|it| if let Shape::Word(words) = it { Some(*words) } else { None })
        .flatten()
        .map(|it| it.0)
        .collect();
    // `off` without quotes is a boolean to YAML and still the word that is meant.
    if known.is_empty() || known.iter().any(|it| it.eq_ignore_ascii_case(&written.text)) {
        return None;
    }
    let near = suggest(&written.text, known.iter().copied());
    let choice = match near {
        Some(_) => did_you_mean(near),
        None => format!("; it is one of {}", listed(known.iter().copied())),
    };
    let is_release = known.contains(&"0.8");
    let holds =
        if is_release { "nothing is said of released generators" } else { "its default holds" };
    let message = format!("`{}` is no value of this setting, so {holds}{choice}", written.text);
    Some(ctx.finding(&RULE, node.range, message).fix(near.map(|it| ctx.rename(&written, it))))
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn what_is_not_read() {
        check_diagnostics(
            r#"
#- /specql.config.yaml
outbox: {table: My Table}
#               ^^^^^^^^ error[invalid-config]: `My Table` is no plain name of lower-case letters, digits and `_` of at most 40, so the default holds
debezium: {database: {port: 99999}}
#                           ^^^^^ error[invalid-config]: `port` is a whole number from 1 to 65535, so `99999` cannot be used
tenancy: multi
#        ^^^^^ error[invalid-config]: `multi` is no value of this setting, so its default holds; it is one of `single` and `required`
audits: false
#<^^^^ 💡 error[invalid-config]: the configuration has no key `audits`, so what stands here is not read; did you mean `audit`?
kafka: [a]
#      ^^^ error[invalid-config]: `kafka` takes a mapping, and this is a list, so it is not read
rules:
  missing-impakt: error
  #<^^^^^^^^^^^^ 💡 error[invalid-config]: there is no rule `missing-impakt`, so this level is of no use; did you mean `missing-impact`?
  missing-impact: fatal
  #               ^^^^^ error[invalid-config]: `fatal` is no value of this setting, so its default holds; it is one of `error`, `warning`, `info`, `hint` and `off`
"#,
        );
    }

    #[test]
    fn a_second_configuration() {
        check_diagnostics(
            r#"
#- /specql.config.yaml
tenancy: single
#- /specql.config.yml
tenancy: required
#<^^^^^^^^^^^^^^^ error[invalid-config]: `specql.config.yaml` in the same folder is the configuration, so this file is not read; remove one of the two
"#,
        );
    }

    #[test]
    fn a_configuration_that_is_read() {
        check_diagnostics(
            r#"
#- /specql.config.yaml
compat: off
tenancy: required
audit: {cascade_storage: column, retention: 7 years}
rules:
  missing-impact: off
  unknown-type:
    level: warning
    paths: [legacy/**]
#- /legacy/post.yaml
entity: Post
fields:
  price: mony
  #      ^^^^ 💡 warning[unknown-type]
actions:
  - name: create_post
    steps:
      - insert: Post
#- /post.yaml
entity: Tag
fields:
  price: mony
  #      ^^^^ 💡 error[unknown-type]
"#,
        );
    }

    #[test]
    fn the_near_rule() {
        check_fix(
            "#- /specql.config.yaml\nrules:\n  $0missing-impakt: off  # for now\n",
            "rules:\n  missing-impact: off  # for now\n",
        );
    }
}
