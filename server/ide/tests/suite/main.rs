//! What holds for every text, cursor and order of changes.

mod differential;
mod every_cursor;
