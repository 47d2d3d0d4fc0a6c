#!/usr/bin/env bash
# Our own tool as a peer: serve.sh ADDRESS NAME WORKGROUP DIALECT TYPE NAME-SERVER [OPTION]…      an empty NAME-SERVER: none
set -euo pipefail
arguments=(serve --listen "$1" --name "$2" --workgroup "$3" --dialect "$4" --vulnerable --rate 0)
[ -z "$5" ] || arguments+=(--node-type "$5")
[ -z "$6" ] || arguments+=(--name-server "$6")
shift 6
exec dotnet "$NBNSSIM_TOOL" "${arguments[@]}" "$@"
