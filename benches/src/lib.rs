//! Benchmarks of mbs, each beside its peer.
