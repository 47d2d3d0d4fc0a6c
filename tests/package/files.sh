#!/usr/bin/env bash
# The package of capture files: a new console project runs the first C# block of its README, a compressed capture.
source "$(dirname "$0")/common.sh"
pack NbnsSim NbnsSim.Files
depends NbnsSim SharpCompress ZstdSharp.Port
program "$root/src/NbnsSim.Files/README.md"
