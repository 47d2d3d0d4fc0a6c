#!/usr/bin/env bash
# The package of jobs: new console projects run the C# blocks of its README, an archive and a campaign, each in one process.
source "$(dirname "$0")/common.sh"
pack NbnsSim NbnsSim.Files NbnsSim.Reports NbnsSim.Testing NbnsSim.Jobs
depends NbnsSim.Files NbnsSim.Testing Parquet.Net SharpCompress ZstdSharp.Port
program "$root/src/NbnsSim.Jobs/README.md" "" 1
program "$root/src/NbnsSim.Jobs/README.md" "" 2
