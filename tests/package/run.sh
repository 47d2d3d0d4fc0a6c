#!/usr/bin/env bash
# The library's package: a new console project runs the first C# block of the repository's README. Needs nothing but the .NET SDK and the repository.
source "$(dirname "$0")/common.sh"
pack NbnsSim
depends
program "$root/README.md"
