//! One JSON line per decision, durable and rotated.
