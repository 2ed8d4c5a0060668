//! SpecQL for Zed: the language server is the `specql-lsp` on `PATH`, unless Zed's settings name another.

use zed_extension_api::{
    self as zed, Command, Extension, LanguageServerId, Result, Worktree, settings::LspSettings,
};

const NAME: &str = "specql-lsp";

struct SpecqlExtension;

impl Extension for SpecqlExtension {
    fn new() -> Self {
        Self
    }

    fn language_server_command(
        &mut self,
        _: &LanguageServerId,
        worktree: &Worktree,
    ) -> Result<Command> {
        let set = LspSettings::for_worktree(NAME, worktree).ok().and_then(|it| it.binary);
        let (path, arguments) = set.map(|it| (it.path, it.arguments)).unwrap_or_default();
        let command = path.or_else(|| worktree.which(NAME)).ok_or(
            "`specql-lsp` is not on PATH: install it, or set `lsp.specql-lsp.binary.path`",
        )?;
        let args = arguments.unwrap_or_else(|| vec!["serve".to_owned(), "--stdio".to_owned()]);
        Ok(Command { command, args, env: worktree.shell_env() })
    }
}

zed::register_extension!(SpecqlExtension);
