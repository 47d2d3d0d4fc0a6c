# What people ask with: nmblookup, nbtscan, nmap; an nmbd on the same wire registers with our server.
echo "# nmblookup, nbtscan, nmap"
network_up
host_up w 2
host_up h1 11
host_up t 50
record tools
start w serve-w $tool serve --name WINSRV --workgroup LABGRP --wins --listen 192.168.77.2
wait_for "$lab/serve-w.log" 'ready: WINSRV<00>' 30
samba_conf h1 ALPHA "interfaces = eth0" "wins server = 192.168.77.2"
samba_conf t TESTER "interfaces = eth0" "wins server = 192.168.77.2" "name resolve order = wins bcast"
nmbd_start h1
lookup() { in_host t timeout 40 nmblookup -s "$lab/t.conf" "$@"; }
wait_until_registered() {
    local i
    for ((i = 0; i < 60; i++)); do
        lookup -U 192.168.77.2 --recursion "$1" 2> /dev/null | grep -q '^192.168.77.11 ' && return 0
        sleep 0.5
    done
}
wait_until_registered 'ALPHA#20'

for ((i = 0; i < 40; i++)); do lookup ALPHA 2> /dev/null | grep -q '^192.168.77.11 ' && break; sleep 0.5; done # nmbd comes to its segment later
expect "nmblookup as it is: by broadcast, an nmbd answers" '^192\.168\.77\.11 ALPHA<00>' lookup ALPHA
expect "nmblookup by broadcast" '^192\.168\.77\.2 WINSRV<20>' lookup -B 192.168.77.255 'WINSRV#20'
expect "nmblookup '*': everybody answers, an nmbd" '^192\.168\.77\.11 \*<00>' lookup -B 192.168.77.255 '*'
expect "nmblookup '*': and we do" '^192\.168\.77\.2 \*<00>' lookup -B 192.168.77.255 '*'
expect "nmblookup by broadcast, nobody" 'failed to find name NOSUCHNAME' lookup -B 192.168.77.255 NOSUCHNAME
expect "nmblookup recursive" '^192\.168\.77\.11 ALPHA<00>' lookup -U 192.168.77.2 --recursion ALPHA
expect "nmblookup recursive, another suffix" '^192\.168\.77\.11 ALPHA<20>' lookup -U 192.168.77.2 --recursion 'ALPHA#20'
expect "nmblookup of a group" '^255\.255\.255\.255 LABGRP<1e>' lookup -U 192.168.77.2 --recursion 'LABGRP#1e'
expect "nmblookup of a master browser: never from a name server" 'failed to find name LABGRP#1d' lookup -U 192.168.77.2 --recursion 'LABGRP#1d'
expect "nmblookup recursive, nobody" 'failed to find name NOSUCHNAME' lookup -U 192.168.77.2 --recursion NOSUCHNAME
expect "nmblookup without recursion finds our own name" '^192\.168\.77\.2 WINSRV<00>' lookup -U 192.168.77.2 WINSRV
expect "nmblookup without recursion finds no other's" 'failed to find name ALPHA' lookup -U 192.168.77.2 ALPHA
expect "nmblookup shows the flags of an answer" 'Flags: Response Authoritative Recursion_Desired Recursion_Available' lookup -f -U 192.168.77.2 --recursion ALPHA
expect "nmblookup in another scope finds nothing" 'failed to find name ALPHA' lookup --netbios-scope=LAB.EXAMPLE -U 192.168.77.2 --recursion ALPHA
# in node status an H node calls itself M (NetBtDialect.ShowsHybridAsMixed)
expect "nmblookup -A: WINSRV<00>" 'WINSRV +<00> - +M <ACTIVE>' lookup -A 192.168.77.2
expect "nmblookup -A: the group LABGRP<1e>" 'LABGRP +<1e> - <GROUP> M <ACTIVE>' lookup -A 192.168.77.2
expect "nmblookup -A: the Ethernet address" "MAC Address = $(in_host w cat /sys/class/net/eth0/address | tr a-f: A-F-)" lookup -A 192.168.77.2
expect "nmblookup -S" 'ALPHA +<20> - +[BH] <ACTIVE>' lookup -S -U 192.168.77.2 --recursion ALPHA
expect "nbtscan" '^192\.168\.77\.2 +WINSRV +<server>' in_host t nbtscan 192.168.77.2
expect "nbtscan -v: a range" 'WINSRV +<20> +UNIQUE' in_host t nbtscan -v 192.168.77.0/28
expect "nbtscan -d: the number of names" 'Number of names: 0x05' in_host t nbtscan -d 192.168.77.2
expect "nmap --script nbstat: the computer's name" 'NetBIOS name: WINSRV' in_host t nmap -n -Pn -sU -p137 --script nbstat 192.168.77.2
expect "nmap -sV: the service" '137/udp open +netbios-ns' in_host t nmap -n -Pn -sU -sV -p137 192.168.77.2
expect "nbnssim query" '^192\.168\.77\.11 +ALPHA<20> +unique' in_host t $tool query 'alpha#20' --server 192.168.77.2
expect "nbnssim query by broadcast" '^192\.168\.77\.2 +WINSRV<00> +unique' in_host t $tool query winsrv
expect "nbnssim query '*': everybody answers, us" '^192\.168\.77\.2 ' in_host t $tool query '*'
expect "nbnssim query '*': and an nmbd" '^192\.168\.77\.11 ' in_host t $tool query '*'
expect "nbnssim status of an nmbd" '^ +ALPHA +<00> +UNIQUE +Registered' in_host t $tool status 192.168.77.11
expect "nbnssim register" '^TESTPC<00> is registered for 192\.168\.77\.50' in_host t $tool register testpc --server 192.168.77.2
expect "nbnssim register: refused a name that is held" 'refuses \(ACT_ERR: 192\.168\.77\.2 has it\)' in_host t $tool register winsrv --server 192.168.77.2
expect "nbnssim register --release" '^TESTPC<00> of 192\.168\.77\.50 is released' in_host t $tool register testpc --server 192.168.77.2 --release
recorded tools
network_down
