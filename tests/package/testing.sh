#!/usr/bin/env bash
# The package for tests: a new console project runs the first C# block of its README, a network with assertions and a name server on the bench.
source "$(dirname "$0")/common.sh"
pack NbnsSim NbnsSim.Reports NbnsSim.Testing
depends NbnsSim.Reports
program "$root/src/NbnsSim.Testing/README.md" "<clear />"
