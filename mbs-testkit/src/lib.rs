//! Conformance suites, fault injection and the simulator of mbs.
