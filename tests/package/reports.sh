#!/usr/bin/env bash
# The package of reports: a new console project runs the first C# block of its README, a network of its own, and prints the account of it.
source "$(dirname "$0")/common.sh"
pack NbnsSim NbnsSim.Reports
depends NbnsSim
program "$root/src/NbnsSim.Reports/README.md" "<clear />"
