# Sourced by every script: where tools and caches live, and which Rust toolchain builds the project.
# Everything that survives a clean clone is kept under one cache folder, so that a second clone is fast.

AIVALID_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
AIVALID_CACHE=${AIVALID_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/aivalid}
export AIVALID_ROOT AIVALID_CACHE

# One target folder for server, client and tests: dependencies compile once, whichever clone asks.
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$AIVALID_CACHE/target}

# The chosen toolchain is recorded by `scripts/setup rust`: rustup's own, or the distribution's.
if [ -f "$AIVALID_CACHE/toolchain" ]; then
  case "$(cat "$AIVALID_CACHE/toolchain")" in
    distro-linked) export RUSTUP_TOOLCHAIN=distro ;;
    distro) export PATH="/usr/bin:$PATH" RUSTC=/usr/bin/rustc ;;
  esac
fi

export PATH="$AIVALID_CACHE/tools/bin:$AIVALID_ROOT/node_modules/.bin:$PATH"

say() { printf '\033[1m== %s\033[0m\n' "$*"; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }
