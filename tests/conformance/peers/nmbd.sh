#!/usr/bin/env bash
# Samba's nmbd in the foreground, with all its folders below FOLDER.
# usage: nmbd.sh FOLDER NAME WORKGROUP NAME-SERVER [LINE OF smb.conf]…      an empty NAME-SERVER: none
set -euo pipefail
folder=$1/nmbd
rm -rf "$folder"
mkdir -p "$folder"/{lock,state,cache,pid,private,ncalrpc,sock}
{
    printf '[global]\n'
    printf '  %s\n' "netbios name = $2" "workgroup = $3" "interfaces = eth0" "lock directory = $folder/lock" "state directory = $folder/state" "cache directory = $folder/cache" \
        "pid directory = $folder/pid" "private dir = $folder/private" "ncalrpc dir = $folder/ncalrpc" "nmbd:socket dir = $folder/sock" "disable netbios = no" "dns proxy = no" \
        "local master = no" "domain master = no" "preferred master = no" "load printers = no" "log level = 1"
    [ -z "$4" ] || printf '  wins server = %s\n' "$4"
    shift 4
    for line in "$@"; do printf '  %s\n' "$line"; done
} > "$folder/smb.conf"
exec /usr/sbin/nmbd -F --no-process-group --debug-stdout -s "$folder/smb.conf" < /dev/null # the end of a pipe would end it
