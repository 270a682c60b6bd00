#!/usr/bin/env bash
# Starts what scripts/build.sh built, on the embedded store in ./data, and fills the project `demo` at the first start.
source "$(dirname "$0")/lib.sh"

heading 'analytics'
# In place of this shell, so that Ctrl-C and SIGTERM reach the server itself.
exec target/release/analytics serve --demo "$@"
