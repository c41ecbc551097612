//! Server functions: what islands ask for. Public endpoints like any other: extract, one service call, map.
