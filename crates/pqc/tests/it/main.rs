//! Signed requests from outside: what they promise, and whether their signatures are the standard's.

#[cfg(test)]
mod requests;
#[cfg(test)]
mod standard;
