//! The blog example with somebody in it.

use postgres::Client;
use serde_json::{Value, json};

use super::{Database, Outcome, example, json as query};

/// A blog with an author.
pub struct Blog {
    /// The database; it goes when this value does.
    pub database: Database,
    /// A connection to it.
    pub client: Client,
    /// The author's id.
    pub author: String,
}

impl Blog {
    /// A blog whose only user is an author.
    ///
    /// # Panics
    ///
    /// When the user cannot be registered.
    #[must_use]
    pub fn new() -> Self {
        let database = Database::of(&example("blog"));
        let mut client = database.connect();
        let input = json!({"name": "John O'Neill", "email": "john@example.com", "role": "author"});
        let author = Outcome::of(&mut client, "blog.fn_register_user", &input).success();
        let author = author.id().to_owned();
        Self { database, client, author }
    }

    /// Calls an action.
    pub fn call(&mut self, action: &str, input: &Value) -> Outcome {
        Outcome::of(&mut self.client, &format!("blog.fn_{action}"), input)
    }

    /// Creates a post and gives its outcome.
    ///
    /// # Panics
    ///
    /// When that fails.
    pub fn post(&mut self, slug: &str) -> Outcome {
        let input = json!({"title": "It's a start", "slug": slug, "authorId": self.author});
        self.call("create_post", &input).success()
    }

    /// How many rows every table has that an action writes.
    pub fn counts(&mut self) -> Value {
        query(
            &mut self.client,
            "SELECT jsonb_build_object(
                'posts', (SELECT count(*) FROM blog.tb_post),
                'read', (SELECT count(*) FROM blog.tv_post),
                'audit', (SELECT count(*) FROM app.audit_post) + (SELECT count(*) FROM app.audit_user),
                'log', (SELECT count(*) FROM app.mutation_log),
                'events', (SELECT count(*) FROM app.outbox),
                'counted', (SELECT sum(post_count) FROM blog.tb_user)
            )",
        )
    }
}

impl Default for Blog {
    fn default() -> Self {
        Self::new()
    }
}
