mod assembling;
mod identity;
mod including;
mod known;
mod planning;
mod submitting;
mod support;
