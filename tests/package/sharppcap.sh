#!/usr/bin/env bash
# The package NbnsSim.SharpPcap: a new console project runs the first C# block of its README.
source "$(dirname "$0")/common.sh"
pack NbnsSim NbnsSim.SharpPcap
depends NbnsSim PacketDotNet SharpPcap
program "$root/src/NbnsSim.SharpPcap/README.md"
