//! All artifacts of a workspace as files. The order of the `.sql` files by path is an order in which
//! they run, and in which they run again.

use specql_model::{Entity, EntityId, Workspace};

use crate::{
    Rendered,
    artifact::{Artifact, Scope, Target},
    artifacts::{action, audit, foundation, image, keep, outbox, roles, table},
    catalog::{Catalog, Contracts},
    migration::overloads,
    problem::Problem,
    refused, rendered,
    sql::Script,
    taken,
};

/// What to emit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EmitOptions {
    /// Tables too; `false` for projects whose tables come from elsewhere.
    pub tables: bool,
    /// The JSON samples and schemas too.
    pub samples: bool,
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmittedFile {
    /// The path, with `/`, relative to the folder the files go to.
    pub path: String,
    /// The text.
    pub text: String,
}

/// Every artifact of the workspace, in the order of the paths.
#[must_use]
pub fn emit(workspace: &Workspace, options: EmitOptions) -> Vec<EmittedFile> {
    all(workspace, options).0
}

/// What could not be generated of a workspace. Samples show what is generated and have no problems of their own,
/// so none is made.
#[must_use]
pub fn problems(workspace: &Workspace, options: EmitOptions) -> Vec<Problem> {
    all(workspace, EmitOptions { samples: false, ..options }).1
}

fn all(workspace: &Workspace, options: EmitOptions) -> (Vec<EmittedFile>, Vec<Problem>) {
    let contracts = Contracts::of_all();
    let catalog = Catalog::new(workspace, &contracts);
    let mut files = Files::default();
    files.add("00_foundation.sql".to_owned(), foundation::foundation(catalog));
    let audited: Vec<&Entity> =
        catalog.entities().filter(|it| audit::is_audited(catalog, it)).collect();
    if !audited.is_empty() {
        files.add("10_audit.sql".to_owned(), audit::shared(catalog));
    }
    if catalog.publishes() {
        let script = outbox::outbox(catalog, &mut files.problems);
        files.add("11_outbox.sql".to_owned(), script);
    }
    tables(&mut files, catalog, options.tables);
    for entity in &audited {
        let path = format!("40_audit/{}.sql", file_name(catalog, entity, None));
        files.checked(catalog, Artifact::Audit, Target::Entity(entity.id), path, |problems| {
            audit::audit(catalog, entity, problems)
        });
    }
    if !audited.is_empty() {
        let mut problems = Vec::new();
        let script = audit::maintenance(catalog, &mut problems);
        files.add("41_audit_maintenance.sql".to_owned(), script);
        files.problems.append(&mut problems);
    }
    if let Some(script) = keep::keep(catalog) {
        files.add("42_cascade_storage.sql".to_owned(), script);
    }
    for entity in catalog.entities().filter(|it| taken::has_table(catalog, it)) {
        let path = format!("45_image/{}.sql", file_name(catalog, entity, None));
        files.add(path, image::image(catalog, entity));
    }
    for entity in catalog.entities() {
        for (id, action) in catalog.actions(entity) {
            let path =
                format!("50_action/{}.sql", file_name(catalog, entity, Some(&action.name.text)));
            files.checked(catalog, Artifact::Action, Target::Action(id), path, |problems| {
                action::action(catalog, id, problems)
            });
        }
    }
    if catalog.entities().next().is_some() {
        files.add(table::fill::PATH.to_owned(), table::fill::fill(catalog));
        let script = overloads::overloads(&files.files);
        files.add(overloads::PATH.to_owned(), script);
        files.add("90_roles.sql".to_owned(), roles::roles(catalog, catalog.publishes()));
    }
    if options.samples {
        samples(&mut files, catalog);
    }
    files.files.sort_by(|left, right| left.path.cmp(&right.path));
    (files.files, files.problems)
}

/// Tables, references and read models; the read models alone when the tables come from elsewhere.
fn tables(files: &mut Files, catalog: Catalog<'_>, own: bool) {
    for entity in catalog.entities() {
        let target = Target::Entity(entity.id);
        let name = file_name(catalog, entity, None);
        if own {
            let path = format!("20_table/{name}.sql");
            files.checked(catalog, Artifact::Table, target, path, |problems| {
                table::base_table(catalog, entity, problems)
            });
        }
        if taken::problems_of(catalog, Artifact::Table, target).is_empty() {
            let script = if own {
                table::references_and_read_model(catalog, entity)
            } else {
                table::read_model(catalog, entity)
            };
            files.add(format!("30_read_model/{name}.sql"), script);
        }
    }
}

fn samples(files: &mut Files, catalog: Catalog<'_>) {
    for artifact in Artifact::BESIDE {
        let mut add = |path: String, target: Target| {
            count_sample();
            let Rendered { text, .. } = rendered(catalog, artifact, target);
            if !text.is_empty() {
                files.files.push(EmittedFile { path, text });
            }
        };
        let (folder, extension) = (artifact.name(), artifact.extension());
        if artifact.scope() == Scope::Project {
            add(artifact.file_name(), Target::Project);
            continue;
        }
        for entity in catalog.entities() {
            for (id, action) in catalog.actions(entity) {
                let name = file_name(catalog, entity, Some(&action.name.text));
                add(format!("{folder}/{name}.{extension}"), Target::Action(id));
            }
        }
    }
}

#[derive(Default)]
struct Files {
    files: Vec<EmittedFile>,
    problems: Vec<Problem>,
}

impl Files {
    fn add(&mut self, path: String, script: Script) {
        self.files.push(EmittedFile { path, text: script.finish().0 });
    }

    /// Adds what `write` writes, or says why nothing can be.
    fn checked(
        &mut self,
        catalog: Catalog<'_>,
        artifact: Artifact,
        target: Target,
        path: String,
        write: impl FnOnce(&mut Vec<Problem>) -> Script,
    ) {
        let taken = taken::problems_of(catalog, artifact, target);
        if taken.is_empty() {
            let script = write(&mut self.problems);
            self.add(path, script);
            return;
        }
        // The name may be that of what it collides with, so the file gets its number.
        let number = match target {
            Target::Entity(id) => number(catalog, id),
            Target::Action(id) => number(catalog, id.entity),
            Target::Project => 0,
        };
        let path = format!("{}.{number}.sql", path.trim_end_matches(".sql"));
        self.add(path, refused(artifact, &taken));
        self.problems.extend(taken);
    }
}

/// `blog.Post` or `blog.Post.create_post`, with nothing in it that means something in a path. Two
/// names that differ only in such characters are told apart by the entity's number.
fn file_name(catalog: Catalog<'_>, entity: &Entity, action: Option<&str>) -> String {
    let names = [Some(entity.schema_name()), Some(entity.name.as_str()), action];
    let parts: Vec<String> = names.into_iter().flatten().map(safe).collect();
    let name = parts.join(".");
    let is_exact = names.into_iter().flatten().eq(parts.iter().map(String::as_str));
    if is_exact { name } else { format!("{name}.{}", number(catalog, entity.id)) }
}

/// The entity's place in the order of paths, from 1: it does not depend on the order in which files
/// were read.
fn number(catalog: Catalog<'_>, entity: EntityId) -> usize {
    catalog.entities().take_while(|it| it.id != entity).count() + 1
}

fn safe(name: &str) -> String {
    name.chars().map(|it| if it.is_ascii_alphanumeric() || it == '_' { it } else { '_' }).collect()
}

#[cfg(test)]
thread_local! {
    static SAMPLES: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Counts a text beside the SQL that is made, for the test of how many that are.
fn count_sample() {
    #[cfg(test)]
    SAMPLES.with(|it| it.set(it.get() + 1));
}

/// How many were made since it was asked last.
#[cfg(test)]
pub(crate) fn samples_made() -> usize {
    SAMPLES.with(std::cell::Cell::take)
}
