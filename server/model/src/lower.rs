//! Values to model: one file at a time, nothing resolved.
