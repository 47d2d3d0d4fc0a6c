#!/usr/bin/env bash
# The package of conformance cases: a new console project runs the first C# block of its README, a machine of ours held against a clause.
source "$(dirname "$0")/common.sh"
pack NbnsSim NbnsSim.Reports NbnsSim.Conformance
depends NbnsSim NbnsSim.Reports
program "$root/src/NbnsSim.Conformance/README.md"
