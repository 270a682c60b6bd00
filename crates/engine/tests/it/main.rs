//! The engine on the real embedded stores, against a naive model that shares no code with it.

mod data;
mod definitions;
mod equivalence;
mod reference;
mod segments;
mod story;
mod world;
