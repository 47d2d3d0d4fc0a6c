# nmbd as a client of our name server and as our neighbour.
echo "# nmbd registers, refreshes and releases with our name server"
network_up
host_up w 2
host_up h1 11
host_up t 50
wire=$lab/nmbd.pcap
start hub capture-nmbd tcpdump -i br0 -s 0 -U -n -Z root -w "$wire" udp port 137
sleep 1
# RFC 1002's server grants the time that is asked for, so that nobody has to wait long for nmbd's refresh
start w serve-r $tool serve --name WINSRV --workgroup LABGRP --wins --listen 192.168.77.2 --dialect rfc1002
wait_for "$lab/serve-r.log" 'ready: WINSRV<00>' 30
samba_conf h1 ALPHA "interfaces = eth0" "wins server = 192.168.77.2" "max ttl = 40"
nmbd_start h1
# asked NAME PATTERN TRIES : until our server's answer for a name has the pattern
asked() {
    local i
    for ((i = 0; i < $3; i++)); do
        grep -Eq -- "$2" <<< "$(in_host t $tool query "$1" --server 192.168.77.2 2>&1)" && return 0
        sleep 0.5
    done
    return 1
}
# refreshed : whether nmbd's refresh was on the wire, and then our server's consent; until a minute is over
refreshed() {
    local i
    for ((i = 0; i < 120; i++)); do
        $tool decode "$wire" 2> /dev/null | awk '
            /192\.168\.77\.11 .* NAME REFRESH REQUEST ALPHA<20>/ { asked = 1 }
            asked && /192\.168\.77\.2 .* POSITIVE NAME REGISTRATION RESPONSE ALPHA<20>/ { consented = 1 }
            END { exit !consented }' && return 0
        sleep 0.5
    done
    return 1
}
asked 'ALPHA#20' '^192\.168\.77\.11 ' 80 && report ok "nmbd registers with our server" || report no "nmbd registers with our server"
expect "our server knows nmbd's group" '^[0-9.]+ +LABGRP<00> +group' in_host t $tool query 'labgrp#00' --server 192.168.77.2
refreshed && report ok "nmbd refreshes with our server" || report no "nmbd refreshes with our server"
stop nmbd-h1
asked 'ALPHA#20' 'NAM_ERR' 20 && report ok "nmbd's names are released when it stops" || report no "nmbd's names are released when it stops"
stop serve-r

echo "# nmbd is refused a name that our node owns"
start w serve-w $tool serve --name WINSRV --workgroup LABGRP --wins --listen 192.168.77.2
wait_for "$lab/serve-w.log" 'ready: WINSRV<00>' 30
samba_conf h2 WINSRV "interfaces = eth0" "wins server = 192.168.77.2"
host_up h2 12
nmbd_start h2
wait_for "$lab/nmbd-h2.log" 'rejected|failed to register|already|failed' 60
expect "by our name server" 'WINSRV' grep -E 'WINSRV<(00|20|03)>.*(rejected|fail|refus)|(rejected|fail|refus).*WINSRV<(00|20|03)>' "$lab/nmbd-h2.log"
expect "our name is still ours" '^192\.168\.77\.2 +WINSRV<20>' in_host t $tool query 'winsrv#20' --server 192.168.77.2
stop nmbd-h2
stop serve-w

echo "# by broadcast, both ways"
start w serve-b $tool serve --name BETA --workgroup LABGRP --listen 192.168.77.2 --dialect rfc1002
wait_for "$lab/serve-b.log" 'ready: BETA<00>' 30 && report ok "our B node registers by broadcast" || report no "our B node registers by broadcast"
samba_conf h2 BETA "interfaces = eth0"
nmbd_start h2
wait_for "$lab/nmbd-h2.log" 'rejected|failed to register|already|failed' 60
expect "nmbd is refused by our B node" 'BETA' grep -E 'BETA<(00|20|03)>.*(rejected|fail|refus)|(rejected|fail|refus).*BETA<(00|20|03)>' "$lab/nmbd-h2.log"
stop nmbd-h2
stop serve-b
samba_conf h1 GAMMA "interfaces = eth0"
nmbd_start h1
owned() {
    local i
    for ((i = 0; i < 80; i++)); do
        in_host t nmblookup -s "$lab/h1.conf" -B 192.168.77.255 'GAMMA#20' 2> /dev/null | grep -q '^192.168.77.11 ' && return 0
        sleep 0.5
    done
    return 1
}
owned || echo "  # nmbd did not register GAMMA"
start w serve-g $tool serve --name GAMMA --workgroup LABGRP --listen 192.168.77.2 --dialect rfc1002
wait_for "$lab/serve-g.log" 'ready: ' 30
expect "our node is refused by nmbd" 'Registration GAMMA<00>: Refused by 192\.168\.77\.11' cat "$lab/serve-g.log"
stop serve-g
recorded nmbd
[ -z "${CAPTURE:-}" ] || cp "$wire" "$CAPTURE/nmbd.pcap"
network_down
