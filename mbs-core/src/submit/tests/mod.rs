mod assembling;
mod identity;
mod including;
mod known;
mod planning;
mod support;
