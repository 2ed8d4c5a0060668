//! Snapshots: every question an editor or the command line asks, answered from one state.
//!
//! Invariant: a snapshot never changes, so answers that are asked for together fit together. A file
//! that is not a part of it, or an offset beyond its end, gives an empty answer.

use std::{collections::BTreeSet, sync::Arc};

use specql_check::{Asked, Diagnostic, Index};
use specql_codegen::{Artifact, EmitOptions, EmittedFile, EventFlow, Problem};
use specql_model::{FileId, FileKind, NameKind, Read, Workspace, recorded};
use specql_text::{TextEdit, TextRange};

use crate::{
    CodeAction, CodeLens, Completions, Folding, Hover, Looked, OutlineNode, Preview, PreviewTarget,
    Reference, Renaming, SemanticToken, Symbol, Target, code_action, code_lens, completion,
    describe, fix_all, goto_definition, hover, outline, preview, ranges, references, rename,
    semantic_tokens, symbols,
};

/// An immutable snapshot: cheap to clone, `Send` and `Sync`.
#[derive(Debug, Clone)]
pub struct Analysis {
    workspace: Arc<Workspace>,
    /// What the rules ask of all files.
    index: Arc<Index>,
}

impl Analysis {
    pub(crate) fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    pub(crate) fn index(&self) -> &Index {
        &self.index
    }

    pub(crate) fn new(workspace: Workspace, index: Index) -> Self {
        Self { workspace: Arc::new(workspace), index: Arc::new(index) }
    }

    /// All files, in the order of their paths.
    #[must_use]
    pub fn files(&self) -> Vec<FileId> {
        self.workspace.files().map(|it| it.id).collect()
    }

    /// How many files declare an entity.
    #[must_use]
    pub fn entity_count(&self) -> usize {
        self.workspace.entity_count()
    }

    /// Whether a file declares an entity, by its root or its name.
    #[must_use]
    pub fn is_entity_file(&self, file: FileId) -> bool {
        self.workspace.file(file).is_some_and(|it| matches!(it.kind, FileKind::Entity(_)))
    }

    /// The entities by their names, with schemas.
    #[must_use]
    pub fn entity_names(&self) -> BTreeSet<String> {
        self.workspace.entities().map(|it| describe::qualified(it)).collect()
    }

    /// The names of the actions that a file declares, in their order.
    #[must_use]
    pub fn actions(&self, file: FileId) -> Vec<String> {
        let mut names = self.action_names(file);
        names.retain(|it| !it.is_empty());
        names
    }

    /// Whether a file is checked: one that declares an entity, or a configuration.
    #[must_use]
    pub fn is_read(&self, file: FileId) -> bool {
        self.workspace.file(file).is_some_and(|it| !matches!(it.kind, FileKind::Other))
    }

    /// The name the host was given.
    #[must_use]
    pub fn path(&self, file: FileId) -> Option<&str> {
        self.workspace.file(file).map(|it| &*it.path)
    }

    /// The text.
    #[must_use]
    pub fn text(&self, file: FileId) -> Option<&Arc<str>> {
        self.workspace.file(file).map(|it| it.text())
    }

    /// The findings of a file, in the order of the text.
    #[must_use]
    pub fn diagnostics(&self, file: FileId) -> Vec<Diagnostic> {
        specql_check::check_file_with(&self.workspace, &self.index, file)
    }

    /// The same, as somebody asks for it.
    #[must_use]
    pub fn diagnostics_as(&self, file: FileId, asked: Asked) -> Vec<Diagnostic> {
        specql_check::check_file_as(&self.workspace, &self.index, file, asked)
    }

    /// The findings of a file, and what else they were made from: they hold until that changes, see
    /// [`crate::AnalysisHost::note_checked`].
    #[must_use]
    pub fn check(&self, file: FileId, asked: Asked) -> (Vec<Diagnostic>, Vec<Read>) {
        recorded(|| self.diagnostics_as(file, asked))
    }

    /// What is under the cursor.
    #[must_use]
    pub fn hover(&self, file: FileId, offset: u32) -> Option<Hover> {
        hover::hover(&self.workspace, self.workspace.file(file)?, offset)
    }

    /// Where the name under the cursor is declared.
    #[must_use]
    pub fn goto_definition(&self, file: FileId, offset: u32) -> Vec<Target> {
        self.workspace
            .file(file)
            .map(|it| goto_definition::goto_definition(self, it, offset))
            .unwrap_or_default()
    }

    /// Where the type of the name under the cursor is declared.
    #[must_use]
    pub fn goto_type_definition(&self, file: FileId, offset: u32) -> Vec<Target> {
        self.workspace
            .file(file)
            .map(|it| goto_definition::goto_type_definition(&self.workspace, it, offset))
            .unwrap_or_default()
    }

    /// Every place that names what is under the cursor, its declaration among them.
    #[must_use]
    pub fn references(&self, file: FileId, offset: u32) -> Vec<Reference> {
        self.workspace
            .file(file)
            .map(|it| references::references(&self.workspace, it, offset))
            .unwrap_or_default()
    }

    /// The name under the cursor, when it can have another: where it is written, and as it is declared.
    #[must_use]
    pub fn prepare_rename(&self, file: FileId, offset: u32) -> Option<(TextRange, String)> {
        rename::prepare(&self.workspace, self.workspace.file(file)?, offset)
    }

    /// The edits that give what is under the cursor another name, everywhere.
    ///
    /// # Errors
    /// A message for the user when the name cannot be had.
    pub fn rename(&self, file: FileId, offset: u32, new: &str) -> Result<Renaming, String> {
        let file = self.workspace.file(file).ok_or("the file is not a part of the workspace")?;
        rename::rename(&self.workspace, file, offset, new)
    }

    /// What the words of a range mean, in order.
    #[must_use]
    pub fn semantic_tokens(&self, file: FileId, within: TextRange) -> Vec<SemanticToken> {
        self.workspace
            .file(file)
            .map(|it| semantic_tokens::semantic_tokens(&self.workspace, it, within))
            .unwrap_or_default()
    }

    /// What can be folded.
    #[must_use]
    pub fn folding_ranges(&self, file: FileId) -> Vec<Folding> {
        self.workspace.file(file).map(|it| ranges::folding_ranges(it)).unwrap_or_default()
    }

    /// The ranges around an offset, the innermost first.
    #[must_use]
    pub fn selection_ranges(&self, file: FileId, offset: u32) -> Vec<TextRange> {
        self.workspace.file(file).map(|it| ranges::selection_ranges(it, offset)).unwrap_or_default()
    }

    /// What can be written at the cursor, the likeliest first. `trigger` is the character that was
    /// typed when an editor asks by itself.
    #[must_use]
    pub fn completions(&self, file: FileId, offset: u32, trigger: Option<char>) -> Completions {
        self.completions_as(file, offset, trigger, true)
    }

    /// The same for a list whose documentation the editor asks for one by one: most of it is made for nobody.
    #[must_use]
    pub fn undocumented_completions(
        &self,
        file: FileId,
        offset: u32,
        trigger: Option<char>,
    ) -> Completions {
        self.completions_as(file, offset, trigger, false)
    }

    fn completions_as(
        &self,
        file: FileId,
        offset: u32,
        trigger: Option<char>,
        documented: bool,
    ) -> Completions {
        self.workspace
            .file(file)
            .map(|it| completion::completions(&self.workspace, it, offset, trigger, documented))
            .unwrap_or_default()
    }

    /// Makes the lists of names that completion asks for, unless they are there, so that who completes first
    /// does not wait for them. Later states share them.
    pub fn list_names(&self) {
        for kind in [NameKind::Entity, NameKind::Action, NameKind::Query] {
            let _ = self.workspace.name_list(kind);
        }
    }

    /// Changes offered for a selection: fixes of its findings, safe ones first, then refactorings.
    #[must_use]
    pub fn code_actions(&self, file: FileId, range: TextRange) -> Vec<CodeAction> {
        self.workspace
            .file(file)
            .map(|it| {
                let diagnostics = self.diagnostics(file);
                code_action::code_actions(&self.workspace, it, &diagnostics, range)
            })
            .unwrap_or_default()
    }

    /// What is found in files, each as it is asked for, to be mended.
    #[must_use]
    pub fn look_at(&self, asked: Vec<(FileId, Asked)>) -> Looked {
        Looked::at(self, asked)
    }

    /// The edit that applies the safe fixes of a file; absent when there are none. Fixes that reach
    /// other files are left out.
    #[must_use]
    pub fn fix_file(&self, file: FileId) -> Option<TextEdit> {
        fix_all::fix_file(self, file)
    }

    /// The outline.
    #[must_use]
    pub fn document_symbols(&self, file: FileId) -> Vec<Symbol> {
        self.workspace.file(file).map(|it| symbols::document_symbols(it)).unwrap_or_default()
    }

    /// The lines above declarations that open previews.
    #[must_use]
    pub fn code_lenses(&self, file: FileId) -> Vec<CodeLens> {
        self.workspace
            .file(file)
            .map(|it| code_lens::code_lenses(&self.workspace, it))
            .unwrap_or_default()
    }

    /// What a preview opened at a place shows: an artifact of the action there, else of the entity.
    /// Without `artifact`, the one that the place is about.
    #[must_use]
    pub fn preview_target(
        &self,
        file: FileId,
        offset: u32,
        artifact: Option<Artifact>,
    ) -> Option<PreviewTarget> {
        preview::target_at(self.workspace.file(file)?, offset, artifact)
    }

    /// The artifacts that a place has, in the order of documentation, each with what it is made for.
    #[must_use]
    pub fn artifacts_at(&self, file: FileId, offset: u32) -> Vec<PreviewTarget> {
        let Some(file) = self.workspace.file(file) else { return Vec::new() };
        preview::all_at(&self.workspace, file, offset)
    }

    /// Who writes what and publishes what; absent where no action does anything.
    #[must_use]
    pub fn event_flow(&self) -> Option<EventFlow> {
        specql_codegen::event_flow(&self.workspace)
    }

    /// Schemas, entities, actions and events of all files.
    #[must_use]
    pub fn outline(&self) -> Vec<OutlineNode> {
        outline::outline(&self.workspace)
    }

    /// The same artifact in an earlier state of the project, in which its entity may have lain in another file.
    #[must_use]
    pub fn preview_target_before(&self, target: &PreviewTarget, before: &Self) -> PreviewTarget {
        preview::then(&self.workspace, &before.workspace, target)
    }

    /// The text of an artifact; absent when its entity or action is gone.
    #[must_use]
    pub fn preview(&self, target: &PreviewTarget) -> Option<Preview> {
        preview::preview(&self.workspace, target)
    }

    /// The text of an artifact by name, as on the command line: `Post.create_post`, `blog.Post`,
    /// `create_post`.
    ///
    /// # Errors
    /// A message for the user, with near names, when a name means nothing or several things.
    pub fn preview_by_name(&self, name: &str, artifact: Option<&str>) -> Result<Preview, String> {
        preview::preview_by_name(&self.workspace, name, artifact)
    }

    /// Every artifact of the workspace as files, without those in `skip`. SQL files refer to one
    /// another, so of them only the tables and the roles can be left out, for projects that have their own.
    #[must_use]
    pub fn emit(&self, skip: &[Artifact]) -> Vec<EmittedFile> {
        let mut files = specql_codegen::emit(&self.workspace, emit_options(skip));
        let skipped = |file: &EmittedFile| {
            let folder = file.path.split_once('/').map(|it| it.0);
            skip.iter().any(|it| match it {
                Artifact::Roles => file.path.ends_with("_roles.sql") && folder.is_none(),
                _ if !Artifact::BESIDE.contains(it) => false,
                _ => Some(it.name()) == folder || file.path == it.file_name(),
            })
        };
        files.retain(|it| !skipped(it));
        files
    }

    /// What the emitted files cannot do; each also stands as a comment in its file.
    #[must_use]
    pub fn emit_problems(&self, skip: &[Artifact]) -> Vec<Problem> {
        specql_codegen::problems(&self.workspace, emit_options(skip))
    }
}

fn emit_options(skip: &[Artifact]) -> EmitOptions {
    EmitOptions {
        tables: !skip.contains(&Artifact::Table),
        samples: !Artifact::BESIDE.iter().all(|it| skip.contains(it)),
    }
}
