//! Answers in parts: a client that gives a token is told by `$/progress`, and the end is empty.

use super::Server;
use crate::protocol::lsp;
use crate::transport::client::ClientHandle;
use serde::Serialize;

/// Items in one part: some dozen kilobytes.
const PART: usize = 256;

impl Server {
    /// Tells all of an answer in parts, and leaves nothing of it; without a token, everything is left.
    pub(super) fn in_parts<T: Serialize>(
        &self,
        token: Option<&lsp::ProgressToken>,
        answer: Vec<T>,
    ) -> Vec<T> {
        let Some(token) = token else { return answer };
        answer.chunks(PART).for_each(|it| tell(&self.client, token, it));
        Vec::new()
    }
}

/// Tells one part.
pub(super) fn tell(client: &ClientHandle, token: &lsp::ProgressToken, value: impl Serialize) {
    #[derive(Serialize)]
    struct Part<'a, T> {
        token: &'a lsp::ProgressToken,
        value: T,
    }
    client.notify("$/progress", Part { token, value });
}
