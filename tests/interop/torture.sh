# smbtorture, Samba's own tests of a name server.
echo "# smbtorture on loopback, unprivileged"
ip netns add "$prefix-lo"
in_host lo ip link set lo up
start lo serve-lo $tool serve --name WINSRV --workgroup LABGRP --wins --listen 127.0.0.1:13700
wait_for "$lab/serve-lo.log" 'ready: WINSRV<00>' 30 && report ok "serve says when it is ready" || report no "serve says when it is ready"
samba_conf lo TESTER "interfaces = 127.0.0.2/8" "bind interfaces only = yes" "wins server = 127.0.0.1" "nbt port = 13700" "dgram port = 13800"
chown -R 65534 "$lab/state-lo"
suite "smbtorture nbt.register, port 13700" lo "$lab/lo.conf" nobody WINSRV nbt.register 2
suite "smbtorture nbt.bench" lo "$lab/lo.conf" nobody WINSRV nbt.bench 1
suite "smbtorture nbt.bench-wins" lo "$lab/lo.conf" nobody 127.0.0.1 nbt.bench-wins 1
if stop serve-lo; then report ok "serve stops cleanly on SIGTERM"; else report no "serve stops cleanly on SIGTERM"; tail -n 5 "$lab/serve-lo.log"; fi
network_down

echo "# smbtorture on port 137"
network_up
host_up s 2
host_up t 50
record torture
start s serve-s $tool serve --name WINSRV --workgroup LABGRP --wins --listen 192.168.77.2
wait_for "$lab/serve-s.log" 'ready: WINSRV<00>' 30
samba_conf t TESTER "interfaces = eth0" "wins server = 192.168.77.2"
suite "smbtorture nbt.register" t "$lab/t.conf" root WINSRV nbt.register 2
suite "smbtorture nbt.wins.wins" t "$lab/t.conf" root WINSRV nbt.wins.wins 1
recorded torture
network_down
