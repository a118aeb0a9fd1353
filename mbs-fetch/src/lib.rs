//! Sources for mbs: git, look-aside tarballs, HTTP.
