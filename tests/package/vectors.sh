#!/usr/bin/env bash
# The package of test vectors: a new console project runs the first C# block of its README; the files are in the package for other languages, as they are in the repository.
source "$(dirname "$0")/common.sh"
pack NbnsSim.Vectors
depends
for file in packets.json exchanges.json nbns.pcap nbns.ksy; do
    unzip -p "$package" "contentFiles/any/any/nbns-vectors/$file" | cmp - "$root/tests/vectors/$file"
done
program "$root/src/NbnsSim.Vectors/README.md" "<clear />"
