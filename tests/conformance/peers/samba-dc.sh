#!/usr/bin/env bash
# Samba's domain controller, which has a name service of its own: build FOLDER provisions a domain that is thrown away, run FOLDER starts what of it speaks NetBIOS.
# usage: samba-dc.sh build FOLDER ADDRESS NAME WORKGROUP | run FOLDER [OPTION OF samba]…
set -euo pipefail
case $1 in
    build)
        mkdir -p "$2"
        # not quiet about mistakes, but about the hundreds of lines of progress
        samba-tool domain provision --targetdir="$2" --realm=LAB.EXAMPLE --domain="$5" --server-role=dc --adminpass="Throw.Away.$RANDOM" --host-name="$4" --host-ip="$3" \
            --option='interfaces = eth0' --option='bind interfaces only = yes' --quiet > "$2/provision.log" 2>&1 || { tail -n 20 "$2/provision.log"; exit 1; }
        sed -i -e 's/^\[global\]$/&\n\tserver services = nbt, wrepl\n\twins support = yes\n\tdisable netbios = no\n\tncalrpc dir = '"${2//\//\\/}"'\/ncalrpc\n\tpid directory = '"${2//\//\\/}"'/' \
            -e '/log file/d' -e '/logging = /d' "$2/etc/smb.conf" < /dev/null # the end of a pipe would end it
        ;;
    run)
        exec /usr/sbin/samba -F --no-process-group --debug-stdout -M single -s "$2/etc/smb.conf" "${@:3}" < /dev/null # the end of a pipe would end it
        ;;
esac
