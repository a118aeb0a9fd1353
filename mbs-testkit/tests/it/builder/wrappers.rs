//! What the wrappers do beside passing calls on.
