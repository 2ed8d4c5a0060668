//! What statements and expressions mean, wherever and however far they are written.

mod forms;
mod hostile;
mod names;
mod places;
mod prefixes;
mod shown;
mod statements;
